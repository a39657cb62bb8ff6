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
  int64_t stride;
  T* weights;
  T* const* slots;  // [slots]

  HG_BOTH Place place(int32_t replica, int32_t tensor, int32_t within, int32_t weight) const {
    return {replica, tensor, within, replica * stride + weight};
  }
  HG_BOTH T& number(int32_t target, int64_t at) const { return target < 0 ? weights[at] : slots[target][at]; }
};

}  // namespace hypergrad
