// Matrix products C = s op(A) op(B), or C + s op(A) op(B), row-major, many of one shape at a time.
#pragma once

#include "runtime/context.h"

namespace hypergrad {

// A matrix of each product of a batch: where the first one begins, how far the next one is, and how far the next row is.
template <class T>
struct Matrix {
  T* data;
  int64_t stride;
  int32_t leading;
  bool transposed = false;
};

struct ProductShape {
  int32_t rows, columns, inner;  // of op(A) op(B): rows × inner times inner × columns
  int32_t batch;                 // how many products
  bool accumulate;
  double factor = 1;  // s
};

template <class T>
void multiply(const Context& context, bool allow_tf32, const ProductShape& shape, Matrix<const T> a, Matrix<const T> b, Matrix<T> c);

// One product on the host.
template <class T>
void multiply_on_host(const ProductShape& shape, Matrix<const T> a, Matrix<const T> b, Matrix<T> c);

// What multiplies, for people; a constant string.
const char* describe_products(const Context& context);

}  // namespace hypergrad
