#include "weights/grouping.h"

#include "runtime/structs.h"

namespace hypergrad {

Grouping::Grouping(const std::shared_ptr<Context>& context, const Layout& layout, const hg_group_pattern* given, int32_t groups,
                   const std::string& name) {
  require(groups >= 1 && groups <= layout.weight_count, "The ", name, " has ", groups,
          " groups; there must be from 1 to the number of weights, ", layout.weight_count, ".");
  const StructArray given_patterns(given, "hg_group_pattern");
  sizes.assign(static_cast<size_t>(groups), 0);
  for (size_t t = 0; t < layout.tensors.size(); t++) {
    const hg_group_pattern pattern = given_patterns[static_cast<int64_t>(t)];
    const int32_t count = layout.tensors[t].count();
    const std::string& tensor = layout.names[t];
    require(pattern.first >= 0 && pattern.period >= 1 && pattern.divisor >= 1, "The ", name, " pattern of ", tensor, " is (", pattern.first,
            ", ", pattern.period, ", ", pattern.divisor, "); first must be at least 0, period and divisor at least 1.");
    require(static_cast<int64_t>(pattern.first) + pattern.period <= groups, "The ", name, " pattern of ", tensor, " reaches group ",
            static_cast<int64_t>(pattern.first) + pattern.period - 1, "; there are ", groups, " groups.");
    const int64_t round = static_cast<int64_t>(pattern.period) * pattern.divisor;
    require(round <= count && count % round == 0, "The ", name, " pattern of ", tensor, " goes round after ", round,
            " weights, which does not divide the tensor's ", count, ".");
    const int32_t position = sizes[static_cast<size_t>(pattern.first)];
    for (int32_t k = 0; k < pattern.period; k++) {
      int32_t& size = sizes[static_cast<size_t>(pattern.first + k)];
      require(size == position, "The ", name, " pattern of ", tensor, " joins groups of different sizes, ", position, " and ", size, ".");
      size += count / pattern.period;
    }
    patterns.push_back({pattern.first, pattern.period, pattern.divisor, position});
  }
  for (int32_t group = 0; group < groups; group++)
    require(sizes[static_cast<size_t>(group)] > 0, "The ", name, " group ", group, " has no weight.");
  device_patterns = Array<Pattern>(context, patterns);
}

}  // namespace hypergrad
