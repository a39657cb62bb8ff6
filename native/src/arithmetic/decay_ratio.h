// A momentum as the ratio n/65536 that the exact arithmetic multiplies by. Everywhere in this library momentum means this ratio: in the
// decay, in 1 − γ and in the adjoint.
#pragma once

#include <cmath>

#include "arithmetic/platform.h"

namespace hypergrad {

struct DecayRatio {
  int32_t numerator;  // n, from 0 (no momentum) to 65536 (no decay)

  HG_BOTH double value() const { return numerator / 65536.0; }
  HG_BOTH double complement() const { return (65536 - numerator) / 65536.0; }
};

// The nearest ratio, ties to the even one; a positive momentum never rounds to 0. The momentum lies in [0, 1].
inline DecayRatio nearest_ratio(double momentum) {
  if (momentum == 0) return {0};
  const int32_t nearest = static_cast<int32_t>(std::nearbyint(momentum * 65536));
  return {nearest < 1 ? 1 : nearest};
}

struct FloorDivision {
  int64_t quotient;
  uint32_t remainder;
};

// ⌊x / n⌋ and x mod n for 1 ≤ n ≤ 65536, by hand in base 2^16: three divisions of 32 bits, which a device has, instead of one of 64, which
// it has not. The upper half is divided first; each remainder, below 2^16, goes before the next 16 bits.
HG_BOTH inline FloorDivision floor_divide(int64_t x, uint32_t n) {
  const uint32_t lower = static_cast<uint32_t>(x);
  const int32_t upper = static_cast<int32_t>(x >> 32), divisor = static_cast<int32_t>(n);
  int32_t first = upper / divisor, rest = upper % divisor;
  if (rest < 0) {
    first -= 1;
    rest += divisor;
  }
  const uint32_t second = static_cast<uint32_t>(rest) << 16 | lower >> 16;
  const uint32_t third = second % n << 16 | (lower & 0xFFFF);
  const uint64_t bits = static_cast<uint64_t>(static_cast<uint32_t>(first)) << 32 | (static_cast<uint64_t>(second / n) << 16) | third / n;
  return {static_cast<int64_t>(bits), third % n};
}

}  // namespace hypergrad
