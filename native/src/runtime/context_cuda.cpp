// The CUDA half of a context; compiled only into builds with CUDA.
#include <cstring>
#include <utility>

#include "runtime/context.h"
#include "runtime/cublas.h"
#include "runtime/driver_cuda.h"

namespace hypergrad {

namespace {

// Enough for cuBLAS's largest kernels on every architecture that we build for; its own, so that a result depends on nothing else.
constexpr size_t workspace_bytes = static_cast<size_t>(32) << 20;

__global__ void probe_kernel() {}

// The oldest compute capability that the library has code for, such as 80 for 8.0; 0 where the compiler does not tell.
constexpr int32_t oldest_capability() {
#if defined(__CUDA_ARCH_LIST__)
  int32_t oldest = 0;
  for (const int32_t built : {__CUDA_ARCH_LIST__}) oldest = oldest == 0 || built / 10 < oldest ? built / 10 : oldest;
  return oldest;
#else
  return 0;
#endif
}

// Whether the library has code, or PTX that the driver can compile, for the current device.
bool has_code_for_current_device() {
  cudaFuncAttributes attributes;
  const bool found = cudaFuncGetAttributes(&attributes, probe_kernel) == cudaSuccess;
  cudaGetLastError();
  return found;
}

int32_t attribute(cudaDeviceAttr which, int32_t device) {
  int value = 0;
  check_cuda(cudaDeviceGetAttribute(&value, which, device), "asking the device");
  return value;
}

// CUDA writes 12.4 as 12040.
std::string version_text(int version) { return std::to_string(version / 1000) + "." + std::to_string(version % 1000 / 10); }

int32_t checked_device(int32_t device) {
  std::string reason;
  const int32_t count = count_devices(reason);
  if (count == 0) fail(HG_UNSUPPORTED, "There is no CUDA device: ", reason);
  require(device >= 0 && device < count, "There are ", count, " CUDA devices, numbered from 0; device ", device, " was asked for.");
  return device;
}

// Makes a device's primary context current, above what the thread has, and takes it away again. The runtime is told of it too: it then
// keeps the context for as long as the program runs, as it does in every program that uses it.
class PrimaryContext {
 public:
  explicit PrimaryContext(int32_t device) {
    const Driver& driver = Driver::instance();
    check_driver(driver.device(&device_, device), "looking for the device");
    CUcontext context = nullptr;
    check_driver(driver.retain_primary_context(&context, device_), "taking the device's primary context");
    if (driver.push_context(context) != CUDA_SUCCESS) {
      driver.release_primary_context(device_);
      fail(HG_DEVICE_ERROR, "The primary context of device ", device, " cannot be made current.");
    }
    cudaSetDevice(device);
  }
  ~PrimaryContext() {
    CUcontext popped = nullptr;
    Driver::instance().pop_context(&popped);
    Driver::instance().release_primary_context(device_);
  }
  PrimaryContext(const PrimaryContext&) = delete;
  PrimaryContext& operator=(const PrimaryContext&) = delete;

 private:
  CUdevice device_ = 0;
};

}  // namespace

void check_cuda(cudaError_t error, const char* what) {
  if (error == cudaSuccess) return;
  cudaGetLastError();
  fail(error == cudaErrorMemoryAllocation ? HG_OUT_OF_MEMORY : HG_DEVICE_ERROR, "CUDA failed while ", what, ": ", cudaGetErrorString(error),
       " (", cudaGetErrorName(error), ").");
}

void check_blas(cublasStatus_t status, const char* what) {
  if (status == CUBLAS_STATUS_SUCCESS) return;
  fail(status == CUBLAS_STATUS_ALLOC_FAILED ? HG_OUT_OF_MEMORY : HG_DEVICE_ERROR, Cublas::description(), " failed while ", what,
       ": status ", static_cast<int>(status), ".");
}

Context::Context(int32_t device) : Context(device, AdoptedParts{}) {}

Context::Context(int32_t device, const AdoptedParts& parts) : device_(checked_device(device)) {
  owns_stream_ = parts.stream == nullptr;
  owns_blas_ = parts.blas == nullptr;
  try {
    take_driver_context(parts.driver_context);
    open(parts);
  } catch (...) {
    close();
    throw;
  }
}

// One that is given, or else the device's primary one.
void Context::take_driver_context(void* driver_context) {
  const Driver& driver = Driver::instance();
  CUdevice device = 0, actual = 0;
  check_driver(driver.device(&device, device_), "looking for the device");
  if (driver_context == nullptr) {
    const PrimaryContext known_to_runtime(device_);
    check_driver(driver.retain_primary_context(&driver_context_, device), "taking the device's primary context");
    has_primary_ = true;
    return;
  }
  const CUresult pushed = driver.push_context(static_cast<CUcontext>(driver_context));
  require(pushed == CUDA_SUCCESS, "The driver context cannot be made current: error ", static_cast<int>(pushed), ".");
  const CUresult asked = driver.device_of_context(&actual);
  CUcontext popped = nullptr;
  driver.pop_context(&popped);
  check_driver(asked, "asking for a driver context's device");
  require(actual == device, "The driver context is of device ", actual, ", not of device ", device, ".");
  driver_context_ = static_cast<CUcontext>(driver_context);
}

void Context::adopt_stream(cudaStream_t stream) {
  require(stream != cudaStreamLegacy && stream != cudaStreamPerThread,
          "The stream is one of CUDA's default streams, which cannot be captured; make one, or give none.");
  CUcontext owner = nullptr;
  const CUresult asked = Driver::instance().context_of_stream(stream, &owner);
  require(asked == CUDA_SUCCESS, "The stream's driver context cannot be told: error ", static_cast<int>(asked), ".");
  require(owner == driver_context_, "The stream is not of the driver context.");
  cudaStreamCaptureStatus status = cudaStreamCaptureStatusNone;
  check_cuda(cudaStreamIsCapturing(stream, &status), "asking whether the stream is being captured");
  require(status == cudaStreamCaptureStatusNone, "The stream is being captured; end the capture first.");
  lanes_[0].stream = stream;
}

void Context::open(const AdoptedParts& parts) {
  const ContextLock lock(*this);
  if (!has_code_for_current_device())
    fail(HG_UNSUPPORTED, "The library has no code for device ", device_, " of compute capability ",
         attribute(cudaDevAttrComputeCapabilityMajor, device_), ".", attribute(cudaDevAttrComputeCapabilityMinor, device_), ".");
  if (!owns_stream_) adopt_stream(static_cast<cudaStream_t>(parts.stream));
  if (!owns_blas_) {
    Cublas::require_handle(static_cast<cublasHandle_t>(parts.blas));
    lanes_[0].blas = static_cast<cublasHandle_t>(parts.blas);
  }
  for (Lane& lane : lanes_) open_lane(lane);
}

// Makes what it does not have.
void Context::open_lane(Lane& lane) const {
  if (lane.stream == nullptr) check_cuda(cudaStreamCreateWithFlags(&lane.stream, cudaStreamNonBlocking), "making a stream");
  lane.workspace = allocate_on_device(workspace_bytes);
  if (&lane != &main())
    for (cudaEvent_t* event : {&lane.fork, &lane.end})
      check_cuda(cudaEventCreateWithFlags(event, cudaEventDisableTiming), "making an event");
  if (lane.blas != nullptr) return;
  check_blas(Cublas::instance().create(&lane.blas), "opening");
  set_blas(lane);
}

void Context::close_lane(Lane& lane, bool owns_stream, bool owns_blas) const {
  if (lane.stream != nullptr) cudaStreamSynchronize(lane.stream);
  if (lane.blas != nullptr && owns_blas) Cublas::instance().destroy(lane.blas);
  release(lane.workspace, workspace_bytes);
  if (lane.stream != nullptr && owns_stream) cudaStreamDestroy(lane.stream);
  for (cudaEvent_t event : {lane.fork, lane.end})
    if (event != nullptr) cudaEventDestroy(event);
}

void* Context::allocate_on_device(size_t bytes) const {
  void* memory = nullptr;
  const cudaError_t error = cudaMalloc(&memory, bytes);
  if (error != cudaErrorMemoryAllocation) check_cuda(error, "taking memory of the device");
  if (error != cudaSuccess) {
    cudaGetLastError();
    size_t free_bytes = 0, total_bytes = 0;
    cudaMemGetInfo(&free_bytes, &total_bytes);
    fail(HG_OUT_OF_MEMORY, "The device has ", free_bytes, " bytes free; an array of ", bytes, " was asked for.");
  }
  live_bytes_ += static_cast<int64_t>(bytes);
  return memory;
}

Context::~Context() {
  if (on_device()) close();
}

void Context::close() noexcept {
  if (driver_context_ == nullptr) return;
  try {
    const ContextLock lock(*this);
    for (int32_t i = lanes; i-- > 1;) close_lane(lanes_[i], true, true);
    close_lane(lanes_[0], owns_stream_, owns_blas_);
  } catch (...) {
    // A context that cannot be made current is gone, and what is in it too.
  }
  if (has_primary_) Driver::instance().release_primary_context(device_);
}

// The workspace after the stream: choosing a stream puts cuBLAS's own workspace back.
void Context::set_blas(const Lane& lane) {
  check_blas(Cublas::instance().set_stream(lane.blas, lane.stream), "taking the stream");
  check_blas(Cublas::instance().set_workspace(lane.blas, lane.workspace, workspace_bytes), "taking the workspace");
  check_blas(Cublas::instance().set_pointer_mode(lane.blas, CUBLAS_POINTER_MODE_HOST), "taking its factors from here");
  check_blas(Cublas::instance().set_atomics_mode(lane.blas, CUBLAS_ATOMICS_NOT_ALLOWED), "forbidding atomics");
}

void Context::take_blas() const {
  check_blas(Cublas::instance().get_stream(main().blas, &blas_before_.stream), "asking for its stream");
  check_blas(Cublas::instance().get_pointer_mode(main().blas, &blas_before_.pointer_mode), "asking for its pointer mode");
  check_blas(Cublas::instance().get_math_mode(main().blas, &blas_before_.math_mode), "asking for its arithmetic");
  check_blas(Cublas::instance().get_atomics_mode(main().blas, &blas_before_.atomics_mode), "asking for its atomics");
  has_blas_ = true;
  set_blas(main());
}

void Context::give_blas_back() const noexcept {
  Cublas::instance().set_stream(main().blas, blas_before_.stream);
  Cublas::instance().set_pointer_mode(main().blas, blas_before_.pointer_mode);
  Cublas::instance().set_math_mode(main().blas, blas_before_.math_mode);
  Cublas::instance().set_atomics_mode(main().blas, blas_before_.atomics_mode);
  has_blas_ = false;
}

cublasHandle_t Context::blas(bool allow_tf32) const {
  if (lane_ == 0 && !owns_blas_ && !has_blas_) take_blas();
  check_blas(Cublas::instance().set_math_mode(lanes_[lane_].blas, allow_tf32 ? CUBLAS_TF32_TENSOR_OP_MATH : CUBLAS_DEFAULT_MATH),
             "choosing its arithmetic");
  return lanes_[lane_].blas;
}

void Context::begin_beside(int32_t number) const {
  if (!on_device()) return;
  const Lane& lane = lanes_[number];
  check_cuda(cudaEventRecord(lane.fork, main().stream), "noting where work goes beside");
  check_cuda(cudaStreamWaitEvent(lane.stream, lane.fork, 0), "going beside");
  lane_ = number;
  lane.is_forked = true;
}

void Context::join() const {
  if (!on_device()) return;
  for (const Lane& lane : lanes_) {
    if (!std::exchange(lane.is_forked, false)) continue;
    check_cuda(cudaEventRecord(lane.end, lane.stream), "noting where work beside ends");
    check_cuda(cudaStreamWaitEvent(main().stream, lane.end, 0), "joining what went beside");
  }
}

void Context::join_after_failure() const noexcept {
  if (!on_device()) return;
  for (const Lane& lane : lanes_)
    if (std::exchange(lane.is_forked, false) && cudaEventRecord(lane.end, lane.stream) == cudaSuccess)
      cudaStreamWaitEvent(main().stream, lane.end, 0);
  cudaGetLastError();
}

void Context::synchronize() const {
  if (on_device()) check_cuda(cudaStreamSynchronize(stream()), "waiting for the stream");
}

void Context::activate() const {
  if (!on_device()) return;
  if (depth_ == 0) check_driver(Driver::instance().push_context(driver_context_), "making the driver context current");
  depth_++;
}

void Context::deactivate() const noexcept {
  if (!on_device() || --depth_ > 0) return;
  if (has_blas_) give_blas_back();
  CUcontext popped = nullptr;
  Driver::instance().pop_context(&popped);
}

void Context::require_own_memory(const void* memory, size_t bytes) const {
  if (!on_device()) return;
  const char* const first = static_cast<const char*>(memory);
  for (const char* const byte : {first, first + bytes - 1}) {
    cudaPointerAttributes attributes{};
    const bool is_known = cudaPointerGetAttributes(&attributes, byte) == cudaSuccess;
    cudaGetLastError();
    require(
        is_known && (attributes.type == cudaMemoryTypeDevice || attributes.type == cudaMemoryTypeManaged) && attributes.device == device_,
        "The memory is not device or managed memory of device ", device_, ", from its first to its last byte.");
  }
}

int32_t count_devices(std::string& reason) {
  int count = 0, driver = 0;
  const cudaError_t error = cudaGetDeviceCount(&count);
  if (error == cudaSuccess && count > 0) return count;
  cudaGetLastError();
  if (error == cudaSuccess)
    reason = "the driver knows none";
  else if (error != cudaErrorInsufficientDriver)
    reason = cudaGetErrorString(error);
  else if (cudaDriverGetVersion(&driver) != cudaSuccess || driver == 0)
    reason = "no CUDA driver is installed";
  else
    reason = "the driver is too old: it supports CUDA " + version_text(driver) + ", and the library was built with " +
             version_text(CUDART_VERSION);
  return 0;
}

// Asks nothing that takes a context on the device: one that is full, or that another program holds, is described all the same, and whoever
// only looks around leaves nothing on it.
void query_device(int32_t device, hg_device_properties& properties) {
  checked_device(device);
  cudaDeviceProp all;
  check_cuda(cudaGetDeviceProperties(&all, device), "asking the device");
  std::memset(&properties, 0, sizeof properties);
  static_assert(sizeof properties.name == sizeof all.name, "CUDA's names are as long as ours");
  std::memcpy(properties.name, all.name, sizeof properties.name);
  properties.total_memory = static_cast<int64_t>(all.totalGlobalMem);
  properties.free_memory = -1;
  properties.major = attribute(cudaDevAttrComputeCapabilityMajor, device);
  properties.minor = attribute(cudaDevAttrComputeCapabilityMinor, device);
  properties.multiprocessors = attribute(cudaDevAttrMultiProcessorCount, device);
  check_cuda(cudaDriverGetVersion(&properties.driver_version), "asking the driver");
  check_cuda(cudaRuntimeGetVersion(&properties.runtime_version), "asking the runtime");
  const bool has_code = 10 * properties.major + properties.minor >= oldest_capability();
  const bool is_open = attribute(cudaDevAttrComputeMode, device) != cudaComputeModeProhibited;
  properties.usable = has_code && is_open && Cublas::trouble().empty() ? 1 : 0;
  properties.blas_version = 1000 * Cublas::version().major + 10 * Cublas::version().minor;
  if (!has_code)
    set_last_error("the library has no code for it");
  else if (!is_open)
    set_last_error("its compute mode is \"prohibited\"; nvidia-smi --compute-mode changes that");
  else if (properties.usable == 0)
    set_last_error(Cublas::trouble().c_str());
}

}  // namespace hypergrad
