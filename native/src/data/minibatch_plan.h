// Which examples every step of a training run sees, computed where they are needed: any step's minibatch without the ones before.
// The same numbers as Hypergrad.Data.MinibatchPlan.
#pragma once

#include "data/keyed_permutation.h"
#include "hypergrad/description.h"

namespace hypergrad {

struct MinibatchPlan {
  int32_t sampling;       // hg_sampling
  int32_t example_count;  // n
  int32_t batch_size;     // of the plans that draw; of explicit batches the largest
  uint64_t seed;
  const int64_t* offsets;   // [steps + 1], explicit batches
  const int32_t* examples;  // [offsets[steps]], explicit batches

  HG_BOTH int32_t size(int32_t step) const {
    return sampling == HG_EXPLICIT_BATCHES ? static_cast<int32_t>(offsets[step + 1] - offsets[step]) : batch_size;
  }

  // Example number `row`, below size, of a step.
  HG_BOTH int32_t example(int32_t step, int32_t replica, int32_t row) const {
    if (sampling == HG_EXPLICIT_BATCHES) return examples[offsets[step] + row];
    if (sampling == HG_FULL_BATCH) return row;
    const uint64_t place = static_cast<uint64_t>(step) * static_cast<uint32_t>(batch_size) + static_cast<uint32_t>(row);
    const uint32_t count = static_cast<uint32_t>(example_count);
    if (sampling == HG_WITH_REPLACEMENT) {
      const Philox philox{seed, stream_of(minibatch_stream, replica)};
      return static_cast<int32_t>(static_cast<uint64_t>(philox.word(place)) * count >> 32);
    }
    const Philox philox{seed, stream_of(epoch_stream, replica)};
    return KeyedPermutation(example_count, philox, place / count)[static_cast<int32_t>(place % count)];
  }
};

}  // namespace hypergrad
