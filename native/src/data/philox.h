// The counter-based random generator Philox-4x32-10 (Salmon, Moraes, Dror, Shaw, Parallel Random Numbers: As Easy as 1, 2, 3, 2011), the
// same numbers as Hypergrad.Data.Philox. It has no state: any block of a stream is computed from its counter, on the host or on the device.
#pragma once

#include "arithmetic/platform.h"

namespace hypergrad {

struct PhiloxBlock {
  uint32_t words[4];
};

struct Philox {
  uint64_t seed;    // Philox's key
  uint64_t stream;  // the upper half of its counter: one number per purpose and replica

  // Block number index of the stream: four independent uniform words.
  HG_BOTH PhiloxBlock block(uint64_t index) const {
    uint32_t x = static_cast<uint32_t>(index), y = static_cast<uint32_t>(index >> 32);
    uint32_t z = static_cast<uint32_t>(stream), w = static_cast<uint32_t>(stream >> 32);
    uint32_t key0 = static_cast<uint32_t>(seed), key1 = static_cast<uint32_t>(seed >> 32);
    for (int round = 0; round < 10; round++) {
      const uint64_t product0 = static_cast<uint64_t>(0xD2511F53u) * x, product1 = static_cast<uint64_t>(0xCD9E8D57u) * z;
      x = static_cast<uint32_t>(product1 >> 32) ^ y ^ key0;
      y = static_cast<uint32_t>(product1);
      z = static_cast<uint32_t>(product0 >> 32) ^ w ^ key1;
      w = static_cast<uint32_t>(product0);
      key0 += 0x9E3779B9u;
      key1 += 0xBB67AE85u;
    }
    return {{x, y, z, w}};
  }

  // Word number index of the stream.
  HG_BOTH uint32_t word(uint64_t index) const { return block(index >> 2).words[index & 3]; }
};

// The streams of a seed, as Hypergrad.Data.RandomStreams numbers them: a purpose in the lower half, the replica in the upper. Each dropout
// of a network has a stream of its own, from the first one's number on.
enum RandomStream : uint32_t { minibatch_stream = 2, epoch_stream = 4, dropout_stream = 1 << 16 };

HG_BOTH inline uint64_t stream_of(uint32_t purpose, int32_t replica) {
  return static_cast<uint64_t>(static_cast<uint32_t>(replica)) << 32 | purpose;
}

}  // namespace hypergrad
