// A hidden unit's function φ and its derivatives, given the weighted input z and the value a = φ(z). Where the derivatives look at a alone,
// z need not be kept.
#pragma once

#include <cmath>

#include "arithmetic/platform.h"
#include "hypergrad/program.h"

namespace hypergrad {

template <class T>
struct Activation {
  int32_t kind;  // hg_activation

  static bool keeps_input(int32_t kind) { return kind == HG_SOFTPLUS || kind == HG_GELU; }

  // φ(z)
  HG_BOTH T value(T z) const {
    switch (kind) {
      case HG_TANH:
        return std::tanh(z);
      case HG_RELU:
        return z > T(0) ? z : z != z ? z : T(0);
      case HG_SIGMOID:
        return sigmoid(z);
      case HG_SOFTPLUS:
        return (z > T(0) ? z : T(0)) + std::log1p(std::exp(-std::fabs(z)));
      case HG_GELU:
        return z * distribution(z);
      default:
        return z;
    }
  }

  // φ′(z)
  HG_BOTH T derivative(T z, T a) const {
    switch (kind) {
      case HG_TANH:
        return T(1) - a * a;
      case HG_RELU:
        return a > T(0) ? T(1) : T(0);
      case HG_SIGMOID:
        return a * (T(1) - a);
      case HG_SOFTPLUS:
        return sigmoid(z);
      case HG_GELU:
        return distribution(z) + z * density(z);
      default:
        return T(1);
    }
  }

  // φ″(z)
  HG_BOTH T second_derivative(T z, T a) const {
    switch (kind) {
      case HG_TANH:
        return T(-2) * a * (T(1) - a * a);
      case HG_SIGMOID:
        return a * (T(1) - a) * (T(1) - a - a);
      case HG_SOFTPLUS: {
        const T s = sigmoid(z);
        return s * (T(1) - s);
      }
      case HG_GELU:
        return density(z) * (T(2) - z * z);
      default:
        return T(0);
    }
  }

 private:
  HG_BOTH static T sigmoid(T z) { return T(1) / (T(1) + std::exp(-z)); }

  // The standard normal distribution function, by erfc so that the lower tail keeps its digits.
  HG_BOTH static T distribution(T z) { return T(0.5) * std::erfc(z * T(-0.70710678118654752440)); }

  HG_BOTH static T density(T z) { return T(0.39894228040143267794) * std::exp(T(-0.5) * z * z); }
};

}  // namespace hypergrad
