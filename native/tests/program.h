// A program being written down by a test: operations on values, and the parameters that they read.
#pragma once

#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "hypergrad/hypergrad.h"

namespace hypergrad::testing {

class TestProgram {
 public:
  // Value 0.
  TestProgram() = default;
  explicit TestProgram(int32_t inputs, int32_t tokens_of = 0) : vocabulary(tokens_of) { add_value(inputs); }
  TestProgram(const TestProgram& other) { *this = other; }
  TestProgram& operator=(const TestProgram& other);

  // Each gives the value that it writes.
  int32_t affine(int32_t input, int32_t inputs, int32_t units, int32_t activation = HG_IDENTITY);
  int32_t convolution(int32_t input, const hg_window& window, int32_t channels, int32_t activation = HG_IDENTITY);
  int32_t activate(int32_t input, int32_t activation);
  int32_t pool(int32_t input, const hg_window& window, bool is_maximum);
  int32_t add(int32_t left, int32_t right);
  int32_t add_parameter(int32_t input);
  int32_t normalize(int32_t input, int32_t positions, int32_t groups, int32_t channels);
  int32_t embed(int32_t width);
  int32_t softmax(int32_t input, int32_t columns, bool is_causal = false);
  int32_t drop(int32_t input, double rate);
  // Heads side by side in rows of the widths of queries and keys, or [heads × rows × columns] of scores.
  int32_t scores(int32_t queries, int32_t keys, int32_t length, int32_t width, int32_t heads);
  int32_t mix(int32_t attention, int32_t values, int32_t length, int32_t width, int32_t heads);

  int32_t add_value(int32_t numbers);
  int32_t add_parameter_tensor(const std::string& name, int32_t rows, int32_t columns);
  int32_t emit(hg_operation operation, int32_t numbers);

  std::vector<hg_value> values;
  std::vector<hg_parameter> parameters;
  std::vector<hg_operation> operations;
  std::deque<hg_window> windows;
  std::deque<std::string> names;
  int32_t vocabulary = 0;

 private:
  int32_t affine_count_ = 0, dropouts_ = 0;
};

// Windows of a square kernel on images.
hg_window window(int32_t height, int32_t width, int32_t channels, int32_t kernel, int32_t stride, int32_t padding);

}  // namespace hypergrad::testing
