// The host's products against the definition, over shapes that do and do not fill its tiles, transposed and accumulated.
#include "runtime/products.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace hypergrad {
namespace {

class Shapes : public ::testing::TestWithParam<std::tuple<int32_t, int32_t, int32_t>> {};

TEST_P(Shapes, ProductIsTheSum) {
  const auto [rows, columns, inner] = GetParam();
  std::mt19937 random(1);
  std::uniform_real_distribution<double> uniform(-1, 1);
  // Rows of C lie further apart than they are long; what is between them stays as it is.
  const int32_t leading = columns + 3;
  std::vector<double> a(static_cast<size_t>(rows) * inner), b(static_cast<size_t>(inner) * columns);
  for (double& value : a) value = uniform(random);
  for (double& value : b) value = uniform(random);
  for (int choice = 0; choice < 8; choice++) {
    const bool transpose_a = (choice & 1) != 0, transpose_b = (choice & 2) != 0, accumulate = (choice & 4) != 0;
    std::vector<double> c(static_cast<size_t>(rows) * leading, 0.5);
    multiply_on_host<double>({rows, columns, inner, 1, accumulate, 2.0}, {a.data(), 0, transpose_a ? rows : inner, transpose_a},
                             {b.data(), 0, transpose_b ? inner : columns, transpose_b}, {c.data(), 0, leading});
    for (int32_t i = 0; i < rows; i++) {
      for (int32_t j = 0; j < columns; j++) {
        double sum = accumulate ? 0.5 : 0;
        for (int32_t k = 0; k < inner; k++)
          sum += 2 * a[transpose_a ? k * rows + i : i * inner + k] * b[transpose_b ? j * inner + k : k * columns + j];
        ASSERT_NEAR(c[static_cast<size_t>(i) * leading + j], sum, 1e-11) << choice << ": " << i << ", " << j;
      }
      for (int32_t j = columns; j < leading; j++) ASSERT_EQ(c[static_cast<size_t>(i) * leading + j], 0.5);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Native, Shapes,
                         ::testing::Values(std::make_tuple(1, 1, 1), std::make_tuple(4, 8, 16), std::make_tuple(5, 9, 3),
                                           std::make_tuple(3, 300, 7), std::make_tuple(70, 33, 270), std::make_tuple(2, 513, 520)));

}  // namespace
}  // namespace hypergrad
