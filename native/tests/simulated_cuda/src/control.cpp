// What a test asks and makes beyond CUDA's own calls.
#include <algorithm>

#include "device.h"
#include "simulated_cuda.h"

using namespace simulated_cuda;

extern "C" {

void simulated_cuda_fail_allocation(int64_t successes) { Devices::instance().allocations_left = successes; }

int64_t simulated_cuda_live_objects() {
  const auto held = lock();
  Devices& devices = Devices::instance();
  return devices.memory.count() +
         static_cast<int64_t>(devices.streams.size() + devices.events.size() + devices.graphs.size() + devices.executables.size()) +
         devices.blas_handles + devices.primary[0].retained + devices.primary[1].retained;
}

int64_t simulated_cuda_primary_contexts() {
  const auto held = lock();
  Devices& devices = Devices::instance();
  return static_cast<int64_t>(devices.primary[0].is_made) + static_cast<int64_t>(devices.primary[1].is_made);
}

int64_t simulated_cuda_context_depth() { return static_cast<int64_t>(context_stack.size()); }

int64_t simulated_cuda_kernels_run() { return Devices::instance().kernels_run; }
int64_t simulated_cuda_graphs_launched() { return Devices::instance().graphs_launched; }
int64_t simulated_cuda_synchronizations() { return Devices::instance().synchronizations; }

int64_t simulated_cuda_graph_operations() { return static_cast<int64_t>(Devices::instance().made_last.operations.size()); }

int64_t simulated_cuda_graph_depth() {
  std::vector<int64_t> depths;
  int64_t deepest = 0;
  for (const GraphOperation& operation : Devices::instance().made_last.operations) {
    int64_t depth = 0;
    for (const size_t former : operation.after) depth = std::max(depth, depths[former]);
    depths.push_back(depth + 1);
    deepest = std::max(deepest, depth + 1);
  }
  return deepest;
}

void* simulated_cuda_make_context(int32_t device) {
  const auto held = lock();
  CUcontext context = new CUctx_st{device};
  Devices::instance().contexts.insert(context);
  return context;
}

void* simulated_cuda_make_stream(void* context) {
  cudaStream_t stream = nullptr;
  context_stack.push_back(static_cast<CUcontext>(context));
  cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking);
  context_stack.pop_back();
  return stream;
}

}  // extern "C"
