// Streams, events and forked captures of the simulated device.
#include <set>

#include "simulation.h"

namespace simulated_cuda::testing {
namespace {

// A second stream, and an event.
class SimulationOfStreams : public Simulation {
 protected:
  SimulationOfStreams() {
    cudaStreamCreateWithFlags(&other, cudaStreamNonBlocking);
    cudaEventCreateWithFlags(&event, cudaEventDisableTiming);
  }

  ~SimulationOfStreams() override {
    cudaEventDestroy(event);
    cudaStreamDestroy(other);
  }

  // What comes next on one stream waits for what is on the other now.
  void wait(cudaStream_t waiting, cudaStream_t awaited) {
    ASSERT_EQ(cudaEventRecord(event, awaited), cudaSuccess);
    ASSERT_EQ(cudaStreamWaitEvent(waiting, event, 0), cudaSuccess);
  }

  // The same numbers filled by both streams, and whose are left in the end.
  double fill_by_both(bool waits, bool joins) {
    EXPECT_EQ(launch(stream, 2, fill, numbers, 100, 1.0), cudaSuccess);
    if (waits) wait(other, stream);
    EXPECT_EQ(launch(other, 2, fill, numbers, 100, 2.0), cudaSuccess);
    if (joins) wait(stream, other);
    return read()[0];
  }

  cudaStream_t other = nullptr;
  cudaEvent_t event = nullptr;
};

TEST_F(SimulationOfStreams, WaitForEvents) {
  for (int i = 0; i < 12; i++) {
    EXPECT_EQ(fill_by_both(true, true), 2.0);
    EXPECT_EQ(cudaStreamSynchronize(other), cudaSuccess);
  }
}

TEST_F(SimulationOfStreams, TakeTurnsInChangingOrder) {
  std::set<double> left;
  for (int i = 0; i < 12; i++) {
    left.insert(fill_by_both(false, true));
    EXPECT_EQ(cudaStreamSynchronize(other), cudaSuccess);
  }
  EXPECT_EQ(left, (std::set<double>{1.0, 2.0}));
}

TEST_F(SimulationOfStreams, AreParallelInAGraph) {
  ASSERT_EQ(launch(stream, 2, fill, numbers, 100, 0.0), cudaSuccess);
  for (const bool is_ordered : {true, false}) {
    ASSERT_EQ(cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal), cudaSuccess);
    ASSERT_EQ(launch(stream, 2, fill, numbers, 100, 1.0), cudaSuccess);
    wait(other, stream);
    ASSERT_EQ(launch(other, 2, fill, numbers, 100, 2.0), cudaSuccess);
    if (is_ordered) wait(stream, other);
    ASSERT_EQ(launch(stream, 2, fill, numbers, 100, 3.0), cudaSuccess);
    if (!is_ordered) wait(stream, other);
    cudaGraph_t graph = nullptr;
    cudaGraphExec_t executable = nullptr;
    ASSERT_EQ(cudaStreamEndCapture(stream, &graph), cudaSuccess);
    ASSERT_EQ(instantiate(graph, &executable), cudaSuccess);
    EXPECT_EQ(simulated_cuda_graph_operations(), 3);
    EXPECT_EQ(simulated_cuda_graph_depth(), is_ordered ? 3 : 2);
    std::set<double> left;
    for (int i = 0; i < 12; i++) {
      ASSERT_EQ(cudaGraphLaunch(executable, stream), cudaSuccess);
      left.insert(read()[0]);
    }
    EXPECT_EQ(left, is_ordered ? std::set<double>{3.0} : (std::set<double>{2.0, 3.0}));
    EXPECT_EQ(cudaGraphDestroy(graph), cudaSuccess);
    EXPECT_EQ(cudaGraphExecDestroy(executable), cudaSuccess);
  }
}

TEST_F(SimulationOfStreams, MustBeJoinedInACapture) {
  cudaGraph_t graph = nullptr;
  ASSERT_EQ(launch(stream, 2, fill, numbers, 100, 0.0), cudaSuccess);
  ASSERT_EQ(cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal), cudaSuccess);
  wait(other, stream);
  ASSERT_EQ(launch(other, 2, fill, numbers, 100, 2.0), cudaSuccess);
  EXPECT_EQ(cudaStreamEndCapture(other, &graph), cudaErrorIllegalState) << "it began with the other one";
  EXPECT_EQ(cudaStreamEndCapture(stream, &graph), cudaErrorStreamCaptureUnjoined);
  EXPECT_EQ(graph, nullptr);
  EXPECT_EQ(cudaStreamWaitEvent(other, event, 0), cudaErrorStreamCaptureIsolation) << "the capture is over";
  ASSERT_EQ(cudaEventRecord(event, other), cudaSuccess);
  ASSERT_EQ(cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal), cudaSuccess);
  EXPECT_EQ(cudaStreamWaitEvent(stream, event, 0), cudaErrorStreamCaptureIsolation) << "of a place that is in no capture";
  ASSERT_EQ(cudaStreamEndCapture(stream, &graph), cudaSuccess);
  EXPECT_EQ(cudaGraphDestroy(graph), cudaSuccess);
  cudaGetLastError();
}

}  // namespace
}  // namespace simulated_cuda::testing
