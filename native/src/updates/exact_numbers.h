// The arrays of one kind of fixed-point numbers.
#pragma once

#include "arithmetic/second_moment.h"

namespace hypergrad {

// Weights and first moments.
struct FixedNumbers {
  int64_t* values;

  HG_BOTH int64_t load(int64_t at) const { return values[at]; }
  HG_BOTH void save(int64_t at, int64_t value) const { values[at] = value; }
};

// Second moments.
struct SecondMoments {
  int64_t* uppers;
  uint64_t* lowers;

  HG_BOTH SecondMoment load(int64_t at) const { return {uppers[at], lowers[at]}; }
  HG_BOTH void save(int64_t at, const SecondMoment& value) const {
    uppers[at] = value.upper;
    lowers[at] = value.lower;
  }
};

}  // namespace hypergrad
