// A 64-bit hash of an array of integers that can be summed in any order: Σ mix(value, place) modulo 2^64, bit for bit
// Hypergrad.Arithmetic.StateHash (the finaliser of SplitMix64; Steele, Lea, Flood 2014).
#pragma once

#include "arithmetic/platform.h"

namespace hypergrad {

HG_BOTH inline uint64_t hash_mix(int64_t value, int64_t place) {
  uint64_t mixed = static_cast<uint64_t>(value) + static_cast<uint64_t>(place + 1) * 0x9E3779B97F4A7C15u;
  mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9u;
  mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EBu;
  return mixed ^ mixed >> 31;
}

}  // namespace hypergrad
