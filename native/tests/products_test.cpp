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
  std::vector<double> a(static_cast<size_t>(rows) * inner), b(static_cast<size_t>(inner) * columns);
  for (double& value : a) value = uniform(random);
  for (double& value : b) value = uniform(random);
  for (int choice = 0; choice < 8; choice++) {
    const bool transpose_a = (choice & 1) != 0, transpose_b = (choice & 2) != 0, accumulate = (choice & 4) != 0;
    std::vector<double> c(static_cast<size_t>(rows) * columns, 0.5);
    multiply_on_host<double>({rows, columns, inner, 1, accumulate}, {a.data(), 0, transpose_a}, {b.data(), 0, transpose_b}, c.data());
    for (int32_t i = 0; i < rows; i++)
      for (int32_t j = 0; j < columns; j++) {
        double sum = accumulate ? 0.5 : 0;
        for (int32_t k = 0; k < inner; k++)
          sum += a[transpose_a ? k * rows + i : i * inner + k] * b[transpose_b ? j * inner + k : k * columns + j];
        ASSERT_NEAR(c[static_cast<size_t>(i) * columns + j], sum, 1e-11) << choice << ": " << i << ", " << j;
      }
  }
}

INSTANTIATE_TEST_SUITE_P(Native, Shapes,
                         ::testing::Values(std::make_tuple(1, 1, 1), std::make_tuple(4, 8, 16), std::make_tuple(5, 9, 3),
                                           std::make_tuple(3, 300, 7), std::make_tuple(70, 33, 270), std::make_tuple(2, 513, 520)));

}  // namespace
}  // namespace hypergrad
