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

// A kick of the weights of a range; what goes wrong is noted.
template <class T, class Numbers>
HG_BOTH void kick_range(const CoefficientView& coefficient, int32_t step, const WeightRange& range, const Numbers& numbers,
                        const T* gradient, const FaultNote& note, int32_t slot) {
  const CoefficientRow row(coefficient, step, range.tensor);
  for (GroupRun run = first_run(row.pattern, range); run.first < range.count; run = next_run(row.pattern, range, run)) {
    const double c = row.values[run.group];
    for (int64_t at = range.at + run.first; at < range.at + run.end; at++) {
      auto value = numbers.load(at);
      const Fault fault = kick_exactly(value, c, static_cast<double>(gradient[at]));
      numbers.save(at, value);
      if (fault != no_fault) note.report(step, range.tensor, fault, slot);
    }
  }
}

template <class T, class Numbers>
HG_BOTH void undo_kick_range(const CoefficientView& coefficient, int32_t step, const WeightRange& range, const Numbers& numbers,
                             const T* gradient) {
  const CoefficientRow row(coefficient, step, range.tensor);
  for (GroupRun run = first_run(row.pattern, range); run.first < range.count; run = next_run(row.pattern, range, run)) {
    const double c = row.values[run.group];
    for (int64_t at = range.at + run.first; at < range.at + run.end; at++) {
      auto value = numbers.load(at);
      undo_kick_exactly(value, c, static_cast<double>(gradient[at]));
      numbers.save(at, value);
    }
  }
}

template <class T>
HG_BOTH void kick_in_floats(const UpdateView& update, const StateView<T>& state, int32_t step, const WeightRange& range,
                            const T* gradient) {
  const CoefficientRow row(update.coefficient, step, range.tensor);
  T* x = state.numbers(update.target) + range.at;
  const T* g = gradient + range.at;
  const bool is_square = update.function == HG_SQUARE;
  for (GroupRun run = first_run(row.pattern, range); run.first < range.count; run = next_run(row.pattern, range, run)) {
    const T c = static_cast<T>(row.values[run.group]);
    if (is_square)
      for (int32_t i = run.first; i < run.end; i++) x[i] = x[i] + c * (g[i] * g[i]);
    else
      for (int32_t i = run.first; i < run.end; i++) x[i] = x[i] + c * g[i];
  }
}

// u += c·x̄∘φ′(g).
template <class T>
HG_BOTH void pull_back_kick(const UpdateView& update, const StateView<T>& adjoint, int32_t step, const WeightRange& range,
                            const T* gradient, T* direction) {
  const CoefficientRow row(update.coefficient, step, range.tensor);
  const T *x = adjoint.numbers(update.target) + range.at, *g = gradient + range.at;
  T* u = direction + range.at;
  const bool is_square = update.function == HG_SQUARE;
  for (GroupRun run = first_run(row.pattern, range); run.first < range.count; run = next_run(row.pattern, range, run)) {
    const T c = static_cast<T>(row.values[run.group]);
    if (is_square)
      for (int32_t i = run.first; i < run.end; i++) u[i] += c * x[i] * (g[i] + g[i]);
    else
      for (int32_t i = run.first; i < run.end; i++) u[i] += c * x[i];
  }
}

// The weight's term of c̄.
template <class T>
struct KickTerm {
  StateView<T> adjoint;
  int32_t target;
  bool is_square;
  const T* gradient;

  HG_BOTH double operator()(int32_t, const Place& place) const {
    const double g = static_cast<double>(gradient[place.at]);
    return static_cast<double>(adjoint.numbers(target)[place.at]) * (is_square ? g * g : g);
  }
};

}  // namespace hypergrad
