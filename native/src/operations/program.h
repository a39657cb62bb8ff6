// A program taken from its description and checked: what it reads and writes fits, and every value and parameter is of use.
#pragma once

#include <string>
#include <vector>

#include "hypergrad/description.h"
#include "weights/layout.h"

namespace hypergrad {

// One operation: its description, and what it reads.
struct ProgramStep {
  hg_operation given;  // its window is the one beside it, or null
  hg_window window;
  std::vector<int32_t> inputs, parameters;
  // Whether the adjoint of each of them is added to: one that comes later in the program has written it.
  std::vector<bool> input_adds, parameter_adds;
};

class Program {
 public:
  Program() = default;
  Program(const Layout& layout, const hg_session_description& description);

  int32_t input_numbers() const { return values.front(); }
  int32_t output_numbers() const { return values[static_cast<size_t>(output)]; }
  int32_t positions() const { return output_numbers() / outputs; }

  std::vector<int32_t> values;    // numbers of one example
  std::vector<bool> is_constant;  // values that no weight moves
  std::vector<ProgramStep> steps;
  int32_t output = 0, outputs = 0;  // the value that the loss reads, and the numbers of one position
  int32_t vocabulary = 0;           // of the input's tokens, or 0

 private:
  void take(const Layout& layout, const hg_operation& operation, int32_t index);
  void find_order(const Layout& layout);

  std::vector<bool> is_written_;
};

// What messages call an operation: "Operation 3 (affine)".
std::string name_of_operation(int32_t kind, int32_t index);

}  // namespace hypergrad
