// The comparison that the other tests rely on can fail.
#include "closeness.h"

#include <gtest/gtest-spi.h>

#include <limits>

namespace hypergrad::testing {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();

TEST(Closeness, WhatIsNearEnoughAgrees) {
  expect_close("numbers", {1, -2, 3.003}, {1, -2, 3}, 1.1e-3);
  expect_close("infinities", {infinity, -infinity, 2}, {infinity, -infinity, 2}, 0);
}

TEST(Closeness, WhatIsWrongIsNamed) {
  EXPECT_NONFATAL_FAILURE(expect_close("numbers", {1, nan, 3}, {1, -2, 3}, 1e-3), "numbers[1]: nan instead of -2");
  EXPECT_NONFATAL_FAILURE(expect_close("numbers", {1, -2, 3}, {1, nan, 3}, 1e-3), "numbers[1]: -2 instead of nan");
  EXPECT_NONFATAL_FAILURE(expect_close("numbers", {nan}, {nan}, 1e-3), "numbers[0]: nan instead of nan");
  EXPECT_NONFATAL_FAILURE(expect_close("numbers", {1, 2}, {1, infinity}, 1e-3), "numbers[1]: 2 instead of inf");
  EXPECT_NONFATAL_FAILURE(expect_close("numbers", {infinity, 2}, {1, 2}, 1e-3), "numbers[0]: inf instead of 1");
  EXPECT_NONFATAL_FAILURE(expect_close("numbers", {1.1, 0, 9}, {1, 0, 4}, 0.25), "numbers[2]: 9 instead of 4, 5 away where 1 is allowed");
  EXPECT_NONFATAL_FAILURE(expect_close("numbers", {1}, {1}, nan), "numbers[0]");
}

TEST(Closeness, OtherLengthsAndNothingAreWrong) {
  EXPECT_FATAL_FAILURE(expect_close("numbers", {1, 2}, {1}, 1e-3), "numbers");
  EXPECT_FATAL_FAILURE(expect_close("numbers", {}, {}, 1e-3), "comparing nothing shows nothing");
}

}  // namespace
}  // namespace hypergrad::testing
