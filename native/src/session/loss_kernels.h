// The loss end of the passes, a position of an example at a time: a row of outputs. An example's loss is the mean over its positions.
//
// Softmax cross-entropy, ℓ = −Σ y_c log p_c with p = softmax f and s = Σ y_c (1 for a distribution): ∂ℓ/∂f = s p − y, ∂ℓ/∂y = −log p, and
// along ḟ, with m = Σ p_c ḟ_c: s p ∘ (ḟ − m) and m − ḟ. Squared, ℓ = ½‖f − y‖²: ∂ℓ/∂f = f − y, ∂ℓ/∂y = y − f, and along ḟ: ḟ and −ḟ.
#pragma once

#include <cmath>

#include "hypergrad/description.h"
#include "runtime/executor.h"

namespace hypergrad {

template <class T>
struct LossRows {
  int32_t loss;       // hg_loss
  int32_t columns;    // outputs of a position
  int32_t positions;  // of an example
  bool has_classes;   // targets are class numbers, [rows], in place of y
  const T* outputs;   // f, [rows × columns]
  const T* targets;   // y, [rows × columns]
  const T* factors;   // ω/B, what an example's loss counts with, [examples of the batch]

  // c, what a row's loss counts with.
  HG_BOTH T factor(int64_t row) const { return factors[row / positions] / static_cast<T>(positions); }
  HG_BOTH T target(int64_t row, int32_t column) const {
    return !has_classes ? targets[row * columns + column] : static_cast<T>(column == static_cast<int32_t>(targets[row]));
  }
};

// losses_i = ℓ(f_i, y_i), δ_i = c_i ∂ℓ/∂f, and the softmax.
template <class T>
struct EvaluateLoss {
  LossRows<T> batch;
  T* probabilities;
  T* delta;
  double* losses;

  HG_BOTH void operator()(int64_t row) const { losses[row] = batch.loss == HG_SQUARED ? squared(row) : cross_entropy(row); }

 private:
  HG_BOTH double squared(int64_t row) const {
    const int64_t start = row * batch.columns;
    double loss = 0;
    for (int32_t c = 0; c < batch.columns; c++) {
      const T difference = batch.outputs[start + c] - batch.target(row, c);
      delta[start + c] = batch.factor(row) * difference;
      loss += static_cast<double>(difference) * static_cast<double>(difference);
    }
    return loss / 2;
  }

  HG_BOTH double cross_entropy(int64_t row) const {
    const int64_t start = row * batch.columns;
    const T* f = batch.outputs + start;
    T* p = probabilities + start;
    T largest = f[0];
    for (int32_t c = 1; c < batch.columns; c++) largest = f[c] > largest ? f[c] : largest;
    double total = 0, mass = 0, loss = 0;
    for (int32_t c = 0; c < batch.columns; c++) {
      p[c] = std::exp(f[c] - largest);
      total += static_cast<double>(p[c]);
    }
    const double log_normalizer = static_cast<double>(largest) + std::log(total);
    for (int32_t c = 0; c < batch.columns; c++) {
      const double y = static_cast<double>(batch.target(row, c));
      mass += y;
      loss += y * (log_normalizer - static_cast<double>(f[c]));
    }
    const T scale = static_cast<T>(1 / total), sum = static_cast<T>(mass), factor = batch.factor(row);
    for (int32_t c = 0; c < batch.columns; c++) {
      p[c] *= scale;
      delta[start + c] = factor * (sum * p[c] - batch.target(row, c));
    }
    return loss;
  }
};

// Along ḟ: δ̇_i = c_i (∂²ℓ/∂f²) ḟ, the derivative of ∂ℓ/∂y and that of ℓ.
template <class T>
struct EvaluateLossTangent {
  LossRows<T> batch;
  const T* probabilities;
  const T* output_tangent;
  T* delta_tangent;
  T* target_tangent;
  double* loss_tangents;

  HG_BOTH void operator()(int64_t row) const {
    const int64_t start = row * batch.columns;
    if (batch.loss == HG_SQUARED)
      squared(row, start);
    else
      cross_entropy(row, start);
  }

 private:
  HG_BOTH void squared(int64_t row, int64_t start) const {
    double along = 0;
    for (int64_t i = start; i < start + batch.columns; i++) {
      along += static_cast<double>((batch.outputs[i] - batch.target(row, static_cast<int32_t>(i - start))) * output_tangent[i]);
      delta_tangent[i] = batch.factor(row) * output_tangent[i];
      target_tangent[i] = -output_tangent[i];
    }
    loss_tangents[row] = along;
  }

  HG_BOTH void cross_entropy(int64_t row, int64_t start) const {
    const int64_t end = start + batch.columns;
    T mean = 0, mass = 0, weighted = 0;
    for (int64_t i = start; i < end; i++) {
      mean += probabilities[i] * output_tangent[i];
      const T y = batch.target(row, static_cast<int32_t>(i - start));
      mass += y;
      weighted += y * output_tangent[i];
    }
    loss_tangents[row] = static_cast<double>(mass * mean - weighted);
    const T factor = batch.factor(row) * mass;
    for (int64_t i = start; i < end; i++) {
      delta_tangent[i] = factor * probabilities[i] * (output_tangent[i] - mean);
      target_tangent[i] = mean - output_tangent[i];
    }
  }
};

// Whether a row's largest output is elsewhere than its largest target: 1 or 0. The first one among equals counts as the largest.
template <class T>
HG_BOTH uint64_t is_error(const LossRows<T>& batch, int64_t row) {
  const T* outputs = batch.outputs + row * batch.columns;
  int32_t output = 0, target = 0;
  for (int32_t c = 1; c < batch.columns; c++) {
    if (outputs[c] > outputs[output]) output = c;
    if (batch.target(row, c) > batch.target(row, target)) target = c;
  }
  return output != target ? 1 : 0;
}

}  // namespace hypergrad
