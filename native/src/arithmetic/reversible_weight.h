// One weight under exactly reversible momentum, bit for bit Hypergrad.Arithmetic.ReversibleWeight.
//
// Forward: decay, (spill,) kick, drift. Back: each undone, in the opposite order.
#pragma once

#include "arithmetic/decay_ratio.h"
#include "arithmetic/fixed_point.h"

namespace hypergrad {

// What can go wrong, in the numbers of hg_fault.
enum Fault : int32_t { no_fault = 0, gradient_fault = 1, velocity_fault = 2, position_fault = 3, float_fault = 4 };

struct ReversibleWeight {
  int64_t position;  // X
  int64_t velocity;  // V
  uint32_t digits;   // s: below 2^16 between steps, below 2^32 after decay and before its spill

  // V ← γV, the digits that the division drops going into the store and one digit coming back out: push, then pop.
  HG_BOTH void decay(DecayRatio ratio) {
    const uint32_t n = static_cast<uint32_t>(ratio.numerator);
    const uint32_t pushed = digits << 16 | static_cast<uint32_t>(velocity & 0xFFFF);
    velocity = (velocity >> 16) * static_cast<int64_t>(n) + pushed % n;
    digits = pushed / n;
  }

  HG_BOTH void undo_decay(DecayRatio ratio) {
    const uint32_t n = static_cast<uint32_t>(ratio.numerator);
    const FloorDivision division = floor_divide(velocity, n);
    const uint32_t pushed = digits * n + division.remainder;
    velocity = static_cast<int64_t>(static_cast<uint64_t>(division.quotient) << 16 | (pushed & 0xFFFF));
    digits = pushed >> 16;
  }

  // The low byte of the store, which goes to the byte plane; the store moves down.
  HG_BOTH uint8_t spill() {
    const uint8_t low = static_cast<uint8_t>(digits);
    digits >>= 8;
    return low;
  }

  HG_BOTH void unspill(uint8_t low) { digits = digits << 8 | low; }

  // V ← V − (1 − γ)g.
  HG_BOTH Fault kick(DecayRatio ratio, double gradient) {
    const double scaled = gradient * (ratio.complement() * fixed_one);
    const int64_t change = truncate(scaled), kicked = wrapping_subtract(velocity, change);
    const bool overflowed = subtraction_overflowed(velocity, change, kicked);
    velocity = kicked;
    return !fits_fixed(scaled) ? gradient_fault : overflowed ? velocity_fault : no_fault;
  }

  HG_BOTH void undo_kick(DecayRatio ratio, double gradient) {
    velocity = wrapping_add(velocity, truncate(gradient * (ratio.complement() * fixed_one)));
  }

  // X ← X + αV.
  HG_BOTH Fault drift(double learning_rate) {
    const double scaled = learning_rate * static_cast<double>(velocity);
    const int64_t change = truncate(scaled), moved = wrapping_add(position, change);
    const bool overflowed = addition_overflowed(position, change, moved);
    position = moved;
    return overflowed || !fits_fixed(scaled) ? position_fault : no_fault;
  }

  HG_BOTH void undo_drift(double learning_rate) {
    position = wrapping_subtract(position, truncate(learning_rate * static_cast<double>(velocity)));
  }
};

}  // namespace hypergrad
