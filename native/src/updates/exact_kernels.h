// Advance and retreat of the exact state: a thread works through the list for its weight. Bytes are spilled and put back within, at places
// known from the schedule.
#pragma once

#include "updates/decay.h"
#include "updates/drift.h"
#include "updates/kick.h"

namespace hypergrad {

// The arrays of the exact state, [replicas × weights].
struct ExactView {
  const UpdateView* updates;
  int32_t count;
  int64_t stride;
  int64_t* positions;       // X
  int64_t* const* uppers;   // [slots]: a slot's numbers, or the upper words of a second moment
  uint64_t* const* lowers;  // [slots]: its lower words, or null
  const StoreView* stores;  // [updates]

  HG_BOTH Place place(int32_t replica, int32_t tensor, int32_t within, int32_t weight) const {
    return {replica, tensor, within, replica * stride + weight};
  }
  HG_BOTH bool is_second_moment(int32_t slot) const { return slot >= 0 && lowers[slot] != nullptr; }
  HG_BOTH int64_t& number(int32_t target, int64_t at) const { return target < 0 ? positions[at] : uppers[target][at]; }
  HG_BOTH SecondMoment second_moment(int32_t slot, int64_t at) const { return {uppers[slot][at], lowers[slot][at]}; }
  HG_BOTH void save(int32_t slot, int64_t at, const SecondMoment& value) const {
    uppers[slot][at] = value.upper;
    lowers[slot][at] = value.lower;
  }
  HG_BOTH double slot_value(int32_t slot, int64_t at) const {
    return is_second_moment(slot) ? second_moment(slot, at).value() : fixed_to_double(uppers[slot][at]);
  }

  HG_BOTH double scaled_drift_of(const UpdateView& update, int32_t step, const Place& place) const {
    const double coefficient = update.coefficient.value(step, place);
    if (update.direction == HG_SLOT_DIRECTION) return scaled_drift(coefficient, uppers[update.slot][place.at]);
    return scaled_drift(coefficient, AdamDirection<double>(slot_value(update.slot, place.at), slot_value(update.second_slot, place.at),
                                                           update.correction.value(step, place),
                                                           update.second_correction.value(step, place), update.epsilon.value(step, place)));
  }

  // Calls f with the number that an update moves, an int64_t or a SecondMoment, and writes it back.
  template <class F>
  HG_BOTH void change(int32_t target, int64_t at, const F& f) const {
    if (!is_second_moment(target)) {
      f(number(target, at));
      return;
    }
    SecondMoment value = second_moment(target, at);
    f(value);
    save(target, at, value);
  }
};

// Functors for change.
struct DecayExactly {
  const UpdateView& update;
  const StoreView& stores;
  int32_t step;
  const Place& place;

  template <class Number>
  HG_BOTH void operator()(Number& value) const {
    decay_exactly(update.coefficient, stores, step, place, value);
  }
};

struct UndoDecayExactly {
  const UpdateView& update;
  const StoreView& stores;
  int32_t step;
  const Place& place;

  template <class Number>
  HG_BOTH void operator()(Number& value) const {
    undo_decay_exactly(update.coefficient, stores, step, place, value);
  }
};

struct KickExactly {
  double coefficient, gradient;
  Fault& fault;

  template <class Number>
  HG_BOTH void operator()(Number& value) const {
    fault = kick_exactly(value, coefficient, gradient);
  }
};

struct UndoKickExactly {
  double coefficient, gradient;

  template <class Number>
  HG_BOTH void operator()(Number& value) const {
    undo_kick_exactly(value, coefficient, gradient);
  }
};

// The list in its order.
template <class T>
struct AdvanceExactly {
  ExactView state;
  StepReference step;
  FaultNote note;
  const T* gradient;
  T* weights;

  HG_BOTH void operator()(int32_t replica, int32_t tensor, int32_t within, int32_t weight) const {
    const Place place = state.place(replica, tensor, within, weight);
    const int32_t t = step.get();
    for (int32_t i = 0; i < state.count; i++) {
      const UpdateView& update = state.updates[i];
      Fault fault = no_fault;
      if (update.kind == HG_DECAY) {
        if (state.stores[i].any()) state.change(update.target, place.at, DecayExactly{update, state.stores[i], t, place});
      } else if (update.kind == HG_KICK) {
        const double g = static_cast<double>(gradient[place.at]);
        state.change(update.target, place.at, KickExactly{update.coefficient.value(t, place), g, fault});
      } else {
        fault = drift_exactly(state.positions[place.at], state.scaled_drift_of(update, t, place));
      }
      if (fault != no_fault) note.report(t, tensor, fault, update.target < 0 ? 31 : update.target);
    }
    weights[place.at] = static_cast<T>(fixed_to_double(state.positions[place.at]));
  }
};

// Drifts and decays of the weights undone, from the end of the list.
template <class T>
struct RetreatWeights {
  ExactView state;
  StepReference step;
  T* weights;

  HG_BOTH void operator()(int32_t replica, int32_t tensor, int32_t within, int32_t weight) const {
    const Place place = state.place(replica, tensor, within, weight);
    const int32_t t = step.get();
    for (int32_t i = state.count - 1; i >= 0; i--) {
      const UpdateView& update = state.updates[i];
      if (update.kind == HG_DRIFT)
        undo_drift_exactly(state.positions[place.at], state.scaled_drift_of(update, t, place));
      else if (update.kind == HG_DECAY && update.target < 0 && state.stores[i].any())
        undo_decay_exactly(update.coefficient, state.stores[i], t, place, state.positions[place.at]);
    }
    weights[place.at] = static_cast<T>(fixed_to_double(state.positions[place.at]));
  }
};

// The session's slots become those of the state.
template <class T>
HG_BOTH void make_slots_real(const ExactView& state, T* const* slots, int32_t slot_count, int64_t at) {
  for (int32_t slot = 0; slot < slot_count; slot++) slots[slot][at] = static_cast<T>(state.slot_value(slot, at));
}

template <class T>
struct BeginRetreat {
  ExactView state;
  T* const* slots;
  int32_t slot_count;

  HG_BOTH void operator()(int32_t replica, int32_t, int32_t, int32_t weight) const {
    make_slots_real(state, slots, slot_count, replica * state.stride + weight);
  }
};

// Kicks and decays of the slots undone, from the end of the list.
template <class T>
struct RetreatSlots {
  ExactView state;
  StepReference step;
  const T* gradient;
  T* const* slots;
  int32_t slot_count;

  HG_BOTH void operator()(int32_t replica, int32_t tensor, int32_t within, int32_t weight) const {
    const Place place = state.place(replica, tensor, within, weight);
    const int32_t t = step.get();
    for (int32_t i = state.count - 1; i >= 0; i--) {
      const UpdateView& update = state.updates[i];
      if (update.target < 0) continue;
      if (update.kind == HG_KICK)
        state.change(update.target, place.at, UndoKickExactly{update.coefficient.value(t, place), static_cast<double>(gradient[place.at])});
      else if (state.stores[i].any())
        state.change(update.target, place.at, UndoDecayExactly{update, state.stores[i], t, place});
    }
    make_slots_real(state, slots, slot_count, place.at);
  }
};

}  // namespace hypergrad
