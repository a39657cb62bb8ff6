// The comparison of arrays that every test of whole results uses.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace hypergrad::testing {

// Within a tolerance relative to the largest finite expected entry. NaN is wrong wherever it is, an infinity is near itself alone, and
// arrays of other lengths or of nothing do not agree. The failure names the worst entry and both values.
inline void expect_close(const char* name, const std::vector<double>& actual, const std::vector<double>& expected, double tolerance) {
  ASSERT_EQ(actual.size(), expected.size()) << name;
  ASSERT_FALSE(expected.empty()) << name << ": comparing nothing shows nothing";
  double scale = 0, worst_error = -1;
  for (double value : expected)
    if (std::isfinite(value)) scale = std::max(scale, std::fabs(value));
  size_t worst = 0;
  for (size_t i = 0; i < actual.size(); i++) {
    const double difference = actual[i] == expected[i] ? 0 : std::fabs(actual[i] - expected[i]);
    const double error = std::isnan(difference) ? HUGE_VAL : difference;
    if (error > worst_error) {
      worst = i;
      worst_error = error;
    }
  }
  EXPECT_TRUE(std::isfinite(worst_error) && worst_error <= tolerance * scale)
      << name << "[" << worst << "]: " << actual[worst] << " instead of " << expected[worst] << ", " << worst_error << " away where "
      << tolerance * scale << " is allowed";
}

}  // namespace hypergrad::testing
