// A pseudo-random permutation of 0 … count − 1 in which any entry is computed directly: a Feistel network over the smallest power of two
// that holds count (at least 64), walked along its cycles until the value falls below count (Black and Rogaway 2002). The same numbers as
// Hypergrad.Data.KeyedPermutation, whose remarks document the arithmetic.
#pragma once

#include "data/philox.h"

namespace hypergrad {

class KeyedPermutation {
 public:
  // Permutation number `number` of a Philox stream.
  HG_BOTH KeyedPermutation(int32_t count, Philox philox, uint64_t number) : count_(static_cast<uint32_t>(count)) {
    int bits = 6;
    while (bits < 32 && (static_cast<uint64_t>(1) << bits) < count_) bits++;
    low_bits_ = bits / 2;
    low_mask_ = (1u << low_bits_) - 1;
    high_mask_ = (1u << (bits - low_bits_)) - 1;
    for (int block = 0; block < 2; block++) {
      const PhiloxBlock words = philox.block(number * 2 + static_cast<uint64_t>(block));
      for (int i = 0; i < 4; i++) keys_[4 * block + i] = words.words[i];
    }
  }

  // Where index, below count, goes.
  HG_BOTH int32_t operator[](int32_t index) const {
    uint32_t value = static_cast<uint32_t>(index);
    do value = encipher(value);
    while (value >= count_);
    return static_cast<int32_t>(value);
  }

 private:
  HG_BOTH uint32_t encipher(uint32_t value) const {
    uint32_t low = value & low_mask_, high = value >> low_bits_;
    for (int round = 0; round < 8; round += 2) {
      high ^= mix(low, keys_[round]) & high_mask_;
      low ^= mix(high, keys_[round + 1]) & low_mask_;
    }
    return high << low_bits_ | low;
  }

  HG_BOTH static uint32_t mix(uint32_t half, uint32_t key) { return fold(0xCD9E8D57u, fold(0xD2511F53u, key + half * 0x9E3779B9u)); }

  HG_BOTH static uint32_t fold(uint32_t multiplier, uint32_t value) {
    const uint64_t product = static_cast<uint64_t>(multiplier) * value;
    return static_cast<uint32_t>(product >> 32) ^ static_cast<uint32_t>(product);
  }

  uint32_t count_, low_mask_, high_mask_;
  int low_bits_;
  uint32_t keys_[8];
};

}  // namespace hypergrad
