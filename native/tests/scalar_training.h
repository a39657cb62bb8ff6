// The elementary training in plain scalar code, for any number type: with dual numbers it gives the derivative of the validation loss along
// any direction of the hyperparameters, by the unrolled run itself. It shares no line and no formula of the adjoint with the library.
#pragma once

#include <cmath>
#include <vector>

#include "run.h"

namespace hypergrad::testing {

// a + bε, ε² = 0.
struct Dual {
  double value = 0, slope = 0;

  Dual() = default;
  Dual(double v) : value(v) {}
  Dual(double v, double s) : value(v), slope(s) {}
};

inline Dual operator+(Dual a, Dual b) { return {a.value + b.value, a.slope + b.slope}; }
inline Dual operator-(Dual a, Dual b) { return {a.value - b.value, a.slope - b.slope}; }
inline Dual operator*(Dual a, Dual b) { return {a.value * b.value, a.slope * b.value + a.value * b.slope}; }
inline Dual operator/(Dual a, Dual b) { return {a.value / b.value, (a.slope - a.value / b.value * b.slope) / b.value}; }
inline Dual exp(Dual a) { return {std::exp(a.value), std::exp(a.value) * a.slope}; }
inline Dual log(Dual a) { return {std::log(a.value), a.slope / a.value}; }
inline Dual erf(Dual a) { return {std::erf(a.value), 2 / std::sqrt(std::acos(-1.0)) * std::exp(-a.value * a.value) * a.slope}; }

// Every hyperparameter of a run.
struct Hyperparameters {
  std::vector<Dual> initial, learning_rates, momenta, l2, l1, inputs, targets, example_weights, initial_velocity;

  explicit Hyperparameters(const TrainingRun& run) {
    const auto take = [](const std::vector<double>& values) { return std::vector<Dual>(values.begin(), values.end()); };
    initial = take(run.initial);
    learning_rates = take(run.learning_rates);
    momenta = take(run.momenta);
    l2 = run.penalties ? take(run.l2) : std::vector<Dual>(run.initial.size());
    l1 = run.penalties ? take(run.l1) : std::vector<Dual>(run.initial.size());
    inputs = take(run.inputs);
    targets = take(run.targets);
    example_weights = run.weighted ? take(run.example_weights) : std::vector<Dual>(static_cast<size_t>(run.examples), Dual(1.0));
    initial_velocity.resize(run.initial.size());
  }
};

// A hidden unit's value and derivative.
struct UnitValue {
  Dual value, derivative;
};

inline UnitValue activate(int32_t activation, Dual z) {
  const Dual sigmoid = Dual(1.0) / (Dual(1.0) + exp(Dual(0.0) - z));
  switch (activation) {
    case HG_TANH: {
      const Dual a = Dual(2.0) / (Dual(1.0) + exp(Dual(-2.0) * z)) - Dual(1.0);
      return {a, Dual(1.0) - a * a};
    }
    case HG_RELU:
      return z.value > 0 ? UnitValue{z, 1.0} : UnitValue{0.0, 0.0};
    case HG_SIGMOID:
      return {sigmoid, sigmoid * (Dual(1.0) - sigmoid)};
    case HG_SOFTPLUS:
      return {log(Dual(1.0) + exp(z)), sigmoid};
    case HG_GELU: {
      const Dual distribution = Dual(0.5) * (Dual(1.0) + erf(z * Dual(std::sqrt(0.5))));
      const Dual density = Dual(1 / std::sqrt(2 * std::acos(-1.0))) * exp(Dual(-0.5) * z * z);
      return {z * distribution, distribution + z * density};
    }
    default:
      return {z, 1.0};
  }
}

// ℓ of one example, and its gradient by the weights added to `gradient`, each weighted by `factor`.
inline Dual example_loss(const TrainingRun& run, const std::vector<Dual>& w, const Dual* x, const Dual* y, Dual factor,
                         std::vector<Dual>* gradient) {
  const size_t depth = run.layers.size() - 1;
  std::vector<std::vector<Dual>> values{{x, x + run.layers[0]}}, derivatives;
  size_t offset = 0;
  std::vector<size_t> offsets;
  for (size_t layer = 0; layer < depth; layer++) {
    const size_t rows = run.layers[layer], columns = run.layers[layer + 1];
    offsets.push_back(offset);
    std::vector<Dual> a(columns), d(columns);
    for (size_t j = 0; j < columns; j++) {
      Dual z = w[offset + rows * columns + j];
      for (size_t i = 0; i < rows; i++) z = z + values[layer][i] * w[offset + i * columns + j];
      const UnitValue unit = layer + 1 < depth ? activate(run.activation, z) : UnitValue{z, 1.0};
      a[j] = unit.value;
      d[j] = unit.derivative;
    }
    values.push_back(a);
    derivatives.push_back(d);
    offset += rows * columns + columns;
  }
  const std::vector<Dual>& f = values.back();
  std::vector<Dual> delta(f.size());
  Dual loss, total, mass;
  for (size_t c = 0; c < f.size(); c++) {
    total = total + exp(f[c]);
    mass = mass + y[c];
  }
  for (size_t c = 0; c < f.size(); c++) {
    if (run.loss == HG_SQUARED) {
      loss = loss + Dual(0.5) * (f[c] - y[c]) * (f[c] - y[c]);
      delta[c] = f[c] - y[c];
    } else {
      loss = loss + y[c] * (log(total) - f[c]);
      delta[c] = mass * exp(f[c]) / total - y[c];
    }
  }
  if (gradient == nullptr) return loss;
  for (size_t layer = depth; layer-- > 0;) {
    const size_t rows = run.layers[layer], columns = run.layers[layer + 1];
    std::vector<Dual> below(rows);
    for (size_t j = 0; j < columns; j++) {
      (*gradient)[offsets[layer] + rows * columns + j] = (*gradient)[offsets[layer] + rows * columns + j] + factor * delta[j];
      for (size_t i = 0; i < rows; i++) {
        const size_t at = offsets[layer] + i * columns + j;
        (*gradient)[at] = (*gradient)[at] + factor * delta[j] * values[layer][i];
        below[i] = below[i] + delta[j] * w[at];
      }
    }
    if (layer > 0)
      for (size_t i = 0; i < rows; i++) below[i] = below[i] * derivatives[layer - 1][i];
    delta = below;
  }
  return loss;
}

struct Trained {
  Dual validation_loss;
  std::vector<Dual> weights, training_losses;
};

// Trains and validates on the training examples, whose numbers there are constants.
inline Trained train(const TrainingRun& run, const Hyperparameters& h) {
  Trained result{{}, h.initial, {}};
  std::vector<Dual>& w = result.weights;
  std::vector<Dual> v = h.initial_velocity;
  for (int32_t step = 0; step < run.steps; step++) {
    std::vector<Dual> g(w.size());
    const std::vector<int32_t> batch = run.batch(step);
    Dual loss;
    for (int32_t example : batch) {
      const Dual factor = h.example_weights[example] / Dual(static_cast<double>(batch.size()));
      loss = loss + factor * example_loss(run, w, &h.inputs[static_cast<size_t>(example) * run.layers.front()],
                                          &h.targets[static_cast<size_t>(example) * run.layers.back()], factor, &g);
    }
    for (size_t i = 0; i < w.size(); i++) {
      const double sign = (w[i].value > 0) - (w[i].value < 0);
      loss = loss + h.l2[i] * w[i] * w[i] + h.l1[i] * Dual(sign) * w[i];
      g[i] = g[i] + Dual(2.0) * h.l2[i] * w[i] + h.l1[i] * Dual(sign);
    }
    for (size_t i = 0; i < w.size(); i++) {
      const size_t entry = static_cast<size_t>(step) * run.groups + run.group_of(static_cast<int32_t>(i));
      v[i] = h.momenta[entry] * v[i] - (Dual(1.0) - h.momenta[entry]) * g[i];
      w[i] = w[i] + h.learning_rates[entry] * v[i];
    }
    result.training_losses.push_back(loss);
  }
  const Hyperparameters fixed(run);
  for (int32_t example = 0; example < run.examples; example++)
    result.validation_loss =
        result.validation_loss + example_loss(run, w, &fixed.inputs[static_cast<size_t>(example) * run.layers.front()],
                                              &fixed.targets[static_cast<size_t>(example) * run.layers.back()], 0.0, nullptr);
  result.validation_loss = result.validation_loss / Dual(run.examples);
  return result;
}

}  // namespace hypergrad::testing
