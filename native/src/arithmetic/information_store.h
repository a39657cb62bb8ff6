// What the decays of one number have thrown away, as one integer s: a decay pushes the remainder of its division by d and pops the digit
// that its multiplication by n has room for (Maclaurin, Duvenaud, Adams 2015, Algorithm 3); bit for bit Hypergrad.Arithmetic's
// InformationStore. Between steps s fits its word of 16 or 32 bits; after a decay and before its spill it is wider.
#pragma once

#include "arithmetic/second_moment.h"

namespace hypergrad {

// x ← ⌊x / n⌋; x mod n is returned.
HG_BOTH inline uint32_t divide(int64_t& x, uint32_t n) {
  const FloorDivision division = floor_divide(x, n);
  x = division.quotient;
  return division.remainder;
}

// x ← x·n + digit.
HG_BOTH inline void multiply(int64_t& x, uint32_t n, uint32_t digit) { x = static_cast<int64_t>(static_cast<uint64_t>(x) * n + digit); }

// V ← (n/d)·V: s ← s·d + V mod d, V ← V div d; then V ← V·n + s mod n, s ← s div n. Number: int64_t or SecondMoment. Store: uint64_t, or
// where every d is 2^16 uint32_t, of whose 16 bits between steps s·d fills all 32.
template <class Number, class Store>
HG_BOTH void decay(Number& value, Store& store, DecayRatio ratio) {
  const uint32_t n = static_cast<uint32_t>(ratio.numerator), d = static_cast<uint32_t>(ratio.denominator);
  const Store pushed = store * d + divide(value, d);
  multiply(value, n, static_cast<uint32_t>(pushed % n));
  store = pushed / n;
}

// The same backwards.
template <class Number, class Store>
HG_BOTH void undo_decay(Number& value, Store& store, DecayRatio ratio) {
  const uint32_t n = static_cast<uint32_t>(ratio.numerator), d = static_cast<uint32_t>(ratio.denominator);
  const Store pushed = store * n + divide(value, n);
  multiply(value, d, static_cast<uint32_t>(pushed % d));
  store = pushed / d;
}

// The low byte of a store, which goes to a byte plane; the store moves down.
template <class Store>
HG_BOTH uint8_t spill(Store& store) {
  const uint8_t low = static_cast<uint8_t>(store);
  store >>= 8;
  return low;
}

template <class Store>
HG_BOTH void unspill(Store& store, uint8_t low) {
  store = store << 8 | low;
}

}  // namespace hypergrad
