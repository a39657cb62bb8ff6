#include "session/schedule_vector.h"

#include <algorithm>

#include "runtime/reduction.h"

namespace hypergrad {

namespace {

// A group that is a tensor's only one is long, and cut into stretches for blocks of threads; where a tensor has many groups each is short,
// and its stretches go to single threads, neighbours in the tensor to neighbouring threads.
constexpr int32_t long_segment = 4096, short_segment = 64;

template <class T>
struct DotOfSegment {
  using Sum = double;

  const DotSegment* segments;
  int32_t segment_count;
  const Pattern* patterns;
  const int32_t* offsets;
  int64_t stride;
  const T* a;
  const T* b;
  double* sums;

  HG_BOTH int64_t count(int64_t piece) const { return segments[piece % segment_count].count; }
  HG_BOTH double term(int64_t piece, int64_t i) const {
    const DotSegment segment = segments[piece % segment_count];
    const int32_t within = patterns[segment.tensor].member(segment.k, segment.first + static_cast<int32_t>(i));
    const int64_t at = piece / segment_count * stride + offsets[segment.tensor] + within;
    return static_cast<double>(a[at]) * static_cast<double>(b[at]);
  }
  HG_BOTH void store(int64_t piece, double sum) const { sums[piece] = sum; }
};

struct SumOfGroup {
  using Sum = double;

  const int32_t* starts;
  const int32_t* list;
  const double* sums;
  int32_t segment_count, groups, steps;
  StepReference step;
  double* table;

  HG_BOTH int64_t count(int64_t piece) const {
    const int64_t group = piece % groups;
    return starts[group + 1] - starts[group];
  }
  HG_BOTH double term(int64_t piece, int64_t i) const { return sums[piece / groups * segment_count + list[starts[piece % groups] + i]]; }
  HG_BOTH void store(int64_t piece, double sum) const {
    const int64_t replica = piece / groups, group = piece % groups;
    table[(replica * steps + step.get()) * groups + group] += sum;
  }
};

std::vector<DotSegment> cut(const Layout& layout, const Grouping& grouping) {
  std::vector<DotSegment> segments;
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

ScheduleVector::ScheduleVector(const Session& session, int32_t coefficient)
    : grouping(session.grouping_of(coefficient)), groups(grouping.count()) {
  table = session.array<double>(static_cast<int64_t>(session.replicas) * session.steps * groups);
  const std::vector<DotSegment> all = cut(session.layout, grouping);
  segment_count = static_cast<int32_t>(all.size());
  std::vector<int32_t> starts(static_cast<size_t>(groups) + 1), list(all.size()), offsets;
  const auto group_of = [&](const DotSegment& segment) {
    return static_cast<size_t>(grouping.patterns[static_cast<size_t>(segment.tensor)].first + segment.k);
  };
  for (const DotSegment& segment : all) starts[group_of(segment) + 1]++;
  for (size_t group = 0; group + 1 < starts.size(); group++) starts[group + 1] += starts[group];
  std::vector<int32_t> next(starts);
  for (size_t i = 0; i < all.size(); i++) list[static_cast<size_t>(next[group_of(all[i])]++)] = static_cast<int32_t>(i);
  for (const Tensor& tensor : session.layout.tensors) offsets.push_back(tensor.offset);

  has_long_segments = session.layout.weight_count / segment_count >= 2 * short_segment;
  has_many_segments = segment_count / groups >= short_segment;
  segments = Array<DotSegment>(session.context, all);
  group_starts = Array<int32_t>(session.context, starts);
  group_segments = Array<int32_t>(session.context, list);
  tensor_offsets = Array<int32_t>(session.context, offsets);
  segment_sums = session.array<double>(static_cast<int64_t>(session.replicas) * segment_count);
}

template <class T>
void group_dot(SessionOf<T>& session, std::shared_ptr<ScheduleVector> table, int32_t step, std::shared_ptr<Vector<T>> a,
               std::shared_ptr<Vector<T>> b) {
  session.perform(step, session.steps, [&session, table, a, b](StepReference t) {
    const DotOfSegment<T> dot{table->segments.data(),
                              table->segment_count,
                              table->grouping.device_patterns.data(),
                              table->tensor_offsets.data(),
                              session.layout.stride,
                              a->data(),
                              b->data(),
                              table->segment_sums.data()};
    const SumOfGroup sum{table->group_starts.data(),
                         table->group_segments.data(),
                         table->segment_sums.data(),
                         table->segment_count,
                         table->groups,
                         session.steps,
                         t,
                         table->table.data()};
    const int64_t pieces = static_cast<int64_t>(session.replicas) * table->segment_count,
                  groups = static_cast<int64_t>(session.replicas) * table->groups;
    table->has_long_segments ? reduce(*session.context, pieces, dot) : reduce_short(*session.context, pieces, dot);
    table->has_many_segments ? reduce(*session.context, groups, sum) : reduce_short(*session.context, groups, sum);
  });
}

template void group_dot(SessionOf<float>&, std::shared_ptr<ScheduleVector>, int32_t, std::shared_ptr<Vector<float>>,
                        std::shared_ptr<Vector<float>>);
template void group_dot(SessionOf<double>&, std::shared_ptr<ScheduleVector>, int32_t, std::shared_ptr<Vector<double>>,
                        std::shared_ptr<Vector<double>>);

}  // namespace hypergrad
