// The map from weights to the groups that share a coefficient, and the coefficients themselves.
#pragma once

#include <memory>
#include <vector>

#include "arithmetic/decay_ratio.h"
#include "hypergrad/description.h"
#include "mlp/layout.h"

namespace hypergrad {

// One tensor's groups: weight i belongs to group first + (i / divisor) mod period, and is weight `place` of all the group's weights, those
// of earlier tensors first.
struct Pattern {
  int32_t first, period, divisor, position;

  HG_BOTH int32_t group_of(int32_t i) const { return period == 1 ? first : first + i / divisor % period; }

  HG_BOTH int32_t place_of(int32_t i) const { return position + (period == 1 ? i : i / (period * divisor) * divisor + i % divisor); }

  // The inverse: member number j of the group first + k.
  HG_BOTH int32_t member(int32_t k, int32_t j) const {
    return period == 1 ? j : (j / divisor) * (period * divisor) + k * divisor + j % divisor;
  }
};

class Grouping {
 public:
  Grouping() = default;
  // Checks the patterns; the name, "learning rate" or "momentum", is for messages.
  Grouping(const std::shared_ptr<Context>& context, const Layout& layout, const hg_group_pattern* given, int32_t groups, const char* name);

  int32_t count() const { return static_cast<int32_t>(sizes.size()); }

  std::vector<Pattern> patterns;  // one per tensor
  std::vector<int32_t> sizes;     // weights of each group
  Array<Pattern> device_patterns;
};

// The schedules as kernels see them.
struct ScheduleView {
  const Pattern* learning_rate_patterns;
  const Pattern* momentum_patterns;
  const double* learning_rates;  // [steps × learning_rate_groups]
  const int32_t* numerators;     // [steps × momentum_groups]
  int32_t learning_rate_groups, momentum_groups;

  HG_BOTH double learning_rate(int32_t step, int32_t tensor, int32_t within) const {
    return learning_rates[static_cast<int64_t>(step) * learning_rate_groups + learning_rate_patterns[tensor].group_of(within)];
  }

  HG_BOTH DecayRatio ratio(int32_t step, int32_t tensor, int32_t within) const {
    return {numerators[static_cast<int64_t>(step) * momentum_groups + momentum_patterns[tensor].group_of(within)]};
  }

  // c_t of an hg_coefficient.
  HG_BOTH double coefficient(int32_t which, int32_t step, int32_t tensor, int32_t within) const {
    if (which == HG_LEARNING_RATE) return learning_rate(step, tensor, within);
    const DecayRatio decay = ratio(step, tensor, within);
    return which == HG_MOMENTUM ? decay.value() : decay.complement();
  }
};

}  // namespace hypergrad
