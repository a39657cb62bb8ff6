// Matrix products C = op(A) op(B), or C + op(A) op(B), row-major, the same shape for every replica.
#pragma once

#include "runtime/context.h"

namespace hypergrad {

// A matrix of each replica: where replica 0's begins and how far the next one is. Rows follow each other without a gap.
template <class T>
struct Matrix {
  T* data;
  int64_t stride;
  bool transposed = false;
};

struct ProductShape {
  int32_t rows, columns, inner;  // of op(A) op(B): rows × inner times inner × columns
  int32_t replicas;
  bool accumulate;
};

template <class T>
void multiply(const Context& context, bool allow_tf32, const ProductShape& shape, Matrix<const T> a, Matrix<const T> b, Matrix<T> c);

// One replica's product on the host.
template <class T>
void multiply_on_host(const ProductShape& shape, Matrix<const T> a, Matrix<const T> b, T* c);

// What multiplies, for people; a constant string.
const char* describe_products(const Context& context);

}  // namespace hypergrad
