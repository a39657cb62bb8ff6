// Streams and graphs. Work that is queued is done when somebody waits for it, not before: a program that does not wait where it must sees
// what a slow device would show it.
#include "device.h"

namespace simulated_cuda {

std::string Devices::current_work;

// A stream that is none is either nobody's or was destroyed.
bool is_stream(CUstream stream) { return Devices::instance().streams.count(stream) != 0; }

void Devices::drain(CUstream stream) {
  if (stream->pending.empty()) return;
  memory.open();
  while (!stream->pending.empty()) {
    auto work = std::move(stream->pending.front());
    stream->pending.pop_front();
    current_work = work.first;
    work.second();
  }
  current_work.clear();
  memory.close();
}

void Devices::drain_all() {
  for (const CUstream stream : streams) drain(stream);
}

cudaError_t enqueue(CUstream stream, std::string name, std::function<void()> work) {
  if (!is_stream(stream)) return note(cudaErrorInvalidResourceHandle);
  if (stream->context != current_context()) return note(cudaErrorInvalidResourceHandle);
  if (stream->capture)
    stream->capture->operations.emplace_back(std::move(name), std::move(work));
  else
    stream->pending.emplace_back(std::move(name), std::move(work));
  return cudaSuccess;
}

}  // namespace simulated_cuda

using namespace simulated_cuda;

cudaError_t cudaStreamCreateWithFlags(cudaStream_t* stream, unsigned) {
  const auto held = lock();
  *stream = new CUstream_st{current_context(), {}, nullptr, {}};
  Devices::instance().streams.insert(*stream);
  return cudaSuccess;
}

cudaError_t cudaStreamDestroy(cudaStream_t stream) {
  const auto held = lock();
  if (!is_stream(stream)) return note(cudaErrorInvalidResourceHandle);
  Devices::instance().drain(stream);
  Devices::instance().streams.erase(stream);
  delete stream;
  return cudaSuccess;
}

cudaError_t cudaStreamSynchronize(cudaStream_t stream) {
  const auto held = lock();
  if (!is_stream(stream) || stream->context != current_context()) return note(cudaErrorInvalidResourceHandle);
  if (stream->capture) return note(cudaErrorStreamCaptureUnsupported);
  Devices::instance().synchronizations++;
  Devices::instance().drain(stream);
  return cudaSuccess;
}

cudaError_t cudaStreamIsCapturing(cudaStream_t stream, cudaStreamCaptureStatus* status) {
  const auto held = lock();
  if (!is_stream(stream)) return note(cudaErrorInvalidResourceHandle);
  *status = stream->capture ? cudaStreamCaptureStatusActive : cudaStreamCaptureStatusNone;
  return cudaSuccess;
}

cudaError_t cudaStreamBeginCapture(cudaStream_t stream, cudaStreamCaptureMode mode) {
  const auto held = lock();
  if (!is_stream(stream) || stream->context != current_context()) return note(cudaErrorInvalidResourceHandle);
  if (stream->capture) return note(cudaErrorIllegalState);
  if (mode != cudaStreamCaptureModeThreadLocal) violation("a capture forbids other threads what they may do, or this one nothing");
  stream->capture = std::make_unique<CUgraph_st>();
  stream->capturing_thread = std::this_thread::get_id();
  return cudaSuccess;
}

cudaError_t cudaStreamEndCapture(cudaStream_t stream, cudaGraph_t* graph) {
  const auto held = lock();
  *graph = nullptr;
  if (!is_stream(stream)) return note(cudaErrorInvalidResourceHandle);
  if (!stream->capture) return note(cudaErrorIllegalState);
  *graph = stream->capture.release();
  Devices::instance().graphs.insert(*graph);
  return cudaSuccess;
}

#if CUDART_VERSION >= 12000
cudaError_t cudaGraphInstantiate(cudaGraphExec_t* executable, cudaGraph_t graph, unsigned long long) {
#else
cudaError_t cudaGraphInstantiate(cudaGraphExec_t* executable, cudaGraph_t graph, void*, char*, size_t) {
#endif
  const auto held = lock();
  if (Devices::instance().graphs.count(graph) == 0) return note(cudaErrorInvalidValue);
  *executable = new CUgraphExec_st{current_context(), std::make_shared<CUgraph_st>(*graph)};
  Devices::instance().executables.insert(*executable);
  return cudaSuccess;
}

// How many there are; they are not given out.
cudaError_t cudaGraphGetNodes(cudaGraph_t graph, cudaGraphNode_t* nodes, size_t* count) {
  const auto held = lock();
  if (nodes != nullptr || Devices::instance().graphs.count(graph) == 0) return note(cudaErrorInvalidValue);
  *count = graph->operations.size();
  return cudaSuccess;
}

cudaError_t cudaGraphDestroy(cudaGraph_t graph) {
  const auto held = lock();
  if (Devices::instance().graphs.erase(graph) == 0) return note(cudaErrorInvalidValue);
  delete graph;
  return cudaSuccess;
}

// One in flight ends first; CUDA says so too.
cudaError_t cudaGraphExecDestroy(cudaGraphExec_t executable) {
  const auto held = lock();
  if (Devices::instance().executables.count(executable) == 0) return note(cudaErrorInvalidValue);
  if (executable->context != current_context()) return note(cudaErrorInvalidResourceHandle);
  Devices::instance().executables.erase(executable);
  delete executable;
  return cudaSuccess;
}

cudaError_t cudaGraphLaunch(cudaGraphExec_t executable, cudaStream_t stream) {
  const auto held = lock();
  Devices& devices = Devices::instance();
  if (devices.executables.count(executable) == 0 || !is_stream(stream) || stream->capture) return note(cudaErrorInvalidValue);
  devices.graphs_launched++;
  const std::shared_ptr<const CUgraph_st> graph = executable->graph;
  return enqueue(stream, "a graph", [graph] {
    for (const auto& operation : graph->operations) {
      Devices::current_work = operation.first;
      operation.second();
    }
  });
}
