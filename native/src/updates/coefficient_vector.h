// A table of one number per step and group, where the gradient of a coefficient is gathered, and the sums over the weights of each group
// that go into it.
#pragma once

#include <memory>

#include "runtime/reduction.h"
#include "session/session.h"

namespace hypergrad {

// A stretch of the members of one group within one tensor, summed by itself; a group's stretches are then added in their order.
struct GroupSegment {
  int32_t tensor, k, first, count;  // members first … of the tensor's group number k
};

struct CoefficientVector : Object {
  CoefficientVector(const Session& session, int32_t coefficient);

  int32_t coefficient;
  const Grouping& grouping;
  int32_t groups;
  Array<double> table;  // [replicas × steps × groups]

  int32_t segment_count = 0;
  bool has_long_segments = false, has_many_segments = false;  // worth a block of threads each
  Array<GroupSegment> segments;
  Array<int32_t> group_starts, group_segments;  // group k's segments are group_segments[group_starts[k] … group_starts[k + 1] − 1]
  Array<int32_t> tensor_offsets;
  Array<double> segment_sums;  // [replicas × segments]
};

// The sum over a segment of a term of each weight.
template <class Term>
struct SumOfSegment {
  using Sum = double;

  Term weight_term;  // double operator()(step, place)
  StepReference step;
  const GroupSegment* segments;
  int32_t segment_count;
  const Pattern* patterns;
  const int32_t* offsets;
  int64_t stride;
  double* sums;

  HG_BOTH int64_t count(int64_t piece) const { return segments[piece % segment_count].count; }
  HG_BOTH double term(int64_t piece, int64_t i) const {
    const GroupSegment segment = segments[piece % segment_count];
    const int32_t replica = static_cast<int32_t>(piece / segment_count);
    const int32_t within = patterns[segment.tensor].member(segment.k, segment.first + static_cast<int32_t>(i));
    return weight_term(step.get(), Place{replica, segment.tensor, within, replica * stride + offsets[segment.tensor] + within});
  }
  HG_BOTH void store(int64_t piece, double sum) const { sums[piece] = sum; }
};

// The segments of each group, added to the table.
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

// table[t, k] += Σ term over the weights of group k.
template <class Term>
void add_group_sums(const Session& session, CoefficientVector& table, StepReference step, const Term& term) {
  const SumOfSegment<Term> segment{term,
                                   step,
                                   table.segments.data(),
                                   table.segment_count,
                                   table.grouping.device_patterns.data(),
                                   table.tensor_offsets.data(),
                                   session.layout.stride,
                                   table.segment_sums.data()};
  const SumOfGroup group{table.group_starts.data(),
                         table.group_segments.data(),
                         table.segment_sums.data(),
                         table.segment_count,
                         table.groups,
                         session.steps,
                         step,
                         table.table.data()};
  const int64_t pieces = static_cast<int64_t>(session.replicas) * table.segment_count,
                groups = static_cast<int64_t>(session.replicas) * table.groups;
  table.has_long_segments ? reduce(*session.context, pieces, segment) : reduce_short(*session.context, pieces, segment);
  table.has_many_segments ? reduce(*session.context, groups, group) : reduce_short(*session.context, groups, group);
}

}  // namespace hypergrad
