// The list of updates as kernels see it: it lies in the context's memory, and a thread works through it for its weight.
#pragma once

#include "arithmetic/decay_ratio.h"
#include "hypergrad/optimizer.h"
#include "weights/grouping.h"

namespace hypergrad {

// Where a weight is: replica, tensor, place in the tensor, and place in the vectors.
struct Place {
  int32_t replica, tensor, within;
  int64_t at;
};

struct CoefficientView {
  const Pattern* patterns;   // [tensors]
  const double* values;      // [steps × groups]
  const DecayRatio* ratios;  // [steps × groups], or null
  int32_t groups;

  HG_BOTH int64_t entry(int32_t step, const Place& place) const {
    return static_cast<int64_t>(step) * groups + patterns[place.tensor].group_of(place.within);
  }
  HG_BOTH double value(int32_t step, const Place& place) const { return values[entry(step, place)]; }
};

// A coefficient at one step, for the weights of one tensor.
struct CoefficientRow {
  Pattern pattern;
  int64_t first_entry;
  const double* values;  // [groups]

  HG_BOTH CoefficientRow(const CoefficientView& coefficient, int32_t step, int32_t tensor)
      : pattern(coefficient.patterns[tensor]),
        first_entry(static_cast<int64_t>(step) * coefficient.groups),
        values(coefficient.values + first_entry) {}

  HG_BOTH double value(int32_t within) const { return values[pattern.group_of(within)]; }
};

// One update.
struct UpdateView {
  int32_t kind;       // hg_update_kind
  int32_t target;     // slot, or −1 for the weights
  int32_t function;   // hg_gradient_function
  int32_t direction;  // hg_direction
  int32_t slot, second_slot;
  CoefficientView coefficient, correction, second_correction, epsilon;
};

// The list, and the vectors that it moves.
template <class T>
struct StateView {
  const UpdateView* updates;
  int32_t count;
  T* weights;
  T* const* slots;  // [slots]

  // What a decay or kick moves.
  HG_BOTH T* numbers(int32_t target) const { return target < 0 ? weights : slots[target]; }
};

}  // namespace hypergrad
