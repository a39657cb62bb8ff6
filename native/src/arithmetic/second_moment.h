// Second moments as 128-bit integers in two words, with 96 fractional bits; range 0 to 2^31. Sums are taken modulo 2^128: a number that
// leaves its range is reported by the caller, and is no undefined behaviour meanwhile.
#pragma once

#include "arithmetic/decay_ratio.h"
#include "arithmetic/fixed_point.h"

namespace hypergrad {

constexpr double second_moment_range = 2147483648.0;                   // 2^31
constexpr double second_moment_one = 79228162514264337593543950336.0;  // 2^96

struct SecondMoment {
  int64_t upper;   // bits 64 to 127
  uint64_t lower;  // bits 0 to 63

  // The two words each rounded once, then their sum.
  HG_BOTH double value() const {
    return static_cast<double>(upper) * (1.0 / 4294967296.0) + static_cast<double>(lower) * (1.0 / second_moment_one);
  }

  HG_BOTH void add(const SecondMoment& other) {
    const uint64_t sum = lower + other.lower;
    upper = wrapping_add(wrapping_add(upper, other.upper), sum < lower ? 1 : 0);
    lower = sum;
  }

  HG_BOTH void subtract(const SecondMoment& other) {
    const int64_t borrow = lower < other.lower ? 1 : 0;
    upper = wrapping_subtract(wrapping_subtract(upper, other.upper), borrow);
    lower -= other.lower;
  }
};

// Whether a change fits; false for NaN.
HG_BOTH inline bool fits_second_moment(double change) { return change >= 0 && change < second_moment_range; }

// The second moment nearest to a value; 0 where it does not fit.
HG_BOTH inline SecondMoment second_moment_from_double(double value) {
  if (!fits_second_moment(value)) return {0, 0};
  const double scaled = rint(value * second_moment_one);
  const int64_t upper = static_cast<int64_t>(scaled * (1.0 / 18446744073709551616.0));
  return {upper, static_cast<uint64_t>(scaled - static_cast<double>(upper) * 18446744073709551616.0)};
}

// x ← ⌊x / n⌋; x mod n is returned. 1 ≤ n ≤ 2^22.
HG_BOTH inline uint32_t divide(SecondMoment& x, uint32_t n) {
  const FloorDivision first = floor_divide(x.upper, n);
  const uint64_t second = static_cast<uint64_t>(first.remainder) << 32 | x.lower >> 32;
  const uint64_t third = second % n << 32 | (x.lower & 0xFFFFFFFF);
  x.upper = first.quotient;
  x.lower = (second / n) << 32 | third / n;
  return static_cast<uint32_t>(third % n);
}

// x ← x·n + digit. n below 2^23, the digit below n.
HG_BOTH inline void multiply(SecondMoment& x, uint32_t n, uint32_t digit) {
  const uint64_t low = (x.lower & 0xFFFFFFFF) * n + digit;
  const uint64_t high = (x.lower >> 32) * n + (low >> 32);
  x.lower = high << 32 | (low & 0xFFFFFFFF);
  x.upper = static_cast<int64_t>(static_cast<uint64_t>(x.upper) * n + (high >> 32));
}

}  // namespace hypergrad
