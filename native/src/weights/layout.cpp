#include "weights/layout.h"

#include <algorithm>

#include "runtime/structs.h"

namespace hypergrad {

namespace {

// What Hypergrad's own arrays hold; below it a weight's place and its double fit 32 bits.
constexpr int64_t most_weights = 1 << 30;

}  // namespace

Layout::Layout(const std::shared_ptr<Context>& context, const hg_parameter* parameters, int32_t count, int32_t replica_count)
    : replicas(replica_count) {
  require(count >= 1 && count <= 1 << 20, "The program has ", count, " parameters; it needs from 1 to ", 1 << 20, ".");
  require_pointer(parameters, "parameters");
  const StructArray given(parameters, "hg_parameter");
  int64_t offset = 0;
  for (int32_t i = 0; i < count; i++) {
    const hg_parameter parameter = given[i];
    names.push_back(parameter.name != nullptr ? parameter.name : "tensor " + std::to_string(i));
    require(parameter.rows >= 1 && parameter.columns >= 1, "The parameter ", names.back(), " has ", parameter.rows, " × ",
            parameter.columns, " weights; both must be at least 1.");
    const int64_t size = static_cast<int64_t>(parameter.rows) * parameter.columns;
    require(offset + size <= most_weights, "With ", names.back(), " the network has more than ", most_weights,
            " weights; make its layers smaller.");
    tensors.push_back({static_cast<int32_t>(offset), parameter.rows, parameter.columns});
    offset += size;
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
