// The loss end of the passes, a position of an example at a time: a row of outputs. An example's loss is the mean over its positions.
//
// Softmax cross-entropy, ℓ = −Σ y_c log p_c with p = softmax f and s = Σ y_c (1 for a distribution): ∂ℓ/∂f = s p − y, ∂ℓ/∂y = −log p, and
// along ḟ, with m = Σ p_c ḟ_c: s p ∘ (ḟ − m) and m − ḟ. Squared, ℓ = ½‖f − y‖²: ∂ℓ/∂f = f − y, ∂ℓ/∂y = y − f, and along ḟ: ḟ and −ḟ.
#pragma once

#include <cmath>

#include "hypergrad/description.h"
#include "runtime/rows.h"

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

  template <class Lanes>
  HG_BOTH void operator()(const Lanes& lanes, int64_t row) const {
    const double loss = batch.loss == HG_SQUARED ? squared(lanes, row) : cross_entropy(lanes, row);
    if (lanes.first() == 0) losses[row] = loss;
  }

 private:
  template <class Lanes>
  HG_BOTH double squared(const Lanes& lanes, int64_t row) const {
    const int64_t start = row * batch.columns;
    double loss = 0;
    for (int32_t c = lanes.first(); c < batch.columns; c += lanes.count()) {
      const T difference = batch.outputs[start + c] - batch.target(row, c);
      delta[start + c] = batch.factor(row) * difference;
      loss += static_cast<double>(difference) * static_cast<double>(difference);
    }
    return lanes.sum(loss) / 2;
  }

  template <class Lanes>
  HG_BOTH double cross_entropy(const Lanes& lanes, int64_t row) const {
    const int64_t start = row * batch.columns;
    const T* f = batch.outputs + start;
    T* p = probabilities + start;
    T largest = f[0];
    for (int32_t c = lanes.first(); c < batch.columns; c += lanes.count()) largest = f[c] > largest ? f[c] : largest;
    largest = lanes.largest(largest);
    double total = 0, mass = 0, loss = 0;
    for (int32_t c = lanes.first(); c < batch.columns; c += lanes.count()) {
      p[c] = std::exp(f[c] - largest);
      total += static_cast<double>(p[c]);
    }
    total = lanes.sum(total);
    const double log_normalizer = static_cast<double>(largest) + std::log(total);
    for (int32_t c = lanes.first(); c < batch.columns; c += lanes.count()) {
      const double y = static_cast<double>(batch.target(row, c));
      mass += y;
      loss += y * (log_normalizer - static_cast<double>(f[c]));
    }
    const T scale = static_cast<T>(1 / total), sum = static_cast<T>(lanes.sum(mass)), factor = batch.factor(row);
    for (int32_t c = lanes.first(); c < batch.columns; c += lanes.count()) {
      p[c] *= scale;
      delta[start + c] = factor * (sum * p[c] - batch.target(row, c));
    }
    return lanes.sum(loss);
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

  template <class Lanes>
  HG_BOTH void operator()(const Lanes& lanes, int64_t row) const {
    const double along = batch.loss == HG_SQUARED ? squared(lanes, row) : cross_entropy(lanes, row);
    if (lanes.first() == 0) loss_tangents[row] = along;
  }

 private:
  template <class Lanes>
  HG_BOTH double squared(const Lanes& lanes, int64_t row) const {
    double along = 0;
    for (int32_t c = lanes.first(); c < batch.columns; c += lanes.count()) {
      const int64_t i = row * batch.columns + c;
      along += static_cast<double>((batch.outputs[i] - batch.target(row, c)) * output_tangent[i]);
      delta_tangent[i] = batch.factor(row) * output_tangent[i];
      target_tangent[i] = -output_tangent[i];
    }
    return lanes.sum(along);
  }

  template <class Lanes>
  HG_BOTH double cross_entropy(const Lanes& lanes, int64_t row) const {
    const int64_t start = row * batch.columns;
    T mean = 0, mass = 0, weighted = 0;
    for (int32_t c = lanes.first(); c < batch.columns; c += lanes.count()) {
      mean += probabilities[start + c] * output_tangent[start + c];
      const T y = batch.target(row, c);
      mass += y;
      weighted += y * output_tangent[start + c];
    }
    mean = lanes.sum(mean);
    mass = lanes.sum(mass);
    weighted = lanes.sum(weighted);
    const T factor = batch.factor(row) * mass;
    for (int64_t i = start + lanes.first(); i < start + batch.columns; i += lanes.count()) {
      delta_tangent[i] = factor * probabilities[i] * (output_tangent[i] - mean);
      target_tangent[i] = mean - output_tangent[i];
    }
    return static_cast<double>(mass * mean - weighted);
  }
};

// Whether a row's largest output is elsewhere than its largest target: 1 or 0. The first one among equals counts as the largest.
template <class T>
struct NoteErrors {
  LossRows<T> batch;
  int32_t* errors;  // [rows]

  template <class Lanes>
  HG_BOTH void operator()(const Lanes& lanes, int64_t row) const {
    const T* outputs = batch.outputs + row * batch.columns;
    // A lane without a column takes the first one, as another lane does.
    int32_t output = lanes.first() < batch.columns ? lanes.first() : 0, target = output;
    for (int32_t c = output; c < batch.columns; c += lanes.count()) {
      if (outputs[c] > outputs[output]) output = c;
      if (batch.target(row, c) > batch.target(row, target)) target = c;
    }
    output = lanes.place_of_largest(outputs[output], output);
    target = lanes.place_of_largest(batch.target(row, target), target);
    if (lanes.first() == 0) errors[row] = output != target ? 1 : 0;
  }
};

}  // namespace hypergrad
