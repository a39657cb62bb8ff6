// Streams, events and graphs. Work that is queued is done when somebody waits for it, not before: a program that does not wait where it
// must sees what a slow device would show it. What may be done in any order is done in another one each time.
#include "device.h"

namespace simulated_cuda {

std::string Devices::current_work;

// A stream that is none is either nobody's or was destroyed.
bool is_stream(CUstream stream) { return Devices::instance().streams.count(stream) != 0; }

void Devices::drain(CUstream stream) {
  if (stream->pending.empty()) return;
  memory.open();
  Chooser choose;
  while (!stream->pending.empty()) {
    std::vector<CUstream> ready;
    for (const CUstream other : streams)
      if (other->context == stream->context && !other->pending.empty() && other->pending.front().can_run()) ready.push_back(other);
    if (ready.empty()) violation("streams wait for each other");
    const CUstream next = ready[choose(ready.size())];
    const Queued queued = std::move(next->pending.front());
    next->pending.pop_front();
    current_work = queued.name;
    if (queued.work) queued.work();
  }
  current_work.clear();
  memory.close();
}

Chooser::Chooser() {
  static int made = 0;
  taste_ = static_cast<Taste>(made++ % 3);
}

size_t Chooser::operator()(size_t count) {
  static uint64_t state = 0;
  if (taste_ == Taste::first) return 0;
  if (taste_ == Taste::last) return count - 1;
  state = state * 6364136223846793005u + 1442695040888963407u;
  return static_cast<size_t>(state >> 33) % count;
}

void Devices::drain_all() {
  for (const CUstream stream : streams) drain(stream);
}

cudaError_t enqueue(CUstream stream, std::string name, std::function<void()> work) {
  if (!is_stream(stream)) return note(cudaErrorInvalidResourceHandle);
  if (stream->context != current_context()) return note(cudaErrorInvalidResourceHandle);
  if (stream->capture) {
    std::vector<GraphOperation>& operations = stream->capture->graph.operations;
    operations.push_back({std::move(name), std::move(work), std::move(stream->last)});
    stream->last = {operations.size() - 1};
  } else {
    stream->pending.push_back({std::move(name), std::move(work), nullptr});
  }
  return cudaSuccess;
}

namespace {

bool is_event(cudaEvent_t event) { return Devices::instance().events.count(event) != 0; }

// Whether all that was captured comes before what comes next on the stream that the capture began with.
bool is_joined(const Capture& capture) {
  const std::vector<GraphOperation>& operations = capture.graph.operations;
  std::vector<bool> is_before(operations.size(), false);
  for (const size_t last : capture.origin->last) is_before[last] = true;
  for (size_t i = operations.size(); i-- > 0;) {
    if (!is_before[i]) return false;
    for (const size_t former : operations[i].after) is_before[former] = true;
  }
  return true;
}

void run(const CUgraph_st& graph) {
  constexpr size_t most_ready = 4;
  Chooser choose;
  std::vector<bool> is_done(graph.operations.size(), false);
  for (size_t first = 0; first < is_done.size();) {
    std::vector<size_t> ready;
    for (size_t i = first; i < is_done.size() && ready.size() < most_ready; i++) {
      if (is_done[i]) continue;
      bool can_run = true;
      for (const size_t former : graph.operations[i].after) can_run = can_run && is_done[former];
      if (can_run) ready.push_back(i);
    }
    const size_t next = ready[choose(ready.size())];
    Devices::current_work = graph.operations[next].name;
    graph.operations[next].work();
    is_done[next] = true;
    while (first < is_done.size() && is_done[first]) first++;
  }
}

}  // namespace

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
  stream->capture = std::make_shared<Capture>(Capture{{}, stream, std::this_thread::get_id()});
  stream->last.clear();
  return cudaSuccess;
}

cudaError_t cudaStreamEndCapture(cudaStream_t stream, cudaGraph_t* graph) {
  const auto held = lock();
  *graph = nullptr;
  if (!is_stream(stream)) return note(cudaErrorInvalidResourceHandle);
  const std::shared_ptr<Capture> capture = stream->capture;
  if (!capture || capture->origin != stream) return note(cudaErrorIllegalState);
  for (const CUstream other : Devices::instance().streams)
    if (other->capture == capture) other->capture.reset();
  capture->is_over = true;
  if (!is_joined(*capture)) return note(cudaErrorStreamCaptureUnjoined);
  *graph = new CUgraph_st(std::move(capture->graph));
  Devices::instance().graphs.insert(*graph);
  return cudaSuccess;
}

cudaError_t cudaEventCreateWithFlags(cudaEvent_t* event, unsigned) {
  const auto held = lock();
  *event = new CUevent_st{current_context(), nullptr, nullptr, {}};
  Devices::instance().events.insert(*event);
  return cudaSuccess;
}

cudaError_t cudaEventDestroy(cudaEvent_t event) {
  const auto held = lock();
  if (Devices::instance().events.erase(event) == 0) return note(cudaErrorInvalidResourceHandle);
  delete event;
  return cudaSuccess;
}

cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream) {
  const auto held = lock();
  if (!is_event(event) || !is_stream(stream) || stream->context != current_context() || event->context != stream->context)
    return note(cudaErrorInvalidResourceHandle);
  event->capture = stream->capture;
  event->last = stream->last;
  event->place = nullptr;
  if (stream->capture) return cudaSuccess;
  const auto place = std::make_shared<Place>();
  stream->pending.push_back({"an event", [place] { place->is_reached = true; }, nullptr});
  event->place = place;
  return cudaSuccess;
}

// One that waits for a place in a capture takes part in it.
cudaError_t cudaStreamWaitEvent(cudaStream_t stream, cudaEvent_t event, unsigned) {
  const auto held = lock();
  if (!is_event(event) || !is_stream(stream) || stream->context != current_context()) return note(cudaErrorInvalidResourceHandle);
  if (event->capture && event->capture->is_over) return note(cudaErrorStreamCaptureIsolation);
  if (event->capture ? stream->capture && stream->capture != event->capture : stream->capture != nullptr)
    return note(cudaErrorStreamCaptureIsolation);
  if (event->capture) {
    if (!stream->capture) stream->last.clear();
    stream->capture = event->capture;
    stream->last.insert(stream->last.end(), event->last.begin(), event->last.end());
  } else if (event->place) {
    stream->pending.push_back({"a wait for an event", nullptr, event->place});
  }
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
  Devices::instance().made_last = *graph;
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
  return enqueue(stream, "a graph", [graph] { run(*graph); });
}
