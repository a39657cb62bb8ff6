// A table of one number per step and group, where dα or dγ is gathered, and the sums over the weights of each group that go into it.
#pragma once

#include <memory>

#include "session/session.h"

namespace hypergrad {

// A stretch of the members of one group within one tensor, summed by itself; a group's stretches are then added in their order.
struct DotSegment {
  int32_t tensor, k, first, count;  // members first … of the tensor's group number k
};

struct ScheduleVector : Object {
  ScheduleVector(const Session& session, int32_t coefficient);

  const Grouping& grouping;
  int32_t groups;
  Array<double> table;  // [replicas × steps × groups]

  int32_t segment_count = 0;
  bool has_long_segments = false, has_many_segments = false;  // worth a block of threads each
  Array<DotSegment> segments;
  Array<int32_t> group_starts, group_segments;  // group k's segments are group_segments[group_starts[k] … group_starts[k + 1] − 1]
  Array<int32_t> tensor_offsets;
  Array<double> segment_sums;  // [replicas × segments]
};

// table[t, k] += Σ_{j in group k} a_j b_j.
template <class T>
void group_dot(SessionOf<T>& session, std::shared_ptr<ScheduleVector> table, int32_t step, std::shared_ptr<Vector<T>> a,
               std::shared_ptr<Vector<T>> b);

}  // namespace hypergrad
