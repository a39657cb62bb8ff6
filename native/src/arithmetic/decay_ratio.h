// A decay as the ratio n/d that the exact arithmetic multiplies by. Everywhere in this library the decay means this ratio: in its
// complement and in the adjoint too.
#pragma once

#include "arithmetic/platform.h"

namespace hypergrad {

// The denominators that the exact arithmetic knows: 2^16 of momenta, and up to 2^22.
constexpr int32_t momentum_denominator = 1 << 16, largest_denominator = 1 << 22;

struct DecayRatio {
  int32_t numerator;    // n, from 0 (everything forgotten) to d (no decay)
  int32_t denominator;  // d, from 1 to largest_denominator

  HG_BOTH double value() const { return numerator / static_cast<double>(denominator); }
};

struct FloorDivision {
  int64_t quotient;
  uint32_t remainder;
};

// ⌊x / n⌋ and x mod n for 1 ≤ n ≤ 65536, by hand in base 2^16: three divisions of 32 bits, which a device has, instead of one of 64, which
// it has not. The upper half is divided first; each remainder, below 2^16, goes before the next 16 bits.
HG_BOTH inline FloorDivision floor_divide_short(int64_t x, uint32_t n) {
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

// The same for 1 ≤ n ≤ 2^22.
HG_BOTH inline FloorDivision floor_divide(int64_t x, uint32_t n) {
  if (n == 65536) return {x >> 16, static_cast<uint32_t>(x & 0xFFFF)};
  if (n < 65536) return floor_divide_short(x, n);
  int64_t quotient = x / static_cast<int64_t>(n), rest = x % static_cast<int64_t>(n);
  if (rest < 0) {
    quotient -= 1;
    rest += n;
  }
  return {quotient, static_cast<uint32_t>(rest)};
}

}  // namespace hypergrad
