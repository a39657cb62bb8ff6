// x ← x + c·φ(g): in floating point, exactly, undone, and pulled back: c̄ += Σ x̄∘φ(g), u += c·x̄∘φ′(g).
#pragma once

#include "arithmetic/second_moment.h"
#include "updates/fault.h"
#include "updates/update_view.h"

namespace hypergrad {

// V ← V + trunc(c·g·2⁵²).
HG_BOTH inline Fault kick_exactly(int64_t& value, double coefficient, double gradient) {
  const double scaled = (coefficient * fixed_one) * gradient;
  const int64_t change = truncate(scaled), kicked = wrapping_add(value, change);
  const bool overflowed = addition_overflowed(value, change, kicked);
  value = kicked;
  return !fits_fixed(scaled) ? gradient_fault : overflowed ? slot_fault : no_fault;
}

HG_BOTH inline void undo_kick_exactly(int64_t& value, double coefficient, double gradient) {
  value = wrapping_subtract(value, truncate((coefficient * fixed_one) * gradient));
}

// S ← S + round(c·g²·2⁹⁶).
HG_BOTH inline Fault kick_exactly(SecondMoment& value, double coefficient, double gradient) {
  const double change = coefficient * (gradient * gradient);
  value.add(second_moment_from_double(change));
  return !fits_second_moment(change) ? gradient_fault : value.upper < 0 ? slot_fault : no_fault;
}

HG_BOTH inline void undo_kick_exactly(SecondMoment& value, double coefficient, double gradient) {
  value.subtract(second_moment_from_double(coefficient * (gradient * gradient)));
}

template <class T>
HG_BOTH T function_of_gradient(int32_t function, T gradient) {
  return function == HG_SQUARE ? gradient * gradient : gradient;
}

template <class T>
HG_BOTH void kick_in_floats(const UpdateView& update, const StateView<T>& state, int32_t step, const Place& place, T gradient) {
  T& x = state.number(update.target, place.at);
  x = x + static_cast<T>(update.coefficient.value(step, place)) * function_of_gradient(update.function, gradient);
}

// The weight's part of u.
template <class T>
HG_BOTH T pull_back_kick(const UpdateView& update, const StateView<T>& adjoint, int32_t step, const Place& place, T gradient) {
  const T x = static_cast<T>(update.coefficient.value(step, place)) * adjoint.number(update.target, place.at);
  return update.function == HG_SQUARE ? x * (gradient + gradient) : x;
}

// The weight's term of c̄.
template <class T>
struct KickTerm {
  StateView<T> adjoint;
  int32_t index;
  const T* gradient;

  HG_BOTH double operator()(int32_t, const Place& place) const {
    const UpdateView& update = adjoint.updates[index];
    const double g = static_cast<double>(gradient[place.at]);
    return static_cast<double>(adjoint.number(update.target, place.at)) * function_of_gradient(update.function, g);
  }
};

}  // namespace hypergrad
