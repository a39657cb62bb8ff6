// How an operation says what it reads, and what must fit.
#pragma once

#include "operations/program.h"

namespace hypergrad {

// An operation being checked.
struct OperationCheck {
  const Program& program;
  const Layout& layout;
  ProgramStep& step;
  std::string name;

  // Refuses unless the condition holds: the message is the operation's name and the parts.
  template <class... Parts>
  void need(bool condition, const Parts&... parts) const {
    require(condition, name, " ", parts...);
  }

  // Notes that the operation reads a value or a parameter; its numbers, or its tensor.
  int32_t read_value(int32_t value) const;
  const Tensor& read_parameter(int32_t parameter) const;
  int32_t output_numbers() const;
  const hg_window& window(bool may_pad) const;
  void need_output(int64_t numbers) const;
  void need_choice(int32_t value, int32_t choices, const char* what) const;
};

}  // namespace hypergrad
