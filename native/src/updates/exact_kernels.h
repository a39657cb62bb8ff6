// Advance and retreat of the exact state: the list is worked through range by range. Bytes are spilled and put back within, at places known
// from the schedule.
#pragma once

#include "updates/decay.h"
#include "updates/drift.h"
#include "updates/kick.h"

namespace hypergrad {

// The arrays of the exact state, [replicas × weights].
struct ExactView {
  const UpdateView* updates;
  int32_t count;
  int64_t* positions;       // X
  int64_t* const* uppers;   // [slots]: a slot's numbers, or the upper words of a second moment
  uint64_t* const* lowers;  // [slots]: its lower words, or null
  const StoreView* stores;  // [updates]

  HG_BOTH bool is_second_moment(int32_t slot) const { return slot >= 0 && lowers[slot] != nullptr; }
  HG_BOTH FixedNumbers numbers(int32_t target) const { return {target < 0 ? positions : uppers[target]}; }
  HG_BOTH SecondMoments second_moments(int32_t slot) const { return {uppers[slot], lowers[slot]}; }

  template <class Way>
  HG_BOTH void decay(int32_t index, int32_t step, const WeightRange& range) const {
    const UpdateView& update = updates[index];
    if (!stores[index].any()) return;
    if (is_second_moment(update.target))
      decay_range<Way>(update.coefficient, stores[index], step, range, second_moments(update.target));
    else
      decay_range<Way>(update.coefficient, stores[index], step, range, numbers(update.target));
  }

  template <class T>
  HG_BOTH void kick(const UpdateView& update, int32_t step, const WeightRange& range, const T* gradient, const FaultNote& note) const {
    if (is_second_moment(update.target))
      kick_range(update.coefficient, step, range, second_moments(update.target), gradient, note, update.target);
    else
      kick_range(update.coefficient, step, range, numbers(update.target), gradient, note, update.target);
  }

  template <class T>
  HG_BOTH void undo_kick(const UpdateView& update, int32_t step, const WeightRange& range, const T* gradient) const {
    if (is_second_moment(update.target))
      undo_kick_range(update.coefficient, step, range, second_moments(update.target), gradient);
    else
      undo_kick_range(update.coefficient, step, range, numbers(update.target), gradient);
  }

  // Calls move(X, the scaled drift) for every weight of a range.
  template <class Move>
  HG_BOTH void drift(const UpdateView& update, int32_t step, const WeightRange& range, const Move& move) const {
    const CoefficientRow row(update.coefficient, step, range.tensor);
    const int64_t* slot = uppers[update.slot];
    if (update.direction == HG_SLOT_DIRECTION) {
      for (GroupRun run = first_run(row.pattern, range); run.first < range.count; run = next_run(row.pattern, range, run)) {
        const double a = row.values[run.group];
        for (int64_t at = range.at + run.first; at < range.at + run.end; at++) move(positions[at], scaled_drift(a, slot[at]));
      }
      return;
    }
    const AdamRows rows(update, step, range.tensor);
    const SecondMoments second = second_moments(update.second_slot);
    for (int32_t i = 0; i < range.count; i++) {
      const int32_t within = range.within + i;
      const int64_t at = range.at + i;
      move(positions[at], scaled_drift(row.value(within), rows.direction(fixed_to_double(slot[at]), second.load(at).value(), within)));
    }
  }

  // The session's weights become those of X.
  template <class T>
  HG_BOTH void make_weights_real(const WeightRange& range, T* weights) const {
    for (int64_t at = range.at; at < range.at + range.count; at++) weights[at] = static_cast<T>(fixed_to_double(positions[at]));
  }

  // The session's slots become those of the state.
  template <class T>
  HG_BOTH void make_slots_real(const WeightRange& range, T* const* slots, int32_t slot_count) const {
    for (int32_t slot = 0; slot < slot_count; slot++) {
      T* real = slots[slot];
      const int64_t* upper = uppers[slot];
      const uint64_t* lower = lowers[slot];
      for (int64_t at = range.at; at < range.at + range.count; at++)
        real[at] = static_cast<T>(lower != nullptr ? SecondMoment{upper[at], lower[at]}.value() : fixed_to_double(upper[at]));
    }
  }
};

// Functors for drift.
struct DriftExactly {
  int32_t step, tensor;
  const FaultNote& note;

  HG_BOTH void operator()(int64_t& position, double scaled) const {
    const Fault fault = drift_exactly(position, scaled);
    if (fault != no_fault) note.report(step, tensor, fault);
  }
};

struct UndoDriftExactly {
  HG_BOTH void operator()(int64_t& position, double scaled) const { undo_drift_exactly(position, scaled); }
};

// The list in its order.
template <class T>
struct AdvanceExactly {
  ExactView state;
  StepReference step;
  FaultNote note;
  const T* gradient;
  T* weights;

  HG_BOTH void operator()(const WeightRange& range) const {
    const int32_t t = step.get();
    for (int32_t i = 0; i < state.count; i++) {
      const UpdateView& update = state.updates[i];
      if (update.kind == HG_DECAY)
        state.decay<DecayExactly>(i, t, range);
      else if (update.kind == HG_KICK)
        state.kick(update, t, range, gradient, note);
      else
        state.drift(update, t, range, DriftExactly{t, range.tensor, note});
    }
    state.make_weights_real(range, weights);
  }
};

// Drifts and decays of the weights undone, from the end of the list.
template <class T>
struct RetreatWeights {
  ExactView state;
  StepReference step;
  T* weights;

  HG_BOTH void operator()(const WeightRange& range) const {
    const int32_t t = step.get();
    for (int32_t i = state.count - 1; i >= 0; i--) {
      const UpdateView& update = state.updates[i];
      if (update.kind == HG_DRIFT)
        state.drift(update, t, range, UndoDriftExactly{});
      else if (update.kind == HG_DECAY && update.target < 0)
        state.decay<UndoDecayExactly>(i, t, range);
    }
    state.make_weights_real(range, weights);
  }
};

template <class T>
struct BeginRetreat {
  ExactView state;
  T* const* slots;
  int32_t slot_count;

  HG_BOTH void operator()(const WeightRange& range) const { state.make_slots_real(range, slots, slot_count); }
};

// Kicks and decays of the slots undone, from the end of the list.
template <class T>
struct RetreatSlots {
  ExactView state;
  StepReference step;
  const T* gradient;
  T* const* slots;
  int32_t slot_count;

  HG_BOTH void operator()(const WeightRange& range) const {
    const int32_t t = step.get();
    for (int32_t i = state.count - 1; i >= 0; i--) {
      const UpdateView& update = state.updates[i];
      if (update.target < 0) continue;
      if (update.kind == HG_KICK)
        state.undo_kick(update, t, range, gradient);
      else
        state.decay<UndoDecayExactly>(i, t, range);
    }
    state.make_slots_real(range, slots, slot_count);
  }
};

}  // namespace hypergrad
