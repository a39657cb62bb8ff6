#include "runtime/products.h"

#if defined(HYPERGRAD_CUDA)
#include "runtime/cublas.h"
#endif

namespace hypergrad {

namespace {

#if defined(HYPERGRAD_CUDA)

cublasStatus_t gemm(cublasHandle_t blas, cublasOperation_t opA, cublasOperation_t opB, const ProductShape& s, const Matrix<const float>& a,
                    const Matrix<const float>& b, const Matrix<float>& c) {
  const float factor = static_cast<float>(s.factor), beta = s.accumulate ? 1.0f : 0.0f;
  return Cublas::instance().multiply_single(blas, opB, opA, s.columns, s.rows, s.inner, &factor, b.data, b.leading, b.stride, a.data,
                                            a.leading, a.stride, &beta, c.data, c.leading, c.stride, s.batch);
}

cublasStatus_t gemm(cublasHandle_t blas, cublasOperation_t opA, cublasOperation_t opB, const ProductShape& s, const Matrix<const double>& a,
                    const Matrix<const double>& b, const Matrix<double>& c) {
  const double beta = s.accumulate ? 1.0 : 0.0;
  return Cublas::instance().multiply_double(blas, opB, opA, s.columns, s.rows, s.inner, &s.factor, b.data, b.leading, b.stride, a.data,
                                            a.leading, a.stride, &beta, c.data, c.leading, c.stride, s.batch);
}

// cuBLAS is column-major: a row-major matrix is its transpose there, so that Cᵀ = op(B)ᵀ op(A)ᵀ is asked for.
template <class T>
void multiply_on_device(const Context& context, bool allow_tf32, const ProductShape& s, Matrix<const T> a, Matrix<const T> b, Matrix<T> c) {
  const cublasOperation_t opA = a.transposed ? CUBLAS_OP_T : CUBLAS_OP_N, opB = b.transposed ? CUBLAS_OP_T : CUBLAS_OP_N;
  check_blas(gemm(context.blas(allow_tf32), opA, opB, s, a, b, c), "multiplying");
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
  for (int32_t i = 0; i < shape.batch; i++)
    multiply_on_host(shape, Matrix<const T>{a.data + i * a.stride, 0, a.leading, a.transposed},
                     Matrix<const T>{b.data + i * b.stride, 0, b.leading, b.transposed}, Matrix<T>{c.data + i * c.stride, 0, c.leading});
}

template void multiply(const Context&, bool, const ProductShape&, Matrix<const float>, Matrix<const float>, Matrix<float>);
template void multiply(const Context&, bool, const ProductShape&, Matrix<const double>, Matrix<const double>, Matrix<double>);

const char* describe_products(const Context& context) {
#if defined(HYPERGRAD_CUDA)
  if (context.on_device()) return Cublas::description().c_str();
#endif
  (void)context;
#if defined(HYPERGRAD_CBLAS)
  return "CBLAS";
#else
  return "blocked loops";
#endif
}

}  // namespace hypergrad
