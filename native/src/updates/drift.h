// w ← w + a·ψ(slots): in floating point, exactly, undone, and pulled back: ā += Σ w̄∘ψ, slot‾ += a·w̄∘∂ψ/∂slot.
//
// Adam's ψ = m̂/q with m̂ = m/b₁, r = √(s/b₂), q = r + ε has ∂ψ/∂m = 1/(b₁q), ∂ψ/∂s = −m̂/(2 r b₂ q²) (0 at s = 0), ∂ψ/∂b₁ = −ψ/b₁,
// ∂ψ/∂b₂ = m̂ r/(2 b₂ q²) and ∂ψ/∂ε = −m̂/q².
#pragma once

#include <cmath>

#include "arithmetic/fixed_point.h"
#include "updates/fault.h"
#include "updates/update_view.h"

namespace hypergrad {

template <class T>
struct AdamDirection {
  T first, correction, second_correction, root, denominator;  // m̂, b₁, b₂, r, q

  HG_BOTH AdamDirection(T m, T s, T b1, T b2, T epsilon)
      : first(m / b1), correction(b1), second_correction(b2), root(std::sqrt(s / b2)), denominator(root + epsilon) {}

  HG_BOTH T value() const { return first / denominator; }
  HG_BOTH T by_first_moment() const { return T(1) / (correction * denominator); }
  HG_BOTH T by_second_moment() const { return root > T(0) ? -first / denominator / denominator / (T(2) * root * second_correction) : T(0); }
  HG_BOTH T by_first_correction() const { return -value() / correction; }
  HG_BOTH T by_second_correction() const { return first * root / denominator / denominator / (T(2) * second_correction); }
  HG_BOTH T by_epsilon() const { return -first / denominator / denominator; }
};

// The coefficients of Adam's direction at one step, for the weights of one tensor.
struct AdamRows {
  CoefficientRow correction, second_correction, epsilon;

  HG_BOTH AdamRows(const UpdateView& update, int32_t step, int32_t tensor)
      : correction(update.correction, step, tensor),
        second_correction(update.second_correction, step, tensor),
        epsilon(update.epsilon, step, tensor) {}

  template <class T>
  HG_BOTH AdamDirection<T> direction(T m, T s, int32_t within) const {
    return {m, s, static_cast<T>(correction.value(within)), static_cast<T>(second_correction.value(within)),
            static_cast<T>(epsilon.value(within))};
  }
};

template <class T>
HG_BOTH void drift_in_floats(const UpdateView& update, const StateView<T>& state, int32_t step, const WeightRange& range) {
  const CoefficientRow row(update.coefficient, step, range.tensor);
  T* w = state.weights + range.at;
  const T* m = state.slots[update.slot] + range.at;
  if (update.direction == HG_SLOT_DIRECTION) {
    for (GroupRun run = first_run(row.pattern, range); run.first < range.count; run = next_run(row.pattern, range, run)) {
      const T a = static_cast<T>(row.values[run.group]);
      for (int32_t i = run.first; i < run.end; i++) w[i] = w[i] + a * m[i];
    }
    return;
  }
  const AdamRows rows(update, step, range.tensor);
  const T* s = state.slots[update.second_slot] + range.at;
  for (int32_t i = 0; i < range.count; i++) {
    const int32_t within = range.within + i;
    w[i] = w[i] + static_cast<T>(row.value(within)) * rows.direction(m[i], s[i], within).value();
  }
}

// slot‾ += a·w̄∘∂ψ/∂slot. The state's slots are those that ψ read.
template <class T>
HG_BOTH void pull_back_drift(const UpdateView& update, const StateView<T>& state, const StateView<T>& adjoint, int32_t step,
                             const WeightRange& range) {
  const CoefficientRow row(update.coefficient, step, range.tensor);
  const T* w_bar = adjoint.weights + range.at;
  T* m_bar = adjoint.slots[update.slot] + range.at;
  if (update.direction == HG_SLOT_DIRECTION) {
    for (GroupRun run = first_run(row.pattern, range); run.first < range.count; run = next_run(row.pattern, range, run)) {
      const T a = static_cast<T>(row.values[run.group]);
      for (int32_t i = run.first; i < run.end; i++) m_bar[i] += a * w_bar[i];
    }
    return;
  }
  const AdamRows rows(update, step, range.tensor);
  const T *m = state.slots[update.slot] + range.at, *s = state.slots[update.second_slot] + range.at;
  T* s_bar = adjoint.slots[update.second_slot] + range.at;
  for (int32_t i = 0; i < range.count; i++) {
    const int32_t within = range.within + i;
    const T scaled = static_cast<T>(row.value(within)) * w_bar[i];
    const AdamDirection<T> direction = rows.direction(m[i], s[i], within);
    m_bar[i] += scaled * direction.by_first_moment();
    s_bar[i] += scaled * direction.by_second_moment();
  }
}

// Which coefficient of a drift.
enum class DriftCoefficient : int32_t { factor, correction, second_correction, epsilon };

// The weight's term of that coefficient's gradient.
template <class T>
struct DriftTerm {
  StateView<T> state, adjoint;
  int32_t index;
  DriftCoefficient which;

  HG_BOTH double operator()(int32_t step, const Place& place) const {
    const UpdateView& update = state.updates[index];
    const double w = static_cast<double>(adjoint.weights[place.at]);
    const T m = state.slots[update.slot][place.at];
    if (update.direction == HG_SLOT_DIRECTION) return w * static_cast<double>(m);
    const AdamDirection<T> direction =
        AdamRows(update, step, place.tensor).direction(m, state.slots[update.second_slot][place.at], place.within);
    if (which == DriftCoefficient::factor) return w * static_cast<double>(direction.value());
    const T by = which == DriftCoefficient::correction          ? direction.by_first_correction()
                 : which == DriftCoefficient::second_correction ? direction.by_second_correction()
                                                                : direction.by_epsilon();
    return w * update.coefficient.value(step, place) * static_cast<double>(by);
  }
};

// What the exact drift adds to X: trunc(a·ψ·2⁵²), each product rounded once. A slot's number has its 2⁵² already.
HG_BOTH inline double scaled_drift(double coefficient, int64_t slot) { return coefficient * static_cast<double>(slot); }
HG_BOTH inline double scaled_drift(double coefficient, const AdamDirection<double>& direction) {
  return (coefficient * direction.value()) * fixed_one;
}

HG_BOTH inline Fault drift_exactly(int64_t& position, double scaled) {
  const int64_t change = truncate(scaled), moved = wrapping_add(position, change);
  const bool overflowed = addition_overflowed(position, change, moved);
  position = moved;
  return overflowed || !fits_fixed(scaled) ? weight_fault : no_fault;
}

HG_BOTH inline void undo_drift_exactly(int64_t& position, double scaled) { position = wrapping_subtract(position, truncate(scaled)); }

}  // namespace hypergrad
