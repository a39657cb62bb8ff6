// Advance and retreat, one kernel each, that read and write every array once: X and V 8 bytes each way, s 2 each way, the gradient in and
// the weight out, 44 bytes a weight and step in floats. Bytes are spilled and put back within them, at places known from the schedule.
#pragma once

#include "arithmetic/reversible_weight.h"
#include "session/session.h"

namespace hypergrad {

// The arrays of the exact state, [replicas × weights], and its byte planes: per replica and group plane after plane, in each one byte per
// weight.
struct ExactView {
  ScheduleView schedules;
  int64_t stride;
  int64_t* positions;
  int64_t* velocities;
  uint16_t* digits;
  uint8_t* planes;
  int64_t plane_bytes;          // per replica
  const int64_t* plane_starts;  // [groups]
  const int32_t* group_sizes;   // [groups]
  const uint8_t* spills;        // [steps × groups]
  const int32_t* before;        // [steps × groups]

  HG_BOTH ReversibleWeight load(int64_t at) const { return {positions[at], velocities[at], digits[at]}; }

  // Where byte 0 of a weight goes that its group spills at a step; the next ones follow at the group's size.
  HG_BOTH uint8_t* plane(int32_t replica, int32_t group, int64_t entry, int32_t place) const {
    return planes + replica * plane_bytes + plane_starts[group] + static_cast<int64_t>(before[entry]) * group_sizes[group] + place;
  }
};

// Decay, spill, kick, drift.
template <class T>
struct AdvanceWeight {
  ExactView state;
  StepReference step;
  FaultNote fault;
  const T* gradient;
  T* weights;

  HG_BOTH void operator()(int32_t replica, int32_t tensor, int32_t within, int32_t weight) const {
    const int64_t at = replica * state.stride + weight;
    const int32_t t = step.get();
    const Pattern pattern = state.schedules.momentum_patterns[tensor];
    const int32_t group = pattern.group_of(within);
    const int64_t entry = static_cast<int64_t>(t) * state.schedules.momentum_groups + group;
    const DecayRatio ratio{state.schedules.numerators[entry]};
    ReversibleWeight w = state.load(at);
    w.decay(ratio);
    const int32_t spilled = state.spills[entry];
    if (spilled > 0) {
      uint8_t* byte = state.plane(replica, group, entry, pattern.place_of(within));
      for (int32_t i = 0; i < spilled; i++, byte += state.group_sizes[group]) *byte = w.spill();
    }
    const Fault kicked = w.kick(ratio, static_cast<double>(gradient[at]));
    const Fault moved = w.drift(state.schedules.learning_rate(t, tensor, within));
    if (kicked != no_fault || moved != no_fault) fault.report(t, tensor, kicked != no_fault ? kicked : moved);
    state.positions[at] = w.position;
    state.velocities[at] = w.velocity;
    state.digits[at] = static_cast<uint16_t>(w.digits);
    weights[at] = static_cast<T>(fixed_to_double(w.position));
  }
};

// Kick, spill and decay undone; then the drift of the step before, if there is one.
template <class T>
struct RetreatWeight {
  ExactView state;
  StepReference step;
  const T* gradient;
  T* weights;
  T* velocity;

  HG_BOTH void operator()(int32_t replica, int32_t tensor, int32_t within, int32_t weight) const {
    const int64_t at = replica * state.stride + weight;
    const int32_t t = step.get();
    const Pattern pattern = state.schedules.momentum_patterns[tensor];
    const int32_t group = pattern.group_of(within);
    const int64_t entry = static_cast<int64_t>(t) * state.schedules.momentum_groups + group;
    const DecayRatio ratio{state.schedules.numerators[entry]};
    ReversibleWeight w = state.load(at);
    w.undo_kick(ratio, static_cast<double>(gradient[at]));
    const int32_t spilled = state.spills[entry];
    if (spilled > 0) {
      const int64_t size = state.group_sizes[group];
      const uint8_t* byte = state.plane(replica, group, entry, pattern.place_of(within)) + spilled * size;
      for (int32_t i = 0; i < spilled; i++) w.unspill(*(byte -= size));
    }
    w.undo_decay(ratio);
    state.velocities[at] = w.velocity;
    state.digits[at] = static_cast<uint16_t>(w.digits);
    velocity[at] = static_cast<T>(fixed_to_double(w.velocity));
    if (t == 0) return;
    w.undo_drift(state.schedules.learning_rate(t - 1, tensor, within));
    state.positions[at] = w.position;
    weights[at] = static_cast<T>(fixed_to_double(w.position));
  }
};

// The drift of the last step undone, and its velocity made real.
template <class T>
struct BeginRetreat {
  ExactView state;
  int32_t last;
  T* weights;
  T* velocity;

  HG_BOTH void operator()(int32_t replica, int32_t tensor, int32_t within, int32_t weight) const {
    const int64_t at = replica * state.stride + weight;
    ReversibleWeight w = state.load(at);
    w.undo_drift(state.schedules.learning_rate(last, tensor, within));
    state.positions[at] = w.position;
    weights[at] = static_cast<T>(fixed_to_double(w.position));
    velocity[at] = static_cast<T>(fixed_to_double(w.velocity));
  }
};

}  // namespace hypergrad
