// Products of the simulated devices, in plain loops. TF32 rounds what goes in to ten bits, as tensor cores do.
#include <cublas_v2.h>

#include "device.h"
#include "simulated_cuda.h"

using namespace simulated_cuda;

struct cublasContext {
  CUcontext context;
  cudaStream_t stream = nullptr;
  void* workspace = nullptr;
  cublasPointerMode_t pointer_mode = CUBLAS_POINTER_MODE_HOST;
  cublasAtomicsMode_t atomics_mode = CUBLAS_ATOMICS_NOT_ALLOWED;
  cublasMath_t math_mode = CUBLAS_DEFAULT_MATH;
  int version = CUBLAS_VER_MAJOR * 1000;
};

namespace {

float to_tf32(float value) {
  uint32_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  bits = (bits + 0xFFF + (bits >> 13 & 1)) & ~0x1FFFu;
  std::memcpy(&value, &bits, sizeof bits);
  return value;
}

double to_tf32(double value) { return value; }

template <class T>
struct Product {
  cublasOperation_t op_a, op_b;
  int m, n, k;
  const T* a;
  int lda;
  long long stride_a;
  const T* b;
  int ldb;
  long long stride_b;
  T* c;
  int ldc;
  long long stride_c;
  int count;
  T alpha, beta;
  bool is_tf32;

  void operator()() const {
    for (int i = 0; i < count; i++) multiply(a + i * stride_a, b + i * stride_b, c + i * stride_c);
  }

 private:
  T input(T value) const { return is_tf32 ? to_tf32(value) : value; }

  void multiply(const T* left, const T* right, T* out) const {
    std::vector<T> sums(static_cast<size_t>(m));
    for (int column = 0; column < n; column++) {
      std::fill(sums.begin(), sums.end(), T(0));
      for (int p = 0; p < k; p++) {
        const T factor =
            input(op_b == CUBLAS_OP_N ? right[p + static_cast<long long>(column) * ldb] : right[column + static_cast<long long>(p) * ldb]);
        if (op_a == CUBLAS_OP_N)
          for (int row = 0; row < m; row++) sums[static_cast<size_t>(row)] += input(left[row + static_cast<long long>(p) * lda]) * factor;
        else
          for (int row = 0; row < m; row++) sums[static_cast<size_t>(row)] += input(left[p + static_cast<long long>(row) * lda]) * factor;
      }
      T* target = out + static_cast<long long>(column) * ldc;
      for (int row = 0; row < m; row++) target[row] = alpha * sums[static_cast<size_t>(row)] + (beta == T(0) ? T(0) : beta * target[row]);
    }
  }
};

template <class T>
void check_matrix(const char* name, const T* data, int rows, int columns, int leading, long long stride, int count, int device) {
  const Memory& memory = Devices::instance().memory;
  const size_t numbers = static_cast<size_t>(count - 1) * static_cast<size_t>(stride) +
                         static_cast<size_t>(columns - 1) * static_cast<size_t>(leading) + static_cast<size_t>(rows);
  if (memory.device_of(data, numbers * sizeof(T)) != device)
    violation("matrix ", name, " of a product, ", rows, " x ", columns, " times ", count, ", is not within ", memory.describe(data));
}

template <class T>
cublasStatus_t enqueue_product(cublasHandle_t handle, Product<T> product, const T* alpha, const T* beta) {
  const std::lock_guard<std::recursive_mutex> held(Devices::instance().mutex);
  const Product<T>& p = product;
  const int rows_a = p.op_a == CUBLAS_OP_N ? p.m : p.k, columns_a = p.op_a == CUBLAS_OP_N ? p.k : p.m;
  const int rows_b = p.op_b == CUBLAS_OP_N ? p.k : p.n, columns_b = p.op_b == CUBLAS_OP_N ? p.n : p.k;
  if (handle == nullptr || handle->stream == nullptr) return CUBLAS_STATUS_NOT_INITIALIZED;
  if (p.m <= 0 || p.n <= 0 || p.k <= 0 || p.count <= 0 || p.lda < rows_a || p.ldb < rows_b || p.ldc < p.m)
    return CUBLAS_STATUS_INVALID_VALUE;
  if (handle->workspace == nullptr)
    violation("a product is asked for with cuBLAS's own workspace, so that its order of sums is not ours to say");
  if (handle->atomics_mode != CUBLAS_ATOMICS_NOT_ALLOWED || handle->pointer_mode != CUBLAS_POINTER_MODE_HOST)
    violation("a product is asked for with atomics, or with its factors on the device");
  const auto [workspace, is_new] = Devices::instance().workspaces.emplace(handle->workspace, handle->stream);
  if (!is_new && workspace->second != handle->stream) violation("products on two streams share a workspace");
  const int device = handle->stream->context->device;
  check_matrix("A", p.a, rows_a, columns_a, p.lda, p.stride_a, p.count, device);
  check_matrix("B", p.b, rows_b, columns_b, p.ldb, p.stride_b, p.count, device);
  check_matrix("C", p.c, p.m, p.n, p.ldc, p.stride_c, p.count, device);
  product.alpha = *alpha;
  product.beta = *beta;
  product.is_tf32 = handle->math_mode == CUBLAS_TF32_TENSOR_OP_MATH;
  return enqueue(handle->stream, "a product", product) == cudaSuccess ? CUBLAS_STATUS_SUCCESS : CUBLAS_STATUS_EXECUTION_FAILED;
}

}  // namespace

cublasStatus_t cublasCreate(cublasHandle_t* handle) {
  *handle = new cublasContext{current_context()};
  Devices::instance().blas_handles++;
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasDestroy(cublasHandle_t handle) {
  delete handle;
  Devices::instance().blas_handles--;
  return CUBLAS_STATUS_SUCCESS;
}

// Choosing a stream puts cuBLAS's own workspace back.
cublasStatus_t cublasSetStream(cublasHandle_t handle, cudaStream_t stream) {
  handle->stream = stream;
  handle->workspace = nullptr;
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasGetStream(cublasHandle_t handle, cudaStream_t* stream) {
  *stream = handle->stream;
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasSetWorkspace(cublasHandle_t handle, void* workspace, size_t bytes) {
  if (Devices::instance().memory.device_of(workspace, bytes) != handle->context->device)
    violation("cuBLAS is given a workspace that is none");
  handle->workspace = workspace;
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasSetPointerMode(cublasHandle_t handle, cublasPointerMode_t mode) {
  handle->pointer_mode = mode;
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasGetPointerMode(cublasHandle_t handle, cublasPointerMode_t* mode) {
  *mode = handle->pointer_mode;
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasSetAtomicsMode(cublasHandle_t handle, cublasAtomicsMode_t mode) {
  handle->atomics_mode = mode;
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasGetAtomicsMode(cublasHandle_t handle, cublasAtomicsMode_t* mode) {
  *mode = handle->atomics_mode;
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasSetMathMode(cublasHandle_t handle, cublasMath_t mode) {
  handle->math_mode = mode;
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasGetMathMode(cublasHandle_t handle, cublasMath_t* mode) {
  *mode = handle->math_mode;
  return CUBLAS_STATUS_SUCCESS;
}

// MAJOR.0.0.
cublasStatus_t cublasGetProperty(libraryPropertyType type, int* value) {
  *value = type == MAJOR_VERSION ? CUBLAS_VER_MAJOR : 0;
  return CUBLAS_STATUS_SUCCESS;
}

// More than cuBLAS does: it answers for itself, whoever made the handle.
cublasStatus_t cublasGetVersion(cublasHandle_t handle, int* version) {
  if (handle == nullptr) return CUBLAS_STATUS_NOT_INITIALIZED;
  *version = handle->version;
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasSgemmStridedBatched(cublasHandle_t handle, cublasOperation_t op_a, cublasOperation_t op_b, int m, int n, int k,
                                         const float* alpha, const float* a, int lda, long long stride_a, const float* b, int ldb,
                                         long long stride_b, const float* beta, float* c, int ldc, long long stride_c, int count) {
  return enqueue_product<float>(handle, {op_a, op_b, m, n, k, a, lda, stride_a, b, ldb, stride_b, c, ldc, stride_c, count, 0, 0, false},
                                alpha, beta);
}

cublasStatus_t cublasDgemmStridedBatched(cublasHandle_t handle, cublasOperation_t op_a, cublasOperation_t op_b, int m, int n, int k,
                                         const double* alpha, const double* a, int lda, long long stride_a, const double* b, int ldb,
                                         long long stride_b, const double* beta, double* c, int ldc, long long stride_c, int count) {
  return enqueue_product<double>(handle, {op_a, op_b, m, n, k, a, lda, stride_a, b, ldb, stride_b, c, ldc, stride_c, count, 0, 0, false},
                                 alpha, beta);
}

extern "C" {

void* simulated_cuda_make_blas(void* context) {
  cublasHandle_t handle = nullptr;
  cublasCreate(&handle);
  handle->context = static_cast<CUcontext>(context);
  handle->atomics_mode = CUBLAS_ATOMICS_ALLOWED;
  return handle;
}

void simulated_cuda_set_blas_version(void* blas, int32_t version) { static_cast<cublasHandle_t>(blas)->version = version; }

int32_t simulated_cuda_atomics_allowed(void* blas) {
  return static_cast<cublasHandle_t>(blas)->atomics_mode == CUBLAS_ATOMICS_ALLOWED ? 1 : 0;
}

void simulated_cuda_destroy(void* context, void* stream, void* blas) {
  if (blas != nullptr) cublasDestroy(static_cast<cublasHandle_t>(blas));
  if (stream != nullptr) cudaStreamDestroy(static_cast<cudaStream_t>(stream));
  Devices::instance().contexts.erase(static_cast<CUcontext>(context));
  delete static_cast<CUcontext>(context);
}

}  // extern "C"
