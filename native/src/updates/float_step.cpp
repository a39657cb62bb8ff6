// All updates of a step in floating point, one kernel.
#include "session/session.h"
#include "updates/decay.h"
#include "updates/drift.h"
#include "updates/kick.h"

namespace hypergrad {

namespace {

template <class T>
struct AdvanceInFloats {
  StateView<T> state;
  int32_t slot_count;
  StepReference step;
  FaultNote fault;
  const T* gradient;

  HG_BOTH void operator()(const WeightRange& range) const {
    const int32_t t = step.get();
    for (int32_t i = 0; i < state.count; i++) {
      const UpdateView& update = state.updates[i];
      if (update.kind == HG_DECAY)
        decay_in_floats(update, state, t, range);
      else if (update.kind == HG_KICK)
        kick_in_floats(update, state, t, range, gradient);
      else
        drift_in_floats(update, state, t, range);
    }
    // The list moves slots before weights, and the first that is not finite is the one that is told.
    for (int32_t slot = 0; slot < slot_count; slot++)
      if (!is_finite(state.slots[slot], range)) return fault.report(t, range.tensor, float_fault, slot);
    if (!is_finite(state.weights, range)) fault.report(t, range.tensor, float_fault);
  }

 private:
  HG_BOTH static bool is_finite(const T* numbers, const WeightRange& range) {
    // x − x is 0 for a number, and not for one that is not finite; nor is a sum with such a one.
    T sum = 0;
    for (int64_t at = range.at; at < range.at + range.count; at++) sum += numbers[at] - numbers[at];
    return sum == T(0);
  }
};

}  // namespace

template <class T>
void SessionOf<T>::advance(int32_t step) {
  perform(step, steps, [this](StepReference t) {
    for_each_range(*context, layout, AdvanceInFloats<T>{state(), optimizer.slot_count(), t, fault_note(), gradient->data()});
  });
}

template void SessionOf<float>::advance(int32_t);
template void SessionOf<double>::advance(int32_t);

}  // namespace hypergrad
