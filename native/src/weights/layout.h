// Where the weights of a network lie: its parameters one after the other, cut into tiles within one tensor each, and the loop over all
// weights.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "hypergrad/program.h"
#include "runtime/array.h"
#include "runtime/executor.h"

namespace hypergrad {

struct Tensor {
  int32_t offset, rows, columns;

  int32_t count() const { return rows * columns; }
};

struct WeightTile {
  int32_t tensor, start, count, within;
};

// Weights of one replica that follow each other within one tensor.
struct WeightRange {
  int32_t replica, tensor, within, count;
  int64_t at;  // of the first one in the vectors
};

class Layout {
 public:
  // Four weights a thread: enough tiles to fill a device, and few enough to be told apart cheaply.
  static constexpr int32_t tile_size = 1024;

  Layout() = default;
  Layout(const std::shared_ptr<Context>& context, const hg_parameter* parameters, int32_t count, int32_t replica_count);

  int64_t size() const { return stride * replicas; }
  // The same without the padding at the end, which an adopted vector does not have.
  int64_t extent() const { return stride * (replicas - 1) + weight_count; }

  std::vector<Tensor> tensors;
  std::vector<std::string> names;  // for messages
  std::vector<WeightTile> tiles;
  Array<WeightTile> device_tiles;
  int32_t weight_count = 0;
  int32_t replicas = 0;
  int64_t stride = 0;  // from one replica's weights to the next one's
};

#if defined(__CUDACC__)

template <class Functor>
__global__ void weight_kernel(const WeightTile* tiles, int32_t replicas, Functor functor) {
  const WeightTile tile = tiles[blockIdx.x];
  for (int32_t replica = static_cast<int32_t>(blockIdx.y); replica < replicas; replica += static_cast<int32_t>(gridDim.y))
    for (int32_t i = static_cast<int32_t>(threadIdx.x); i < tile.count; i += static_cast<int32_t>(blockDim.x))
      functor(replica, tile.tensor, tile.within + i, tile.start + i);
}

template <class Functor>
__global__ void weight_range_kernel(const WeightTile* tiles, int32_t replicas, int64_t stride, Functor functor) {
  const WeightTile tile = tiles[blockIdx.x];
  for (int32_t replica = static_cast<int32_t>(blockIdx.y); replica < replicas; replica += static_cast<int32_t>(gridDim.y))
    for (int32_t i = static_cast<int32_t>(threadIdx.x); i < tile.count; i += static_cast<int32_t>(blockDim.x))
      functor(WeightRange{replica, tile.tensor, tile.within + i, 1, replica * stride + tile.start + i});
}

// A block of threads for each tile and for each of the first replicas.
inline dim3 weight_grid(const Layout& layout) {
  return dim3(static_cast<uint32_t>(layout.tiles.size()), blocks_for(layout.replicas, 1, 65535));
}

#endif

// functor(replica, tensor, place in the tensor, weight) for every weight of every replica, in any order.
template <class Functor>
void for_each_weight(const Context& context, const Layout& layout, const Functor& functor) {
#if defined(__CUDACC__)
  if (context.on_device())
    return launch(context, weight_kernel<Functor>, weight_grid(layout), dim3(threads_per_block), layout.device_tiles.data(),
                  layout.replicas, functor);
#endif
  (void)context;
  for (int32_t replica = 0; replica < layout.replicas; replica++)
    for (const WeightTile& tile : layout.tiles)
      for (int32_t i = 0; i < tile.count; i++) functor(replica, tile.tensor, tile.within + i, tile.start + i);
}

// functor(range) for ranges that hold every weight of every replica once: single weights on a device, one a thread; whole tiles on the
// host, so that what all weights of a tile share is looked up once, and the arrays of a tile stay in the cache from update to update.
template <class Functor>
void for_each_range(const Context& context, const Layout& layout, const Functor& functor) {
#if defined(__CUDACC__)
  if (context.on_device())
    return launch(context, weight_range_kernel<Functor>, weight_grid(layout), dim3(threads_per_block), layout.device_tiles.data(),
                  layout.replicas, layout.stride, functor);
#endif
  (void)context;
  for (int32_t replica = 0; replica < layout.replicas; replica++)
    for (const WeightTile& tile : layout.tiles)
      functor(WeightRange{replica, tile.tensor, tile.within, tile.count, replica * layout.stride + tile.start});
}

}  // namespace hypergrad
