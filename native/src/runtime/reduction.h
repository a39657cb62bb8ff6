// Sums in a fixed order. Each piece of a sum has a block of its own, whose threads add every 256th term and then meet in a tree: the order
// depends on the number of terms alone. There are no atomics: those would add in the order in which threads happen to arrive.
//
// A functor tells the terms of a piece and takes the sum:
//   using Sum = double or uint64_t;
//   int64_t count(int64_t piece) const;
//   Sum term(int64_t piece, int64_t i) const;
//   void store(int64_t piece, Sum sum) const;
#pragma once

#include "runtime/rows.h"

namespace hypergrad {

#if defined(__CUDACC__)

template <class Functor>
__global__ void reduction_kernel(int64_t pieces, Functor functor) {
  __shared__ typename Functor::Sum sums[threads_per_block];
  const int thread = static_cast<int>(threadIdx.x);
  for (int64_t piece = blockIdx.x; piece < pieces; piece += gridDim.x) {
    typename Functor::Sum sum = 0;
    const int64_t count = functor.count(piece);
    for (int64_t i = thread; i < count; i += threads_per_block) sum += functor.term(piece, i);
    sums[thread] = sum;
    __syncthreads();
    for (int half = threads_per_block / 2; half > 0; half /= 2) {
      if (thread < half) sums[thread] += sums[thread + half];
      __syncthreads();
    }
    if (thread == 0) functor.store(piece, sums[0]);
    __syncthreads();
  }
}

#endif

// The sum of every piece, a block each.
template <class Functor>
void reduce(const Context& context, int64_t pieces, const Functor& functor) {
  if (pieces <= 0) return;
#if defined(__CUDACC__)
  if (context.on_device())
    return launch(context, reduction_kernel<Functor>, blocks_for(pieces, 1, 1 << 30), threads_per_block, pieces, functor);
#endif
  (void)context;
  for (int64_t piece = 0; piece < pieces; piece++) {
    typename Functor::Sum sum = 0;
    const int64_t count = functor.count(piece);
    for (int64_t i = 0; i < count; i++) sum += functor.term(piece, i);
    functor.store(piece, sum);
  }
}

// The same for many pieces of some dozens of terms, a warp each.
template <class Functor>
struct WarpReduction {
  Functor functor;

  template <class Lanes>
  HG_BOTH void operator()(const Lanes& lanes, int64_t piece) const {
    typename Functor::Sum sum = 0;
    const int64_t count = functor.count(piece);
    for (int64_t i = lanes.first(); i < count; i += lanes.count()) sum += functor.term(piece, i);
    sum = lanes.sum(sum);
    if (lanes.first() == 0) functor.store(piece, sum);
  }
};

template <class Functor>
void reduce_by_warps(const Context& context, int64_t pieces, const Functor& functor) {
  for_each_row(context, pieces, WarpReduction<Functor>{functor});
}

// The same for many pieces of a few terms, a thread each: the sums are taken by whoever runs functor(piece).
template <class Functor>
struct SerialReduction {
  Functor functor;

  HG_BOTH void operator()(int64_t piece) const {
    typename Functor::Sum sum = 0;
    const int64_t count = functor.count(piece);
    for (int64_t i = 0; i < count; i++) sum += functor.term(piece, i);
    functor.store(piece, sum);
  }
};

template <class Functor>
void reduce_short(const Context& context, int64_t pieces, const Functor& functor) {
  for_each_index(context, pieces, SerialReduction<Functor>{functor});
}

}  // namespace hypergrad
