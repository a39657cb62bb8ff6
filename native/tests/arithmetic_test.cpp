// The exact arithmetic against known answers and against a scalar specification in wide integers.
#include <gtest/gtest.h>

#include <random>

#include "arithmetic/reversible_weight.h"
#include "arithmetic/spill_schedule.h"
#include "arithmetic/state_hash.h"
#include "data/keyed_permutation.h"

namespace hypergrad {
namespace {

__extension__ typedef __int128 Wide;

int64_t floor_quotient(Wide x, Wide n) { return static_cast<int64_t>(x >= 0 ? x / n : -((-x + n - 1) / n)); }

TEST(DecayRatio, RoundsToTheNearest) {
  EXPECT_EQ(nearest_ratio(0).numerator, 0);
  EXPECT_EQ(nearest_ratio(1e-9).numerator, 1);
  EXPECT_EQ(nearest_ratio(0.5).numerator, 32768);
  EXPECT_EQ(nearest_ratio(0.9).numerator, 58982);
  EXPECT_EQ(nearest_ratio(1).numerator, 65536);
  EXPECT_EQ(nearest_ratio(2.5 / 65536).numerator, 2) << "ties go to the even one";
}

TEST(FloorDivide, IsThatOfWideIntegers) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 200000; i++) {
    const int64_t x = static_cast<int64_t>(random()) >> random() % 64;
    const uint32_t n = 1 + static_cast<uint32_t>(random() % 65536);
    const FloorDivision division = floor_divide(x, n);
    ASSERT_EQ(division.quotient, floor_quotient(x, n)) << x << " / " << n;
    ASSERT_EQ(static_cast<Wide>(division.quotient) * n + division.remainder, static_cast<Wide>(x));
  }
  for (const int64_t x : {INT64_MIN, INT64_MIN + 1, int64_t{-65537}, int64_t{-65536}, int64_t{-1}, int64_t{0}, int64_t{1}, INT64_MAX})
    for (const uint32_t n : {1u, 2u, 3u, 32768u, 65535u, 65536u})
      EXPECT_EQ(floor_divide(x, n).quotient, floor_quotient(x, n)) << x << " / " << n;
}

TEST(ReversibleWeight, KnownStep) {
  // γ = 1/2: V = 3·2^16 + 5 pushes 5; V becomes 3n + 5 mod n, s becomes 0.
  ReversibleWeight w{0, 3 * 65536 + 5, 0};
  w.decay({32768});
  EXPECT_EQ(w.velocity, 3 * 32768 + 5);
  EXPECT_EQ(w.digits, 0u);
  // 2^16 − 1 = 1·32768 + 32767: one digit stays in the store.
  w = {0, 65535, 0};
  w.decay({32768});
  EXPECT_EQ(w.velocity, 32767);
  EXPECT_EQ(w.digits, 1u);
  // A kick of γ = 3/4 with g = 1 takes a quarter off; α = 1/2 moves by half of V.
  w = {0, 0, 0};
  EXPECT_EQ(w.kick({49152}, 1.0), no_fault);
  EXPECT_EQ(w.velocity, -(int64_t{1} << 50));
  EXPECT_EQ(w.drift(0.5), no_fault);
  EXPECT_EQ(w.position, -(int64_t{1} << 49));
}

TEST(ReversibleWeight, DecayIsThatOfWideIntegers) {
  std::mt19937_64 random(2);
  for (int i = 0; i < 200000; i++) {
    const int32_t n = 1 + static_cast<int32_t>(random() % 65536);
    const ReversibleWeight before{0, static_cast<int64_t>(random()) >> (1 + random() % 40), static_cast<uint32_t>(random() % 65536)};
    ReversibleWeight w = before;
    w.decay({n});
    const Wide store = static_cast<Wide>(before.digits) * 65536 + (before.velocity & 65535);
    ASSERT_EQ(w.velocity, static_cast<int64_t>(static_cast<Wide>(floor_quotient(before.velocity, 65536)) * n + store % n));
    ASSERT_EQ(w.digits, static_cast<uint32_t>(store / n));
    w.undo_decay({n});
    ASSERT_EQ(w.velocity, before.velocity);
    ASSERT_EQ(w.digits, before.digits);
  }
}

TEST(ReversibleWeight, FaultsAreTold) {
  ReversibleWeight w{0, 0, 0};
  EXPECT_EQ(w.kick({32768}, NAN), gradient_fault);
  EXPECT_EQ(w.kick({32768}, 1e30), gradient_fault);
  EXPECT_EQ(w.velocity, 0);
  w.velocity = INT64_MAX;
  EXPECT_EQ(w.kick({32768}, -1.0), velocity_fault);
  w = {INT64_MAX, int64_t{1} << 52, 0};
  EXPECT_EQ(w.drift(1.0), position_fault);
  EXPECT_EQ(w.drift(INFINITY), position_fault);
}

TEST(ReversibleWeight, SpillsAndUnspills) {
  ReversibleWeight w{0, 0, 0xABCDEF12u};
  EXPECT_EQ(w.spill(), 0x12);
  EXPECT_EQ(w.spill(), 0xEF);
  EXPECT_EQ(w.digits, 0xABCDu);
  w.unspill(0xEF);
  w.unspill(0x12);
  EXPECT_EQ(w.digits, 0xABCDEF12u);
}

TEST(SpillSchedule, FollowsFromTheMomentaAlone) {
  // n = 1: M is 65535, then 65535·65536 + 65535 = 2^32 − 1, of which two bytes go, and so on.
  const SpillSchedule smallest({1, 1, 1}, 1);
  EXPECT_EQ(smallest.bytes, (std::vector<uint8_t>{0, 2, 2}));
  EXPECT_EQ(smallest.before, (std::vector<int32_t>{0, 0, 2}));
  EXPECT_EQ(smallest.totals, std::vector<int32_t>{4});
  // No decay, no digits.
  EXPECT_EQ(SpillSchedule(std::vector<int32_t>(100, 65536), 1).totals[0], 0);
  // γ = 1/2 loses a bit a step: 100 steps need 100 bits, of which 16 stay.
  const int32_t halves = SpillSchedule(std::vector<int32_t>(100, 32768), 1).totals[0];
  EXPECT_GE(halves, 10);
  EXPECT_LE(halves, 12);
  // Two groups do not mix.
  const SpillSchedule two({1, 65536, 1, 65536}, 2);
  EXPECT_EQ(two.totals, (std::vector<int32_t>{2, 0}));
}

TEST(StateHash, TellsPlacesAndValuesApart) {
  EXPECT_NE(hash_mix(1, 0), hash_mix(1, 1));
  EXPECT_NE(hash_mix(1, 0), hash_mix(2, 0));
  // The first output of SplitMix64 with seed 0 is the mix of 0 at place 0.
  EXPECT_EQ(hash_mix(0, 0), 0xE220A8397B1DCDAFu);
}

TEST(FixedPoint, KnownAnswers) {
  EXPECT_EQ(fixed_from_double(1.0), int64_t{1} << 52);
  EXPECT_EQ(fixed_from_double(-0.5), -(int64_t{1} << 51));
  EXPECT_EQ(fixed_to_double(int64_t{3} << 51), 1.5);
  EXPECT_EQ(truncate(-1.75), -1);
  EXPECT_EQ(truncate(NAN), 0);
}

}  // namespace
}  // namespace hypergrad
