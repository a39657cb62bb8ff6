#include "runtime/products.h"

#if defined(HYPERGRAD_CUDA)
#include "runtime/cublas.h"
#endif

namespace hypergrad {

namespace {

#if defined(HYPERGRAD_CUDA)

cublasStatus_t gemm(cublasHandle_t blas, cublasOperation_t opA, cublasOperation_t opB, const ProductShape& s, const float* a, int lda,
                    int64_t stride_a, const float* b, int ldb, int64_t stride_b, float* c, int64_t stride_c) {
  const float one = 1, beta = s.accumulate ? 1.0f : 0.0f;
  return Cublas::instance().multiply_single(blas, opB, opA, s.columns, s.rows, s.inner, &one, b, ldb, stride_b, a, lda, stride_a, &beta, c,
                                            s.columns, stride_c, s.replicas);
}

cublasStatus_t gemm(cublasHandle_t blas, cublasOperation_t opA, cublasOperation_t opB, const ProductShape& s, const double* a, int lda,
                    int64_t stride_a, const double* b, int ldb, int64_t stride_b, double* c, int64_t stride_c) {
  const double one = 1, beta = s.accumulate ? 1.0 : 0.0;
  return Cublas::instance().multiply_double(blas, opB, opA, s.columns, s.rows, s.inner, &one, b, ldb, stride_b, a, lda, stride_a, &beta, c,
                                            s.columns, stride_c, s.replicas);
}

// cuBLAS is column-major: a row-major matrix is its transpose there, so that Cᵀ = op(B)ᵀ op(A)ᵀ is asked for.
template <class T>
void multiply_on_device(const Context& context, bool allow_tf32, const ProductShape& s, Matrix<const T> a, Matrix<const T> b, Matrix<T> c) {
  const cublasOperation_t opA = a.transposed ? CUBLAS_OP_T : CUBLAS_OP_N, opB = b.transposed ? CUBLAS_OP_T : CUBLAS_OP_N;
  const int lda = a.transposed ? s.rows : s.inner, ldb = b.transposed ? s.inner : s.columns;
  check_blas(gemm(context.blas(allow_tf32), opA, opB, s, a.data, lda, a.stride, b.data, ldb, b.stride, c.data, c.stride), "multiplying");
}

#endif

}  // namespace

template <class T>
void multiply(const Context& context, bool allow_tf32, const ProductShape& shape, Matrix<const T> a, Matrix<const T> b, Matrix<T> c) {
#if defined(HYPERGRAD_CUDA)
  if (context.on_device()) return multiply_on_device(context, allow_tf32, shape, a, b, c);
#endif
  (void)context;
  (void)allow_tf32;
  for (int32_t replica = 0; replica < shape.replicas; replica++)
    multiply_on_host(shape, Matrix<const T>{a.data + replica * a.stride, 0, a.transposed},
                     Matrix<const T>{b.data + replica * b.stride, 0, b.transposed}, c.data + replica * c.stride);
}

template void multiply(const Context&, bool, const ProductShape&, Matrix<const float>, Matrix<const float>, Matrix<float>);
template void multiply(const Context&, bool, const ProductShape&, Matrix<const double>, Matrix<const double>, Matrix<double>);

const char* describe_products(const Context& context) {
  if (context.on_device()) return "cuBLAS";
#if defined(HYPERGRAD_CBLAS)
  return "CBLAS";
#else
  return "blocked loops";
#endif
}

}  // namespace hypergrad
