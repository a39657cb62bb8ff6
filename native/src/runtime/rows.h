// Rows that are worked on as wholes, such as a softmax: a row is a warp's on a device, and one thread's on the host. A functor has
//   template <class Lanes> void operator()(const Lanes& lanes, int64_t row) const
// and takes the columns lanes.first(), lanes.first() + lanes.count(), …; what all lanes need is joined by the lanes. Sums are taken lane by
// lane, then over distances of 16, 8, 4, 2 and 1: one order, the same in every lane, as a + b is b + a. On the host it is the plain order.
#pragma once

#include "runtime/executor.h"

namespace hypergrad {

// The host's only lane.
struct OneLane {
  HG_BOTH static constexpr int32_t first() { return 0; }
  HG_BOTH static constexpr int32_t count() { return 1; }
  template <class V>
  HG_BOTH V sum(V value) const {
    return value;
  }
  template <class V>
  HG_BOTH V largest(V value) const {
    return value;
  }
  template <class V>
  HG_BOTH int32_t place_of_largest(V, int32_t place) const {
    return place;
  }
};

#if defined(__CUDACC__)

constexpr int lanes_per_warp = 32, rows_per_block = threads_per_block / lanes_per_warp;

// A lane of a warp, all of whose lanes are here. Called on a device alone: elsewhere it is compiled and has no meaning.
struct WarpLane {
  int32_t lane;

  HG_BOTH int32_t first() const { return lane; }
  HG_BOTH static constexpr int32_t count() { return lanes_per_warp; }
  template <class V>
  HG_BOTH V sum(V value) const {
    for (int32_t distance = lanes_per_warp / 2; distance > 0; distance /= 2) value += across(value, distance);
    return value;
  }
  template <class V>
  HG_BOTH V largest(V value) const {
    for (int32_t distance = lanes_per_warp / 2; distance > 0; distance /= 2) {
      const V other = across(value, distance);
      value = other > value ? other : value;
    }
    return value;
  }
  // Where the largest of all is; the first place among equals.
  template <class V>
  HG_BOTH int32_t place_of_largest(V value, int32_t place) const {
    for (int32_t distance = lanes_per_warp / 2; distance > 0; distance /= 2) {
      const V other = across(value, distance);
      const int32_t other_place = across(place, distance);
      if (other > value || (other == value && other_place < place)) {
        value = other;
        place = other_place;
      }
    }
    return place;
  }

 private:
  // The value of the lane at a distance.
  template <class V>
  HG_BOTH static V across(V value, int32_t distance) {
#if defined(__CUDA_ARCH__) || defined(HYPERGRAD_SIMULATED_CUDA)
    return __shfl_xor_sync(0xFFFFFFFFu, value, distance);
#else
    (void)distance;
    return value;
#endif
  }
};

template <class Functor>
__global__ void row_kernel(int64_t rows, Functor functor) {
  const WarpLane lane{static_cast<int32_t>(threadIdx.x % lanes_per_warp)};
  const int64_t stride = static_cast<int64_t>(gridDim.x) * rows_per_block;
  for (int64_t row = static_cast<int64_t>(blockIdx.x) * rows_per_block + threadIdx.x / lanes_per_warp; row < rows; row += stride)
    functor(lane, row);
}

#endif

// functor(lanes, row) for every row, in any order.
template <class Functor>
void for_each_row(const Context& context, int64_t rows, const Functor& functor) {
  if (rows <= 0) return;
#if defined(__CUDACC__)
  if (context.on_device())
    return launch(context, row_kernel<Functor>, blocks_for(rows, rows_per_block, 1 << 30), threads_per_block, rows, functor);
#endif
  (void)context;
  for (int64_t row = 0; row < rows; row++) functor(OneLane{}, row);
}

}  // namespace hypergrad
