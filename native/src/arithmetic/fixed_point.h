// Weights and first moments as 64-bit integers with 52 fractional bits, so that sums undo each other exactly. Range ±2048.
//
// Sums are taken modulo 2^64 in unsigned integers: an overflow is reported by the caller, and is no undefined behaviour meanwhile.
#pragma once

#include <cmath>

#include "arithmetic/platform.h"

namespace hypergrad {

constexpr double fixed_one = 4503599627370496.0;         // 2^52
constexpr double fixed_limit = 9223372036854775808.0;    // 2^63, what a scaled magnitude must stay below
constexpr double fixed_range = fixed_limit / fixed_one;  // 2048
constexpr double fixed_ulp = 1.0 / 4503599627370496.0;   // 2^-52

// Whether a scaled value can be truncated to 64 bits; false for NaN.
HG_BOTH inline bool fits_fixed(double scaled) { return std::fabs(scaled) < fixed_limit; }

// trunc of a scaled value; 0 where it does not fit, so that nothing undefined happens before the fault is reported.
HG_BOTH inline int64_t truncate(double scaled) { return fits_fixed(scaled) ? static_cast<int64_t>(scaled) : 0; }

// The value of a fixed-point number: rounded once to 53 bits, then scaled exactly.
HG_BOTH inline double fixed_to_double(int64_t value) { return static_cast<double>(value) * fixed_ulp; }

// The nearest fixed-point number of a value below the range: ties go to the even one.
HG_BOTH inline int64_t fixed_from_double(double value) { return truncate(rint(value * fixed_one)); }

HG_BOTH inline int64_t wrapping_add(int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b));
}

HG_BOTH inline int64_t wrapping_subtract(int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) - static_cast<uint64_t>(b));
}

// Whether a + b, which came out as sum, overflowed.
HG_BOTH inline bool addition_overflowed(int64_t a, int64_t b, int64_t sum) { return ((a ^ sum) & (b ^ sum)) < 0; }

// Whether a − b, which came out as difference, overflowed.
HG_BOTH inline bool subtraction_overflowed(int64_t a, int64_t b, int64_t difference) { return ((a ^ b) & (a ^ difference)) < 0; }

}  // namespace hypergrad
