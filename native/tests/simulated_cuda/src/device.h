// The simulated devices: their memory, contexts, streams and graphs, behind one lock.
#pragma once

#include <cuda_runtime.h>

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

struct CUctx_st {
  int device;
  int retained = 0;
  bool is_made = false;
};

// Work in a graph, and the numbers of the operations that it comes after.
struct GraphOperation {
  std::string name;
  std::function<void()> work;
  std::vector<size_t> after;
};

struct CUgraph_st {
  std::vector<GraphOperation> operations;  // none before one that it comes after
};

struct CUgraphExec_st {
  CUcontext context;
  std::shared_ptr<const CUgraph_st> graph;
};

// What is captured, from a stream and from those that have joined it.
struct Capture {
  CUgraph_st graph;
  CUstream origin;
  std::thread::id thread;
  bool is_over = false;
};

// A place in a stream's queue.
struct Place {
  bool is_reached = false;
};

// Work on a stream, or a place of another one that it waits for.
struct Queued {
  std::string name;
  std::function<void()> work;
  std::shared_ptr<const Place> awaited;

  bool can_run() const { return awaited == nullptr || awaited->is_reached; }
};

struct CUstream_st {
  CUcontext context;
  std::deque<Queued> pending;
  std::shared_ptr<Capture> capture;
  std::vector<size_t> last;  // what comes next in the capture comes after these
};

// Where a stream was when the event was recorded: in its queue, or in a capture.
struct CUevent_st {
  CUcontext context;
  std::shared_ptr<const Place> place;
  std::shared_ptr<Capture> capture;
  std::vector<size_t> last;
};

namespace simulated_cuda {

constexpr int device_count = 2;
constexpr size_t memory_of_device = static_cast<size_t>(1) << 30;

// What a program must not do, and what a device would not always notice: says so and ends the program.
[[noreturn]] void stop(const std::string& what);

template <class... Parts>
[[noreturn]] void violation(const Parts&... parts) {
  std::ostringstream text;
  (text << ... << parts);
  stop(text.str());
}

// Memory at addresses of its own, with pages around every array that nobody may touch; none of it is the host's to touch.
class Memory {
 public:
  Memory();

  void* allocate(int device, size_t bytes);
  bool release(void* memory);
  // Opens all arrays to this program, which now plays the device; and closes them again.
  void open();
  void close();

  // Whether an address is of memory that was given, be it freed since; or of what is kept to be given.
  bool holds(const void* address) const;
  bool reserves(const void* address) const;
  // The device of the array that [address, address + bytes) is within; −1: none.
  int device_of(const void* address, size_t bytes = 1) const;
  size_t used(int device) const { return used_[device]; }
  int64_t count() const { return static_cast<int64_t>(arrays_.size()); }
  std::string describe(const void* address) const;

 private:
  struct Array {
    char *pages, *pages_end;
    size_t bytes;
    int device;
  };

  const Array* find(const void* address) const;
  static void protect(const Array& array, int protection);

  bool is_open_ = false;
  int64_t closings_ = 0;
  char *begin_, *end_, *next_;
  std::map<const char*, Array> arrays_;  // by where they begin
  size_t used_[device_count] = {};
};

// Runs every thread of a kernel, in an order that changes from launch to launch.
void run_kernel(const void* kernel, dim3 grid, dim3 block, const std::function<void()>& thread);

struct Devices {
  static Devices& instance();

  std::recursive_mutex mutex;
  Memory memory;
  CUctx_st primary[device_count] = {{0}, {1}};
  std::set<CUcontext> contexts;
  std::set<CUstream> streams;
  std::set<CUevent_st*> events;
  std::map<const void*, CUstream> workspaces;  // of cuBLAS, and the streams that have used them
  std::set<cudaGraph_t> graphs;
  std::set<cudaGraphExec_t> executables;
  std::set<const void*> loaded;  // kernels that were launched
  int64_t blas_handles = 0, allocations_left = -1, kernels_run = 0, graphs_launched = 0, synchronizations = 0;

  CUgraph_st made_last;  // the graph that was made executable last

  static std::string current_work;  // what is being done, for a complaint

  // Does a stream's work, and others' in between, in an order that changes from call to call.
  void drain(CUstream stream);
  void drain_all();
};

// Chooses among what may be done in any order: one always takes the first, one the last, one any, in turns from chooser to chooser.
class Chooser {
 public:
  Chooser();
  size_t operator()(size_t count);

 private:
  enum class Taste { first, last, any };
  Taste taste_;
};

inline std::lock_guard<std::recursive_mutex> lock() { return std::lock_guard<std::recursive_mutex>(Devices::instance().mutex); }
inline bool is_device(int device) { return device >= 0 && device < device_count; }
bool is_stream(CUstream stream);

// Whether a device has no room for another program: its number is in SIMULATED_CUDA_HELD.
bool is_held(int device);

// The contexts that are current on this thread, the topmost last.
extern thread_local std::vector<CUcontext> context_stack;
CUcontext current_context();
// The same, for calls that make a primary context where there is none yet.
CUcontext made_context();
cudaError_t note(cudaError_t error);

// Queues work on a stream, or adds it to the graph that is captured from it.
cudaError_t enqueue(CUstream stream, std::string name, std::function<void()> work);
void check_arguments(const Launch& launch, int device);

}  // namespace simulated_cuda
