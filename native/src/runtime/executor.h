// Elementwise work written once: a functor is launched as a kernel on a device, or called in a loop on the host. Functors are plain structs
// of pointers and numbers, passed by value, with an operator() for both sides.
#pragma once

#include <cstdint>

#include "arithmetic/platform.h"
#include "runtime/context.h"

namespace hypergrad {

#if defined(__CUDACC__)

constexpr int threads_per_block = 256;
constexpr int cell_block_width = 32, cell_block_height = 8;

inline uint32_t blocks_for(int64_t count, int64_t per_block, int64_t most) {
  const int64_t blocks = (count + per_block - 1) / per_block;
  return static_cast<uint32_t>(blocks < most ? blocks : most);
}

// Queues a kernel on the context's stream.
template <class... Parameters>
void launch(const Context& context, void (*kernel)(Parameters...), dim3 grid, dim3 block, Parameters... arguments) {
  cudaLaunchConfig_t where{};
  where.gridDim = grid;
  where.blockDim = block;
  where.stream = context.stream();
  check_cuda(cudaLaunchKernelEx(&where, kernel, arguments...), "launching a kernel");
}

template <class Functor>
__global__ void index_kernel(int64_t count, Functor functor) {
  const int64_t stride = static_cast<int64_t>(gridDim.x) * blockDim.x;
  for (int64_t i = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x; i < count; i += stride) functor(i);
}

template <class Functor>
__global__ void cell_kernel(int32_t planes, int32_t rows, int32_t columns, Functor functor) {
  const int32_t column = static_cast<int32_t>(blockIdx.x * blockDim.x + threadIdx.x);
  if (column >= columns) return;
  for (int32_t plane = static_cast<int32_t>(blockIdx.z); plane < planes; plane += static_cast<int32_t>(gridDim.z))
    for (int64_t row = static_cast<int64_t>(blockIdx.y) * blockDim.y + threadIdx.y; row < rows;
         row += static_cast<int64_t>(gridDim.y) * blockDim.y)
      functor(plane, static_cast<int32_t>(row), column);
}

#endif

// functor(i) for every i below count, in any order.
template <class Functor>
void for_each_index(const Context& context, int64_t count, const Functor& functor) {
  if (count <= 0) return;
#if defined(__CUDACC__)
  if (context.on_device())
    return launch(context, index_kernel<Functor>, blocks_for(count, threads_per_block, 1 << 30), threads_per_block, count, functor);
#endif
  (void)context;
  for (int64_t i = 0; i < count; i++) functor(i);
}

// functor(plane, row, column) for every cell of `planes` matrices of rows × columns, in any order; neighbours in a row run side by side.
template <class Functor>
void for_each_cell(const Context& context, int32_t planes, int32_t rows, int32_t columns, const Functor& functor) {
  if (planes <= 0 || rows <= 0 || columns <= 0) return;
#if defined(__CUDACC__)
  if (context.on_device()) {
    const dim3 block(cell_block_width, cell_block_height);
    const dim3 grid(blocks_for(columns, cell_block_width, 1 << 30), blocks_for(rows, cell_block_height, 65535),
                    blocks_for(planes, 1, 65535));
    return launch(context, cell_kernel<Functor>, grid, block, planes, rows, columns, functor);
  }
#endif
  (void)context;
  for (int32_t plane = 0; plane < planes; plane++)
    for (int32_t row = 0; row < rows; row++)
      for (int32_t column = 0; column < columns; column++) functor(plane, row, column);
}

}  // namespace hypergrad
