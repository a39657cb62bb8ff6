// The elementwise parts of a layer's four passes, one kernel each: bias + activation; derivative + delta; and their tangents. A cell is
// (replica, row of the batch, unit).
#pragma once

#include "mlp/activation.h"
#include "runtime/executor.h"

namespace hypergrad {

// z += b, a = φ(z). Where z is not kept, a overwrites it.
template <class T>
struct AddBiasAndActivate {
  Activation<T> activation;
  const T* bias;  // replica 0's
  int64_t stride;
  int32_t rows, units;
  const T* product;
  T* input;  // z, or null when it is not kept
  T* value;  // a

  HG_BOTH void operator()(int32_t replica, int32_t row, int32_t unit) const {
    const int64_t at = (static_cast<int64_t>(replica) * rows + row) * units + unit;
    const T z = product[at] + bias[replica * stride + unit];
    if (input != nullptr) input[at] = z;
    value[at] = activation.value(z);
  }
};

// δ = e ∘ φ′(z).
template <class T>
struct ActivationBackward {
  Activation<T> activation;
  int32_t rows, units;
  const T* input;
  const T* value;
  const T* upstream;
  T* delta;

  HG_BOTH void operator()(int32_t replica, int32_t row, int32_t unit) const {
    const int64_t at = (static_cast<int64_t>(replica) * rows + row) * units + unit;
    delta[at] = upstream[at] * activation.derivative(input[at], value[at]);
  }
};

// ż += u_b, ȧ = φ′(z) ∘ ż.
template <class T>
struct TangentForward {
  Activation<T> activation;
  const T* bias_direction;
  int64_t stride;
  int32_t rows, units;
  const T* input;
  const T* value;
  T* input_tangent;
  T* value_tangent;

  HG_BOTH void operator()(int32_t replica, int32_t row, int32_t unit) const {
    const int64_t at = (static_cast<int64_t>(replica) * rows + row) * units + unit;
    const T tangent = input_tangent[at] + bias_direction[replica * stride + unit];
    input_tangent[at] = tangent;
    if (value_tangent != nullptr) value_tangent[at] = activation.derivative(input[at], value[at]) * tangent;
  }
};

// δ̇ = ė ∘ φ′(z) + e ∘ φ″(z) ∘ ż, in place of ė.
template <class T>
struct TangentBackward {
  Activation<T> activation;
  int32_t rows, units;
  const T* input;
  const T* value;
  const T* upstream;
  const T* input_tangent;
  T* delta_tangent;

  HG_BOTH void operator()(int32_t replica, int32_t row, int32_t unit) const {
    const int64_t at = (static_cast<int64_t>(replica) * rows + row) * units + unit;
    const T z = input[at], a = value[at];
    delta_tangent[at] =
        delta_tangent[at] * activation.derivative(z, a) + upstream[at] * activation.second_derivative(z, a) * input_tangent[at];
  }
};

// The sums of a chunk of rows, column by column: the first half of ∂b = Σ δ. Rows in their order, chunks then in theirs, so that the sum is
// the same every time.
template <class T>
struct SumRowChunk {
  static constexpr int32_t chunk = 32;

  const T* source;  // [replicas × rows × columns]
  int32_t rows, columns;
  T* sums;  // [replicas × chunks × columns]
  int32_t chunks;

  HG_BOTH void operator()(int32_t replica, int32_t part, int32_t column) const {
    const T* at = source + static_cast<int64_t>(replica) * rows * columns + column;
    const int32_t end = (part + 1) * chunk < rows ? (part + 1) * chunk : rows;
    T sum = 0;
    for (int32_t row = part * chunk; row < end; row++) sum += at[static_cast<int64_t>(row) * columns];
    sums[(static_cast<int64_t>(replica) * chunks + part) * columns + column] = sum;
  }
};

// The second half: the chunks' sums into the gradient of the bias.
template <class T>
struct SumChunks {
  const T* sums;
  int32_t chunks, columns;
  T* target;  // replica 0's
  int64_t stride;
  bool accumulate;

  HG_BOTH void operator()(int32_t replica, int32_t, int32_t column) const {
    T* at = target + replica * stride + column;
    T sum = accumulate ? *at : T(0);
    for (int32_t part = 0; part < chunks; part++) sum += sums[(static_cast<int64_t>(replica) * chunks + part) * columns + column];
    *at = sum;
  }
};

}  // namespace hypergrad
