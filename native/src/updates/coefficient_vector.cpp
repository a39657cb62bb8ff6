#include "updates/coefficient_vector.h"

#include <algorithm>

namespace hypergrad {

namespace {

// A group that is a tensor's only one is long, and cut into stretches for blocks of threads; where a tensor has many groups each is short,
// and its stretches go to single threads, neighbours in the tensor to neighbouring threads.
constexpr int32_t long_segment = 4096, short_segment = 64;

std::vector<GroupSegment> cut(const Layout& layout, const Grouping& grouping) {
  std::vector<GroupSegment> segments;
  for (int32_t t = 0; t < static_cast<int32_t>(layout.tensors.size()); t++) {
    const Pattern& pattern = grouping.patterns[static_cast<size_t>(t)];
    const int32_t members = layout.tensors[static_cast<size_t>(t)].count() / pattern.period;
    const int32_t length = pattern.period == 1 ? long_segment : short_segment;
    for (int32_t first = 0; first < members; first += length)
      for (int32_t k = 0; k < pattern.period; k++) segments.push_back({t, k, first, std::min(length, members - first)});
  }
  return segments;
}

}  // namespace

CoefficientVector::CoefficientVector(const Session& session, int32_t number)
    : coefficient(number), grouping(session.optimizer.coefficients[static_cast<size_t>(number)].grouping), groups(grouping.count()) {
  table = session.array<double>(static_cast<int64_t>(session.replicas) * session.steps * groups);
  const std::vector<GroupSegment> all = cut(session.layout, grouping);
  segment_count = static_cast<int32_t>(all.size());
  std::vector<int32_t> starts(static_cast<size_t>(groups) + 1), list(all.size()), offsets;
  const auto group_of = [&](const GroupSegment& segment) {
    return static_cast<size_t>(grouping.patterns[static_cast<size_t>(segment.tensor)].first + segment.k);
  };
  for (const GroupSegment& segment : all) starts[group_of(segment) + 1]++;
  for (size_t group = 0; group + 1 < starts.size(); group++) starts[group + 1] += starts[group];
  std::vector<int32_t> next(starts);
  for (size_t i = 0; i < all.size(); i++) list[static_cast<size_t>(next[group_of(all[i])]++)] = static_cast<int32_t>(i);
  for (const Tensor& tensor : session.layout.tensors) offsets.push_back(tensor.offset);

  has_long_segments = session.layout.weight_count / segment_count >= 2 * short_segment;
  has_many_segments = segment_count / groups >= short_segment;
  segments = Array<GroupSegment>(session.context, all);
  group_starts = Array<int32_t>(session.context, starts);
  group_segments = Array<int32_t>(session.context, list);
  tensor_offsets = Array<int32_t>(session.context, offsets);
  segment_sums = session.array<double>(static_cast<int64_t>(session.replicas) * segment_count);
}

}  // namespace hypergrad
