// When each group's information stores spill a byte. The largest value M that any store of a group can hold follows from the ratios alone,
// M ← (M·d + d − 1) div n, and a byte is spilled whenever M would no longer fit the store's word: known before training starts, the same
// everywhere.
#pragma once

#include <cstdint>
#include <vector>

#include "arithmetic/decay_ratio.h"

namespace hypergrad {

// Bits of a store between steps: 16 where every d is 65536, else 32.
inline int32_t word_bits(const std::vector<DecayRatio>& ratios) {
  for (const DecayRatio& ratio : ratios)
    if (ratio.denominator != momentum_denominator) return 32;
  return 16;
}

struct SpillSchedule {
  std::vector<uint8_t> bytes;   // [steps × groups]: bytes that every weight of a group spills in a step: 0 to 3
  std::vector<int32_t> before;  // [steps × groups]: bytes that it has spilled before
  std::vector<int32_t> totals;  // [groups]: bytes that it spills over the whole run

  // Ratios: [steps × groups], numerators from 1.
  SpillSchedule(const std::vector<DecayRatio>& ratios, int32_t groups)
      : bytes(ratios.size()), before(ratios.size()), totals(static_cast<size_t>(groups)) {
    const uint64_t limit = (static_cast<uint64_t>(1) << word_bits(ratios)) - 1;
    for (size_t group = 0; group < totals.size(); group++) {
      uint64_t largest = 0;
      for (size_t entry = group; entry < ratios.size(); entry += totals.size()) {
        before[entry] = totals[group];
        const uint64_t n = static_cast<uint64_t>(ratios[entry].numerator), d = static_cast<uint64_t>(ratios[entry].denominator);
        for (largest = (largest * d + d - 1) / n; largest > limit; largest /= 256) bytes[entry]++;
        totals[group] += bytes[entry];
      }
    }
  }
};

}  // namespace hypergrad
