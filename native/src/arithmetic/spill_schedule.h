// When each group's digit stores spill a byte. The largest value M that any store of a group can hold follows from the momenta alone,
// M ← (M·65536 + 65535) div n, and a byte is spilled whenever M would no longer fit 16 bits: known before training starts, the same
// everywhere.
#pragma once

#include <cstdint>
#include <vector>

#include "arithmetic/decay_ratio.h"

namespace hypergrad {

struct SpillSchedule {
  std::vector<uint8_t> bytes;   // [steps × groups]: bytes that every weight of a group spills in a step: 0, 1 or 2
  std::vector<int32_t> before;  // [steps × groups]: bytes that it has spilled before
  std::vector<int32_t> totals;  // [groups]: bytes that it spills over the whole run

  SpillSchedule(const std::vector<int32_t>& numerators, int32_t groups)
      : bytes(numerators.size()), before(numerators.size()), totals(static_cast<size_t>(groups)) {
    for (size_t group = 0; group < totals.size(); group++) {
      uint64_t largest = 0;
      for (size_t entry = group; entry < numerators.size(); entry += totals.size()) {
        before[entry] = totals[group];
        for (largest = (largest * 65536 + 65535) / static_cast<uint64_t>(numerators[entry]); largest > 65535; largest /= 256)
          bytes[entry]++;
        totals[group] += bytes[entry];
      }
    }
  }
};

}  // namespace hypergrad
