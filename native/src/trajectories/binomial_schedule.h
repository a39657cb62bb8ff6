// Where to take the next snapshot so that a chain is reversed with the fewest steps done again (Griewank, Walther, Algorithm 799: Revolve,
// 2000). With s snapshots and every step run at most r times, chains of up to β(s, r) = C(s + r, s) steps can be reversed.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

namespace hypergrad {

// β(s, r), no further than needed.
inline int64_t binomial_capacity(int32_t snapshots, int32_t repetitions) {
  if (repetitions < 0) return 0;
  int64_t product = 1;
  for (int32_t i = 1; i <= repetitions && product <= std::numeric_limits<int32_t>::max(); i++) product = product * (snapshots + i) / i;
  return product;
}

// How many steps after a snapshot the next one is best taken; length: steps from the snapshot to the end of the chain, at least 2;
// snapshots: for this chain, the one at its start included, at least 2.
inline int32_t next_snapshot(int32_t length, int32_t snapshots) {
  int32_t repetitions = 1;
  while (binomial_capacity(snapshots, repetitions) < length) repetitions++;
  // Any split with β(s, r−2) ≤ m ≤ β(s, r−1) and β(s−1, r−1) ≤ length − m ≤ β(s−1, r) is optimal.
  const int64_t split = std::max(binomial_capacity(snapshots, repetitions - 2), length - binomial_capacity(snapshots - 1, repetitions));
  return static_cast<int32_t>(std::clamp<int64_t>(split, 1, length - 1));
}

}  // namespace hypergrad
