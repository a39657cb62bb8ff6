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

  HG_BOTH void operator()(int32_t replica, int32_t tensor, int32_t within, int32_t weight) const {
    const Place place = state.place(replica, tensor, within, weight);
    const int32_t t = step.get();
    for (int32_t i = 0; i < state.count; i++) {
      const UpdateView& update = state.updates[i];
      if (update.kind == HG_DECAY)
        decay_in_floats(update, state, t, place);
      else if (update.kind == HG_KICK)
        kick_in_floats(update, state, t, place, gradient[place.at]);
      else
        drift_in_floats(update, state, t, place);
    }
    // x − x is 0 for a number, and not for one that is not finite.
    bool is_finite = state.weights[place.at] - state.weights[place.at] == T(0);
    for (int32_t slot = 0; slot < slot_count; slot++) is_finite &= state.slots[slot][place.at] - state.slots[slot][place.at] == T(0);
    if (!is_finite) fault.report(t, tensor, float_fault);
  }
};

}  // namespace

template <class T>
void SessionOf<T>::advance(int32_t step) {
  perform(step, steps, [this](StepReference t) {
    for_each_weight(*context, layout, AdvanceInFloats<T>{state(), optimizer.slot_count(), t, fault_note(), gradient->data()});
  });
}

template void SessionOf<float>::advance(int32_t);
template void SessionOf<double>::advance(int32_t);

}  // namespace hypergrad
