// x ← c·x: in floating point, exactly (arithmetic/information_store.h), undone, and pulled back: c̄ += Σ x̄∘x, x̄ ← c·x̄.
#pragma once

#include "arithmetic/information_store.h"
#include "updates/update_view.h"

namespace hypergrad {

// The stores of one decay, [replicas × weights] words of 16 or 32 bits, and its byte planes: per replica and group plane after plane, in
// each one byte per weight.
struct StoreView {
  uint16_t* narrow;  // or null
  uint32_t* wide;    // or null; both null where the decay never decays anything
  uint8_t* planes;
  int64_t plane_bytes;          // per replica
  const int64_t* plane_starts;  // [groups]
  const int32_t* group_sizes;   // [groups]
  const uint8_t* spills;        // [steps × groups]
  const int32_t* before;        // [steps × groups]

  HG_BOTH bool any() const { return narrow != nullptr || wide != nullptr; }
  HG_BOTH uint64_t load(int64_t at) const { return narrow != nullptr ? narrow[at] : wide[at]; }
  HG_BOTH void save(int64_t at, uint64_t store) const {
    if (narrow != nullptr)
      narrow[at] = static_cast<uint16_t>(store);
    else
      wide[at] = static_cast<uint32_t>(store);
  }

  // Where byte 0 of a weight goes that its group spills at a step; the next ones follow at the group's size.
  HG_BOTH uint8_t* plane(const Place& place, const Pattern& pattern, int32_t group, int64_t entry) const {
    return planes + place.replica * plane_bytes + plane_starts[group] + static_cast<int64_t>(before[entry]) * group_sizes[group] +
           pattern.place_of(place.within);
  }
};

// Number: int64_t or SecondMoment.
template <class Number>
HG_BOTH void decay_exactly(const CoefficientView& coefficient, const StoreView& stores, int32_t step, const Place& place, Number& value) {
  const Pattern pattern = coefficient.patterns[place.tensor];
  const int32_t group = pattern.group_of(place.within);
  const int64_t entry = static_cast<int64_t>(step) * coefficient.groups + group;
  uint64_t store = stores.load(place.at);
  decay(value, store, coefficient.ratios[entry]);
  const int32_t spilled = stores.spills[entry];
  if (spilled > 0) {
    uint8_t* byte = stores.plane(place, pattern, group, entry);
    for (int32_t i = 0; i < spilled; i++, byte += stores.group_sizes[group]) *byte = spill(store);
  }
  stores.save(place.at, store);
}

template <class Number>
HG_BOTH void undo_decay_exactly(const CoefficientView& coefficient, const StoreView& stores, int32_t step, const Place& place,
                                Number& value) {
  const Pattern pattern = coefficient.patterns[place.tensor];
  const int32_t group = pattern.group_of(place.within);
  const int64_t entry = static_cast<int64_t>(step) * coefficient.groups + group;
  uint64_t store = stores.load(place.at);
  const int32_t spilled = stores.spills[entry];
  if (spilled > 0) {
    const int64_t size = stores.group_sizes[group];
    const uint8_t* byte = stores.plane(place, pattern, group, entry) + spilled * size;
    for (int32_t i = 0; i < spilled; i++) unspill(store, *(byte -= size));
  }
  undo_decay(value, store, coefficient.ratios[entry]);
  stores.save(place.at, store);
}

template <class T>
HG_BOTH void decay_in_floats(const UpdateView& update, const StateView<T>& state, int32_t step, const Place& place) {
  T& x = state.number(update.target, place.at);
  x = static_cast<T>(update.coefficient.value(step, place)) * x;
}

// x̄ ← c·x̄.
template <class T>
HG_BOTH void pull_back_decay(const UpdateView& update, const StateView<T>& adjoint, int32_t step, const Place& place) {
  T& x = adjoint.number(update.target, place.at);
  x = static_cast<T>(update.coefficient.value(step, place)) * x;
}

// The weight's term of c̄, x̄·x. State and adjoint are those before and after all decays of the step: where the list decays a target more
// than once, the other decays stand between.
template <class T>
struct DecayTerm {
  StateView<T> state, adjoint;
  int32_t index;  // of the update

  HG_BOTH double operator()(int32_t step, const Place& place) const {
    const int32_t target = state.updates[index].target;
    double term = static_cast<double>(adjoint.number(target, place.at)) * static_cast<double>(state.number(target, place.at));
    for (int32_t i = 0; i < state.count; i++) {
      const UpdateView& other = state.updates[i];
      if (i != index && other.kind == HG_DECAY && other.target == target) term *= other.coefficient.value(step, place);
    }
    return term;
  }
};

}  // namespace hypergrad
