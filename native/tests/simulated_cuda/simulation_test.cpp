// The simulated device sees what it is there to see.
#include "simulation.h"

#include <cublas_v2.h>
#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace simulated_cuda::testing {
namespace {

__global__ void sum_with_barriers(double* source, double* target) {
  __shared__ double sums[threads];
  const int thread = static_cast<int>(threadIdx.x);
  sums[thread] = source[blockIdx.x * threads + threadIdx.x];
  __syncthreads();
  for (int half = threads / 2; half > 0; half /= 2) {
    if (thread < half) sums[thread] += sums[thread + half];
    __syncthreads();
  }
  if (thread == 0) target[blockIdx.x] = sums[0];
  __syncthreads();
}

__global__ void last_thread_wins(int* target) { *target = static_cast<int>(threadIdx.x); }

__global__ void barrier_for_some(int*) {
  if (threadIdx.x < 3) __syncthreads();
}

// Each warp's sum, in every lane of it; the second warp of a block does it twice.
__global__ void sum_of_warp(double* numbers) {
  double& number = numbers[blockIdx.x * threads + threadIdx.x];
  for (uint32_t turn = 0; turn <= threadIdx.x / 32; turn++)
    for (int distance = 16; distance > 0; distance /= 2) number += __shfl_xor_sync(0xFFFFFFFFu, number, distance);
}

__global__ void exchange_of_some(double* numbers) {
  if (threadIdx.x != 5) *numbers = __shfl_xor_sync(0xFFFFFFFFu, 1.0, 1);
}

TEST_F(Simulation, RunsKernelsWhenTheyAreWaitedFor) {
  ASSERT_EQ(launch(stream, 2, fill, numbers, 100, 5.0), cudaSuccess);
  const int64_t before = simulated_cuda_kernels_run();
  const std::vector<double> values = read();
  EXPECT_EQ(simulated_cuda_kernels_run(), before + 1);
  for (size_t i = 0; i < 100; i++) EXPECT_EQ(values[i], 5.0 + static_cast<double>(i));
  EXPECT_NE(values[100], values[100]) << "fresh memory holds no number";
}

TEST_F(Simulation, GoesFromBarrierToBarrier) {
  ASSERT_EQ(launch(stream, 2, fill, numbers, 128, 0.0), cudaSuccess);
  double* sums = nullptr;
  ASSERT_EQ(cudaMalloc(reinterpret_cast<void**>(&sums), 2 * sizeof(double)), cudaSuccess);
  ASSERT_EQ(launch(stream, 2, sum_with_barriers, numbers, sums), cudaSuccess);
  ASSERT_EQ(cudaMemcpyAsync(numbers, sums, 2 * sizeof(double), cudaMemcpyDeviceToDevice, stream), cudaSuccess);
  const std::vector<double> values = read();
  EXPECT_EQ(values[0], 63.0 * 64 / 2);
  EXPECT_EQ(values[1], 63.0 * 64 / 2 + 64.0 * 64);
  ASSERT_EQ(cudaFree(sums), cudaSuccess);
}

TEST_F(Simulation, ExchangesWithinWarps) {
  for (int launches = 0; launches < 5; launches++) {
    ASSERT_EQ(launch(stream, 2, fill, numbers, 128, 0.0), cudaSuccess);
    ASSERT_EQ(launch(stream, 2, sum_of_warp, numbers), cudaSuccess);
    const std::vector<double> values = read();
    for (size_t i = 0; i < count; i++) {
      const double first = static_cast<double>(i / 32 * 32), sum = 32 * first + 31.0 * 32 / 2;
      ASSERT_EQ(values[i], i / 32 % 2 == 0 ? sum : 32 * sum) << i;
    }
  }
}

TEST_F(Simulation, TakesThreadsInChangingOrder) {
  std::set<int> winners;
  for (int i = 0; i < 20; i++) {
    ASSERT_EQ(launch(stream, 1, last_thread_wins, reinterpret_cast<int*>(numbers)), cudaSuccess);
    const std::vector<double> values = read();
    int winner = 0;
    std::memcpy(&winner, values.data(), sizeof winner);
    winners.insert(winner);
  }
  EXPECT_GT(winners.size(), 5u);
}

TEST_F(Simulation, ReplaysGraphs) {
  cudaGraph_t graph = nullptr;
  cudaGraphExec_t executable = nullptr;
  ASSERT_EQ(launch(stream, 2, fill, numbers, 100, 1.0), cudaSuccess);
  ASSERT_EQ(cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal), cudaSuccess);
  ASSERT_EQ(launch(stream, 2, fill, numbers, 100, 7.0), cudaSuccess);
  EXPECT_EQ(cudaStreamSynchronize(stream), cudaErrorStreamCaptureUnsupported);
  void* more = nullptr;
  EXPECT_EQ(cudaMalloc(&more, 8), cudaErrorStreamCaptureUnsupported);
  ASSERT_EQ(cudaStreamEndCapture(stream, &graph), cudaSuccess);
  ASSERT_EQ(instantiate(graph, &executable), cudaSuccess);
  EXPECT_EQ(read()[0], 1.0) << "captured work is not done";
  ASSERT_EQ(cudaGraphLaunch(executable, stream), cudaSuccess);
  EXPECT_EQ(read()[0], 7.0);
  EXPECT_EQ(cudaGraphDestroy(graph), cudaSuccess);
  EXPECT_EQ(cudaGraphExecDestroy(executable), cudaSuccess);
}

TEST_F(Simulation, RefusesWorkOfAnotherContext) {
  cudaSetDevice(1);
  EXPECT_EQ(launch(stream, 2, fill, numbers, 100, 7.0), cudaErrorInvalidResourceHandle);
  EXPECT_EQ(cudaStreamSynchronize(stream), cudaErrorInvalidResourceHandle);
  EXPECT_EQ(cudaGetLastError(), cudaErrorInvalidResourceHandle);
  EXPECT_EQ(cudaGetLastError(), cudaSuccess);
  cudaSetDevice(0);
}

TEST_F(Simulation, RunsOutOfMemory) {
  void* more = nullptr;
  EXPECT_EQ(cudaMalloc(&more, static_cast<size_t>(2) << 30), cudaErrorMemoryAllocation);
  simulated_cuda_fail_allocation(1);
  EXPECT_EQ(cudaMalloc(&more, 8), cudaSuccess);
  EXPECT_EQ(cudaFree(more), cudaSuccess);
  EXPECT_EQ(cudaMalloc(&more, 8), cudaErrorMemoryAllocation);
  EXPECT_EQ(cudaMalloc(&more, 8), cudaSuccess);
  EXPECT_EQ(cudaFree(more), cudaSuccess);
}

TEST_F(Simulation, ProductsOfTf32AreRounded) {
  cublasHandle_t blas = nullptr;
  void* workspace = nullptr;
  float *a = reinterpret_cast<float*>(numbers), result = 0;
  const float one = 1, zero = 0, value = 1 + 0x1p-12f;
  ASSERT_EQ(cudaMalloc(&workspace, 1024), cudaSuccess);
  ASSERT_EQ(cublasCreate(&blas), CUBLAS_STATUS_SUCCESS);
  ASSERT_EQ(cublasSetStream(blas, stream), CUBLAS_STATUS_SUCCESS);
  ASSERT_EQ(cublasSetWorkspace(blas, workspace, 1024), CUBLAS_STATUS_SUCCESS);
  for (const cublasMath_t mode : {CUBLAS_DEFAULT_MATH, CUBLAS_TF32_TENSOR_OP_MATH}) {
    ASSERT_EQ(cublasSetMathMode(blas, mode), CUBLAS_STATUS_SUCCESS);
    ASSERT_EQ(cudaMemcpyAsync(a, &value, sizeof value, cudaMemcpyHostToDevice, stream), cudaSuccess);
    ASSERT_EQ(cudaMemcpyAsync(a + 1, &one, sizeof one, cudaMemcpyHostToDevice, stream), cudaSuccess);
    ASSERT_EQ(cublasSgemmStridedBatched(blas, CUBLAS_OP_N, CUBLAS_OP_T, 1, 1, 1, &one, a, 1, 1, a + 1, 1, 1, &zero, a + 2, 1, 1, 1),
              CUBLAS_STATUS_SUCCESS);
    ASSERT_EQ(cudaMemcpyAsync(&result, a + 2, sizeof result, cudaMemcpyDeviceToHost, stream), cudaSuccess);
    ASSERT_EQ(cudaStreamSynchronize(stream), cudaSuccess);
    EXPECT_EQ(result, mode == CUBLAS_DEFAULT_MATH ? value : 1.0f);
  }
  EXPECT_EQ(cublasSgemmStridedBatched(blas, CUBLAS_OP_N, CUBLAS_OP_N, 2, 1, 1, &one, a, 1, 1, a, 1, 1, &zero, a, 2, 1, 1),
            CUBLAS_STATUS_INVALID_VALUE);
  EXPECT_EQ(cublasDestroy(blas), CUBLAS_STATUS_SUCCESS);
  EXPECT_EQ(cudaFree(workspace), cudaSuccess);
}

using SimulationDeathTest = Simulation;

TEST_F(SimulationDeathTest, TheHostTouchesDeviceMemory) { EXPECT_DEATH(numbers[0] = 1, ""); }

TEST_F(SimulationDeathTest, AKernelIsGivenMemoryOfTheHost) {
  std::vector<double> own(100);
  EXPECT_DEATH(launch(stream, 2, fill, own.data(), 100, 1.0), "points at memory of the host");
}

TEST_F(SimulationDeathTest, AKernelIsGivenMemoryThatWasFreed) {
  double* freed = nullptr;
  ASSERT_EQ(cudaMalloc(reinterpret_cast<void**>(&freed), 800), cudaSuccess);
  ASSERT_EQ(cudaFree(freed), cudaSuccess);
  EXPECT_DEATH(launch(stream, 2, fill, freed, 100, 1.0), "points at memory that was freed");
}

TEST_F(SimulationDeathTest, AKernelIsGivenAnotherDevicesMemory) {
  double* other = nullptr;
  cudaSetDevice(1);
  ASSERT_EQ(cudaMalloc(reinterpret_cast<void**>(&other), 800), cudaSuccess);
  cudaSetDevice(0);
  EXPECT_DEATH(launch(stream, 2, fill, other, 100, 1.0), "another device's memory");
  ASSERT_EQ(cudaFree(other), cudaSuccess);
}

TEST_F(SimulationDeathTest, AKernelWritesBehindItsArray) {
  double* few = nullptr;
  ASSERT_EQ(cudaMalloc(reinterpret_cast<void**>(&few), 90 * sizeof(double)), cudaSuccess);
  EXPECT_DEATH(
      {
        launch(stream, 2, fill, few, 91, 1.0);
        cudaFree(few);
      },
      "written behind its numbers, at byte 720");
  EXPECT_DEATH(
      {
        launch(stream, 3, fill, few, 190, 1.0);
        cudaStreamSynchronize(stream);
      },
      "");
  ASSERT_EQ(cudaFree(few), cudaSuccess);
}

TEST_F(SimulationDeathTest, SomeThreadsMissABarrier) {
  EXPECT_DEATH(
      {
        launch(stream, 1, barrier_for_some, reinterpret_cast<int*>(numbers));
        cudaStreamSynchronize(stream);
      },
      "wait at a barrier");
}

TEST_F(SimulationDeathTest, SomeLanesMissAnExchange) {
  EXPECT_DEATH(
      {
        launch(stream, 1, exchange_of_some, numbers);
        cudaStreamSynchronize(stream);
      },
      "others that are not there");
}

TEST_F(SimulationDeathTest, AKernelIsLoadedDuringACapture) {
  ASSERT_EQ(cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal), cudaSuccess);
  EXPECT_DEATH(launch(stream, 1, barrier_for_some, reinterpret_cast<int*>(numbers)), "for the first time while a stream is captured");
  cudaGraph_t graph = nullptr;
  ASSERT_EQ(cudaStreamEndCapture(stream, &graph), cudaSuccess);
  ASSERT_EQ(cudaGraphDestroy(graph), cudaSuccess);
}

TEST_F(SimulationDeathTest, CopiesLeaveTheirArrays) {
  std::vector<double> own(count + 1);
  EXPECT_DEATH(cudaMemcpyAsync(own.data(), numbers, bytes + 8, cudaMemcpyDeviceToHost, stream), "reads byte 0 of an array");
  EXPECT_DEATH(cudaMemcpyAsync(numbers, own.data(), bytes + 8, cudaMemcpyHostToDevice, stream), "writes byte 0 of an array");
  EXPECT_DEATH(cudaMemcpyAsync(own.data(), own.data(), 8, cudaMemcpyDeviceToHost, stream), "reads memory of the host");
  EXPECT_DEATH(cudaMemsetAsync(own.data(), 0, 8, stream), "clearing 8 bytes writes memory of the host");
}

TEST_F(SimulationDeathTest, CublasHasAWorkspaceOfItsOwn) {
  cublasHandle_t blas = nullptr;
  const double one = 1;
  ASSERT_EQ(cublasCreate(&blas), CUBLAS_STATUS_SUCCESS);
  ASSERT_EQ(cublasSetStream(blas, stream), CUBLAS_STATUS_SUCCESS);
  EXPECT_DEATH(
      cublasDgemmStridedBatched(blas, CUBLAS_OP_N, CUBLAS_OP_N, 1, 1, 1, &one, numbers, 1, 1, numbers, 1, 1, &one, numbers, 1, 1, 1),
      "with cuBLAS's own workspace");
  ASSERT_EQ(cublasSetWorkspace(blas, numbers, bytes), CUBLAS_STATUS_SUCCESS);
  EXPECT_DEATH(
      cublasDgemmStridedBatched(blas, CUBLAS_OP_N, CUBLAS_OP_N, 16, 9, 1, &one, numbers, 16, 1, numbers, 1, 1, &one, numbers, 16, 1, 1),
      "matrix C of a product, 16 x 9");
  EXPECT_EQ(cublasDestroy(blas), CUBLAS_STATUS_SUCCESS);
}

TEST_F(SimulationDeathTest, TwoStreamsShareAWorkspace) {
  cublasHandle_t blas = nullptr;
  cudaStream_t other = nullptr;
  void* workspace = nullptr;
  const double one = 1;
  ASSERT_EQ(cudaStreamCreateWithFlags(&other, cudaStreamNonBlocking), cudaSuccess);
  ASSERT_EQ(cudaMalloc(&workspace, 1024), cudaSuccess);
  ASSERT_EQ(cublasCreate(&blas), CUBLAS_STATUS_SUCCESS);
  const auto multiply_on = [&](cudaStream_t where) {
    cublasSetStream(blas, where);
    cublasSetWorkspace(blas, workspace, 1024);
    return cublasDgemmStridedBatched(blas, CUBLAS_OP_N, CUBLAS_OP_N, 1, 1, 1, &one, numbers, 1, 1, numbers + 1, 1, 1, &one, numbers + 2, 1,
                                     1, 1);
  };
  EXPECT_EQ(multiply_on(stream), CUBLAS_STATUS_SUCCESS);
  EXPECT_DEATH(multiply_on(other), "share a workspace");
  EXPECT_EQ(cublasDestroy(blas), CUBLAS_STATUS_SUCCESS);
  EXPECT_EQ(cudaFree(workspace), cudaSuccess);
  EXPECT_EQ(cudaStreamDestroy(other), cudaSuccess);
}

}  // namespace
}  // namespace simulated_cuda::testing
