// The exact arithmetic against known answers and against a scalar specification in wide integers.
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "arithmetic/information_store.h"
#include "arithmetic/spill_schedule.h"
#include "arithmetic/state_hash.h"
#include "updates/drift.h"
#include "updates/kick.h"

namespace hypergrad {
namespace {

__extension__ typedef __int128 Wide;

Wide floor_quotient(Wide x, Wide n) { return x >= 0 ? x / n : -((-x + n - 1) / n); }

Wide wide(int64_t value) { return value; }
Wide wide(const SecondMoment& value) { return static_cast<Wide>(value.upper) * (static_cast<Wide>(1) << 64) + value.lower; }

void set(int64_t& value, std::mt19937_64& random) { value = static_cast<int64_t>(random()) >> (1 + random() % 40); }
void set(SecondMoment& value, std::mt19937_64& random) { value = {static_cast<int64_t>(random() >> (1 + random() % 60)), random()}; }

DecayRatio random_ratio(std::mt19937_64& random) {
  const int32_t d = random() % 2 == 0 ? momentum_denominator : 1 + static_cast<int32_t>(random() % largest_denominator);
  return {1 + static_cast<int32_t>(random() % static_cast<uint64_t>(d)), d};
}

TEST(FloorDivide, IsThatOfWideIntegers) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 200000; i++) {
    const int64_t x = static_cast<int64_t>(random()) >> random() % 64;
    const uint32_t n = 1 + static_cast<uint32_t>(random() % (i % 2 == 0 ? 65536 : largest_denominator));
    const FloorDivision division = floor_divide(x, n);
    ASSERT_EQ(division.quotient, static_cast<int64_t>(floor_quotient(x, n))) << x << " / " << n;
    ASSERT_EQ(static_cast<Wide>(division.quotient) * n + division.remainder, static_cast<Wide>(x));
  }
  for (const int64_t x : {INT64_MIN, INT64_MIN + 1, int64_t{-65537}, int64_t{-65536}, int64_t{-1}, int64_t{0}, int64_t{1}, INT64_MAX})
    for (const uint32_t n : {1u, 2u, 3u, 32768u, 65535u, 65536u, 65537u, 4194303u, 4194304u})
      EXPECT_EQ(floor_divide(x, n).quotient, static_cast<int64_t>(floor_quotient(x, n))) << x << " / " << n;
}

TEST(InformationStore, KnownDecay) {
  // 1/2: V = 3·2^16 + 5 pushes 5; V becomes 3n + 5 mod n, s becomes 0.
  int64_t value = 3 * 65536 + 5;
  uint64_t store = 0;
  decay(value, store, {32768, 65536});
  EXPECT_EQ(value, 3 * 32768 + 5);
  EXPECT_EQ(store, 0u);
  // 2^16 − 1 = 1·32768 + 32767: one digit stays in the store.
  value = 65535;
  decay(value, store, {32768, 65536});
  EXPECT_EQ(value, 32767);
  EXPECT_EQ(store, 1u);
}

template <class Number>
void expect_decays_of_wide_integers() {
  std::mt19937_64 random(2);
  for (int i = 0; i < 200000; i++) {
    const DecayRatio ratio = random_ratio(random);
    Number value{};
    set(value, random);
    const Wide before = wide(value), d = ratio.denominator, n = ratio.numerator;
    const uint64_t store_before = random() % (uint64_t{1} << 32);
    uint64_t store = store_before;
    decay(value, store, ratio);
    const Wide pushed = static_cast<Wide>(store_before) * d + (before - floor_quotient(before, d) * d);
    ASSERT_TRUE(wide(value) == floor_quotient(before, d) * n + pushed % n);
    ASSERT_EQ(store, static_cast<uint64_t>(pushed / n));
    undo_decay(value, store, ratio);
    ASSERT_TRUE(wide(value) == before);
    ASSERT_EQ(store, store_before);
  }
}

TEST(InformationStore, DecayIsThatOfWideIntegers) {
  expect_decays_of_wide_integers<int64_t>();
  expect_decays_of_wide_integers<SecondMoment>();
}

TEST(InformationStore, SpillsAndUnspills) {
  uint64_t store = 0xABCDEF12u;
  EXPECT_EQ(spill(store), 0x12);
  EXPECT_EQ(spill(store), 0xEF);
  EXPECT_EQ(store, 0xABCDu);
  unspill(store, 0xEF);
  unspill(store, 0x12);
  EXPECT_EQ(store, 0xABCDEF12u);
}

TEST(Kick, KnownAnswers) {
  // A kick of −1/4 with g = 1 takes a quarter off; a drift of 1/2 moves by half of V.
  int64_t value = 0, position = 0;
  EXPECT_EQ(kick_exactly(value, -0.25, 1.0), no_fault);
  EXPECT_EQ(value, -(int64_t{1} << 50));
  EXPECT_EQ(drift_exactly(position, scaled_drift(0.5, value)), no_fault);
  EXPECT_EQ(position, -(int64_t{1} << 49));
  undo_drift_exactly(position, scaled_drift(0.5, value));
  undo_kick_exactly(value, -0.25, 1.0);
  EXPECT_EQ(position, 0);
  EXPECT_EQ(value, 0);
}

TEST(Kick, OfASecondMomentIsRoundedToNearest) {
  SecondMoment s{0, 0};
  EXPECT_EQ(kick_exactly(s, 0.25, 2.0), no_fault);
  EXPECT_EQ(s.upper, int64_t{1} << 32);
  EXPECT_EQ(s.lower, 0u);
  EXPECT_EQ(s.value(), 1.0);
  s = {0, 0};
  kick_exactly(s, 1.0, 0x1p-48);  // g² = 2⁻⁹⁶
  EXPECT_EQ(s.lower, 1u);
  s = {0, 0};
  kick_exactly(s, 2.5, 0x1p-48);  // ties go to the even one
  EXPECT_EQ(s.lower, 2u);
  std::mt19937_64 random(3);
  std::normal_distribution<double> normal;
  for (int i = 0; i < 100000; i++) {
    SecondMoment value{};
    set(value, random);
    value.upper &= 0x3FFFFFFF00000000;
    const SecondMoment before = value;
    const double c = std::fabs(normal(random)), g = normal(random) * std::exp2(static_cast<int>(random() % 40) - 30);
    ASSERT_EQ(kick_exactly(value, c, g), no_fault);
    ASSERT_TRUE(wide(value) - wide(before) == static_cast<Wide>(std::nearbyint(c * (g * g) * 0x1p96)));
    undo_kick_exactly(value, c, g);
    ASSERT_TRUE(wide(value) == wide(before));
  }
}

TEST(Kick, FaultsAreTold) {
  int64_t value = 0;
  EXPECT_EQ(kick_exactly(value, -0.5, NAN), gradient_fault);
  EXPECT_EQ(kick_exactly(value, -0.5, 1e30), gradient_fault);
  EXPECT_EQ(value, 0);
  value = INT64_MAX;
  EXPECT_EQ(kick_exactly(value, 0.5, 1.0), slot_fault);
  SecondMoment s{0, 0};
  EXPECT_EQ(kick_exactly(s, 0.5, NAN), gradient_fault);
  EXPECT_EQ(kick_exactly(s, 1.0, 46341.0), gradient_fault) << "beyond 2³¹";
  EXPECT_EQ(kick_exactly(s, -1.0, 1.0), gradient_fault) << "below 0";
  EXPECT_EQ(s.upper, 0);
  s.upper = INT64_MAX;
  EXPECT_EQ(kick_exactly(s, 1.0, 1.0), slot_fault);
}

TEST(Drift, FaultsAreTold) {
  int64_t position = INT64_MAX;
  EXPECT_EQ(drift_exactly(position, scaled_drift(1.0, int64_t{1} << 52)), weight_fault);
  EXPECT_EQ(drift_exactly(position, scaled_drift(INFINITY, int64_t{1} << 52)), weight_fault);
}

TEST(Drift, OfAdamIsItsFormula) {
  const AdamDirection<double> direction(0.5, 0.25, 0.1, 0.01, 1e-3);
  EXPECT_DOUBLE_EQ(direction.value(), 5 / (5 + 1e-3));
  EXPECT_DOUBLE_EQ(scaled_drift(-0.5, direction), -0.5 * direction.value() * 0x1p52);
  EXPECT_EQ(AdamDirection<double>(0.5, 0, 0.1, 0.01, 1e-3).by_second_moment(), 0);
}

TEST(SpillSchedule, FollowsFromTheRatiosAlone) {
  const auto of_momenta = [](const std::vector<int32_t>& numerators) {
    std::vector<DecayRatio> ratios;
    for (const int32_t n : numerators) ratios.push_back({n, 65536});
    return ratios;
  };
  // n = 1: M is 65535, then 65535·65536 + 65535 = 2^32 − 1, of which two bytes go, and so on.
  const SpillSchedule smallest(of_momenta({1, 1, 1}), 1);
  EXPECT_EQ(smallest.bytes, (std::vector<uint8_t>{0, 2, 2}));
  EXPECT_EQ(smallest.before, (std::vector<int32_t>{0, 0, 2}));
  EXPECT_EQ(smallest.totals, std::vector<int32_t>{4});
  // No decay, no digits.
  EXPECT_EQ(SpillSchedule(of_momenta(std::vector<int32_t>(100, 65536)), 1).totals[0], 0);
  // 1/2 loses a bit a step: 100 steps need 100 bits, of which 16 stay.
  const int32_t halves = SpillSchedule(of_momenta(std::vector<int32_t>(100, 32768)), 1).totals[0];
  EXPECT_GE(halves, 10);
  EXPECT_LE(halves, 12);
  // Two groups do not mix.
  const SpillSchedule two(of_momenta({1, 65536, 1, 65536}), 2);
  EXPECT_EQ(two.totals, (std::vector<int32_t>{2, 0}));
}

TEST(SpillSchedule, OfOtherDenominatorsHas32Bits) {
  EXPECT_EQ(word_bits({{1, 65536}, {3, 65536}}), 16);
  EXPECT_EQ(word_bits({{1, 65536}, {3, 1000}}), 32);
  // 999/1000 loses log2(1000/999) bits a step.
  const double bits = 100000 * std::log2(1000.0 / 999);
  const int32_t bytes = SpillSchedule(std::vector<DecayRatio>(100000, {999, 1000}), 1).totals[0];
  EXPECT_GE(8 * bytes + 32, bits);
  EXPECT_LE(8 * bytes, 1.1 * bits);
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
  EXPECT_EQ((SecondMoment{1, uint64_t{1} << 63}).value(), 0x1.8p-32);
}

}  // namespace
}  // namespace hypergrad
