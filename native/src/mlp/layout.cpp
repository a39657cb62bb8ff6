#include "mlp/layout.h"

#include <algorithm>

namespace hypergrad {

namespace {

// What Hypergrad's own arrays hold; below it a weight's place and its double fit 32 bits.
constexpr int64_t most_weights = 1 << 30;

}  // namespace

Layout::Layout(const std::shared_ptr<Context>& context, const int32_t* sizes, int32_t layer_count, int32_t replica_count)
    : layers(sizes, sizes + layer_count), replicas(replica_count) {
  int64_t offset = 0;
  for (int32_t layer = 0; layer + 1 < layer_count; layer++) {
    const int64_t rows = layers[static_cast<size_t>(layer)], columns = layers[static_cast<size_t>(layer) + 1];
    require(offset + rows * columns + columns <= most_weights, "The network has more than ", most_weights,
            " weights; make its layers smaller.");
    tensors.push_back({static_cast<int32_t>(offset), static_cast<int32_t>(rows), static_cast<int32_t>(columns)});
    tensors.push_back({static_cast<int32_t>(offset + rows * columns), 1, static_cast<int32_t>(columns)});
    offset += rows * columns + columns;
  }
  weight_count = static_cast<int32_t>(offset);
  stride = (offset + 31) / 32 * 32;
  for (int32_t t = 0; t < static_cast<int32_t>(tensors.size()); t++) {
    const Tensor& tensor = tensors[static_cast<size_t>(t)];
    for (int32_t within = 0; within < tensor.count(); within += tile_size)
      tiles.push_back({t, tensor.offset + within, std::min(tile_size, tensor.count() - within), within});
  }
  device_tiles = Array<WeightTile>(context, tiles);
}

}  // namespace hypergrad
