// What surrounds the passes: penalties, the losses that are noted, and the derivatives of single examples.
#pragma once

#include "arithmetic/platform.h"
#include "data/minibatch_plan.h"
#include "runtime/reduction.h"
#include "runtime/step_reference.h"
#include "session/loss_kernels.h"
#include "weights/layout.h"

namespace hypergrad {

// sign(0) = 0.
template <class T>
HG_BOTH T sign_of(T value) {
  return static_cast<T>((value > T(0)) - (value < T(0)));
}

// The mean over an example's positions of numbers of its rows, one after the other.
HG_BOTH inline double mean_of_positions(const double* rows, int64_t example, int32_t positions) {
  double sum = 0;
  for (int64_t row = example * positions; row < (example + 1) * positions; row++) sum += rows[row];
  return sum / positions;
}

// The training loss of a step, (1/B) Σ ω ℓ, per replica.
struct TrainingLoss {
  using Sum = double;

  MinibatchPlan plan;
  StepReference step;
  const double* example_weights;
  const int32_t* examples;
  const double* row_losses;  // [replicas × rows × positions]
  int32_t rows, positions, steps;
  double* losses;  // [replicas × steps]

  HG_BOTH int64_t count(int64_t) const { return plan.size(step.get()); }
  HG_BOTH double term(int64_t replica, int64_t row) const {
    const int64_t at = replica * rows + row;
    return (example_weights != nullptr ? example_weights[examples[at]] : 1.0) * mean_of_positions(row_losses, at, positions);
  }
  HG_BOTH void store(int64_t replica, double sum) const { losses[replica * steps + step.get()] = sum / plan.size(step.get()); }
};

// g += 2λ ∘ w + μ ∘ sign(w).
template <class T>
struct AddPenaltyGradient {
  const T* l2;
  const T* l1;
  int64_t stride;
  const T* weights;
  T* gradient;

  HG_BOTH void operator()(int32_t replica, int32_t, int32_t, int32_t weight) const {
    const int64_t at = replica * stride + weight;
    const T w = weights[at];
    T sum = gradient[at];
    if (l2 != nullptr) sum += (l2[weight] + l2[weight]) * w;
    if (l1 != nullptr) sum += l1[weight] * sign_of(w);
    gradient[at] = sum;
  }
};

// Hu += 2λ ∘ u. The L1 penalty's second derivative is 0.
template <class T>
struct AddPenaltyProduct {
  const T* l2;
  int64_t stride;
  const T* direction;
  T* product;

  HG_BOTH void operator()(int32_t replica, int32_t, int32_t, int32_t weight) const {
    const int64_t at = replica * stride + weight;
    product[at] += (l2[weight] + l2[weight]) * direction[at];
  }
};

// Σ λ_j w_j² + Σ μ_j |w_j| of each tile.
template <class T>
struct PenaltyOfTile {
  using Sum = double;

  const T* l2;
  const T* l1;
  int64_t stride;
  const T* weights;
  const WeightTile* tiles;
  int32_t tile_count;
  double* sums;

  HG_BOTH int64_t count(int64_t piece) const { return tiles[piece % tile_count].count; }
  HG_BOTH double term(int64_t piece, int64_t i) const {
    const int64_t weight = tiles[piece % tile_count].start + i;
    const double w = static_cast<double>(weights[piece / tile_count * stride + weight]);
    return (l2 != nullptr ? static_cast<double>(l2[weight]) * w * w : 0.0) +
           (l1 != nullptr ? static_cast<double>(l1[weight]) * std::fabs(w) : 0.0);
  }
  HG_BOTH void store(int64_t piece, double sum) const { sums[piece] = sum; }
};

// And of all of them, into the loss that was noted.
struct AddPenaltyLoss {
  using Sum = double;

  const double* sums;
  int32_t tile_count;
  StepReference step;
  int32_t steps;
  double* losses;

  HG_BOTH int64_t count(int64_t) const { return tile_count; }
  HG_BOTH double term(int64_t replica, int64_t tile) const { return sums[replica * tile_count + tile]; }
  HG_BOTH void store(int64_t replica, double sum) const { losses[replica * steps + step.get()] += sum; }
};

// dλ += 2 w ∘ u, dμ += sign(w) ∘ u.
template <class T>
struct AddPenaltyTangent {
  const T* weights;
  const T* direction;
  T* l2;
  T* l1;

  HG_BOTH void operator()(int64_t at) const {
    const T w = weights[at], u = direction[at];
    if (l2 != nullptr) l2[at] += (w + w) * u;
    if (l1 != nullptr) l1[at] += sign_of(w) * u;
  }
};

// A batch whose repeated examples are linked: the first row of an example gathers for all of them, in the order of the rows.
struct BatchRows {
  const int32_t* examples;
  const int32_t* is_first;
  const int32_t* next;
  int32_t rows, example_count;
};

// dX += tangent, or dY += c · tangent.
template <class T>
struct AddRows {
  BatchRows batch;
  int32_t columns;
  const T* tangents;
  const T* factors;   // ω/B of each row, or null
  int32_t positions;  // over which the loss is a mean, with factors
  double* target;     // [replicas × examples × columns]

  HG_BOTH void operator()(int32_t replica, int32_t row, int32_t column) const {
    const int64_t start = static_cast<int64_t>(replica) * batch.rows;
    if (batch.is_first[start + row] == 0) return;
    const int64_t example = static_cast<int64_t>(replica) * batch.example_count + batch.examples[start + row];
    double value = target[example * columns + column];
    for (int32_t r = row; r >= 0; r = batch.next[start + r]) {
      const double factor = factors != nullptr ? static_cast<double>(factors[start + r]) / positions : 1.0;
      value += factor * static_cast<double>(tangents[(start + r) * columns + column]);
    }
    target[example * columns + column] = value;
  }
};

// dω += ℓ̇ / B.
struct AddLossTangents {
  BatchRows batch;
  MinibatchPlan plan;
  StepReference step;
  const double* loss_tangents;  // [replicas × rows × positions]
  int32_t positions;
  double* target;  // [replicas × examples]

  HG_BOTH void operator()(int64_t i) const {
    if (batch.is_first[i] == 0) return;
    const int64_t replica = i / batch.rows, start = replica * batch.rows;
    double* at = target + replica * batch.example_count + batch.examples[i];
    const int32_t size = plan.size(step.get());
    double value = *at;
    for (int32_t r = static_cast<int32_t>(i % batch.rows); r >= 0; r = batch.next[start + r])
      value += mean_of_positions(loss_tangents, start + r, positions) / size;
    *at = value;
  }
};

// The losses of all positions of a batch, added to what is there.
struct AddLosses {
  using Sum = double;

  const double* losses;
  int32_t rows;  // of outputs
  double* sums;  // [replicas]

  HG_BOTH int64_t count(int64_t) const { return rows; }
  HG_BOTH double term(int64_t replica, int64_t row) const { return losses[replica * rows + row]; }
  HG_BOTH void store(int64_t replica, double sum) const { sums[replica] += sum; }
};

// The positions of a batch that are in error, added to what is there.
struct CountErrors {
  using Sum = uint64_t;

  const int32_t* row_errors;
  int32_t rows;      // of outputs
  uint64_t* errors;  // [replicas]

  HG_BOTH int64_t count(int64_t) const { return rows; }
  HG_BOTH uint64_t term(int64_t replica, int64_t row) const { return static_cast<uint64_t>(row_errors[replica * rows + row]); }
  HG_BOTH void store(int64_t replica, uint64_t sum) const { errors[replica] += sum; }
};

}  // namespace hypergrad
