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

template <class T>
HG_BOTH AdamDirection<T> adam_direction(const UpdateView& update, const StateView<T>& state, int32_t step, const Place& place) {
  return {state.slots[update.slot][place.at], state.slots[update.second_slot][place.at],
          static_cast<T>(update.correction.value(step, place)), static_cast<T>(update.second_correction.value(step, place)),
          static_cast<T>(update.epsilon.value(step, place))};
}

// ψ.
template <class T>
HG_BOTH T direction_of(const UpdateView& update, const StateView<T>& state, int32_t step, const Place& place) {
  if (update.direction == HG_SLOT_DIRECTION) return state.slots[update.slot][place.at];
  return adam_direction(update, state, step, place).value();
}

template <class T>
HG_BOTH void drift_in_floats(const UpdateView& update, const StateView<T>& state, int32_t step, const Place& place) {
  T& w = state.weights[place.at];
  w = w + static_cast<T>(update.coefficient.value(step, place)) * direction_of(update, state, step, place);
}

// slot‾ += a·w̄∘∂ψ/∂slot. The state's slots are those that ψ read.
template <class T>
HG_BOTH void pull_back_drift(const UpdateView& update, const StateView<T>& state, const StateView<T>& adjoint, int32_t step,
                             const Place& place) {
  const T w = static_cast<T>(update.coefficient.value(step, place)) * adjoint.weights[place.at];
  if (update.direction == HG_SLOT_DIRECTION) {
    adjoint.slots[update.slot][place.at] += w;
    return;
  }
  const AdamDirection<T> direction = adam_direction(update, state, step, place);
  adjoint.slots[update.slot][place.at] += w * direction.by_first_moment();
  adjoint.slots[update.second_slot][place.at] += w * direction.by_second_moment();
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
    if (which == DriftCoefficient::factor) return w * static_cast<double>(direction_of(update, state, step, place));
    const AdamDirection<T> direction = adam_direction(update, state, step, place);
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
