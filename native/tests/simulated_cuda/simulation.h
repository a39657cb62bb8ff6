// What the tests of the simulated device have in common: a stream, an array, and a kernel that fills it.
#pragma once

#include <cuda_runtime.h>
#include <gtest/gtest.h>

#include <vector>

#include "simulated_cuda.h"

namespace simulated_cuda::testing {

constexpr int threads = 64;

__global__ inline void fill(double* target, int count, double value) {
  const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  if (i < count) target[i] = value + i;
}

template <class... Parameters>
cudaError_t launch(cudaStream_t stream, uint32_t blocks, void (*kernel)(Parameters...), Parameters... arguments) {
  cudaLaunchConfig_t where{};
  where.gridDim = blocks;
  where.blockDim = threads;
  where.stream = stream;
  return cudaLaunchKernelEx(&where, kernel, arguments...);
}

inline cudaError_t instantiate(cudaGraph_t graph, cudaGraphExec_t* executable) {
#if CUDART_VERSION >= 12000
  return cudaGraphInstantiate(executable, graph, 0);
#else
  return cudaGraphInstantiate(executable, graph, nullptr, nullptr, 0);
#endif
}

class Simulation : public ::testing::Test {
 protected:
  Simulation() {
    cudaSetDevice(0);
    cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking);
    cudaMalloc(reinterpret_cast<void**>(&numbers), bytes);
  }

  ~Simulation() override {
    cudaFree(numbers);
    cudaStreamDestroy(stream);
  }

  std::vector<double> read() {
    std::vector<double> values(count);
    EXPECT_EQ(cudaMemcpyAsync(values.data(), numbers, bytes, cudaMemcpyDeviceToHost, stream), cudaSuccess);
    EXPECT_EQ(cudaStreamSynchronize(stream), cudaSuccess);
    return values;
  }

  static constexpr size_t count = 2 * threads, bytes = count * sizeof(double);
  cudaStream_t stream = nullptr;
  double* numbers = nullptr;
};

}  // namespace simulated_cuda::testing
