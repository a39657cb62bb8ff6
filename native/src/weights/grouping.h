// The map from weights to the groups that share a coefficient.
#pragma once

#include <memory>
#include <vector>

#include "hypergrad/optimizer.h"
#include "weights/layout.h"

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
  // Checks the patterns; the name, such as "learning rate", is for messages.
  Grouping(const std::shared_ptr<Context>& context, const Layout& layout, const hg_group_pattern* given, int32_t groups,
           const std::string& name);

  int32_t count() const { return static_cast<int32_t>(sizes.size()); }

  std::vector<Pattern> patterns;  // one per tensor
  std::vector<int32_t> sizes;     // weights of each group
  Array<Pattern> device_patterns;
};

}  // namespace hypergrad
