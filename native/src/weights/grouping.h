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

// Weights of a range that follow each other and belong to one group: first … end − 1, counted from the range's first one.
struct GroupRun {
  int32_t group, first, end;
};

// for (GroupRun run = first_run(pattern, range); run.first < range.count; run = next_run(pattern, range, run)) …
HG_BOTH inline GroupRun first_run(const Pattern& pattern, const WeightRange& range) {
  if (pattern.period == 1) return {pattern.first, 0, range.count};
  const int32_t left = pattern.divisor - range.within % pattern.divisor;
  return {pattern.group_of(range.within), 0, left < range.count ? left : range.count};
}

HG_BOTH inline GroupRun next_run(const Pattern& pattern, const WeightRange& range, const GroupRun& run) {
  const int32_t next = run.group + 1, left = range.count - run.end;
  return {next < pattern.first + pattern.period ? next : pattern.first, run.end,
          run.end + (pattern.divisor < left ? pattern.divisor : left)};
}

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
