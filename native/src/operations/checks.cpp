#include "operations/checks.h"

#include "runtime/structs.h"

namespace hypergrad {

int32_t OperationCheck::read_value(int32_t value) const {
  const int32_t count = static_cast<int32_t>(program.values.size());
  need(value >= 0 && value < count, "reads value ", value, "; there are ", count, " values, numbered from 0.");
  step.inputs.push_back(value);
  return program.values[static_cast<size_t>(value)];
}

const Tensor& OperationCheck::read_parameter(int32_t parameter) const {
  const int32_t count = static_cast<int32_t>(layout.tensors.size());
  need(parameter >= 0 && parameter < count, "reads parameter ", parameter, "; there are ", count, " parameters, numbered from 0.");
  step.parameters.push_back(parameter);
  return layout.tensors[static_cast<size_t>(parameter)];
}

int32_t OperationCheck::output_numbers() const { return program.values[static_cast<size_t>(step.given.output)]; }

void OperationCheck::need_output(int64_t numbers) const {
  need(output_numbers() == numbers, "writes ", numbers, " numbers, and value ", step.given.output, " has ", output_numbers(), ".");
}

void OperationCheck::need_choice(int32_t value, int32_t choices, const char* what) const {
  need(value >= 0 && value < choices, "has the ", what, " ", value, "; it must be from 0 to ", choices - 1, ".");
}

const hg_window& OperationCheck::window(bool may_pad) const {
  if (step.given.window == nullptr) fail(HG_NULL_ARGUMENT, name, " has no window.");
  const hg_window& w = step.window = take_struct(step.given.window, "hg_window");
  constexpr int32_t most = 1 << 20;
  for (const int32_t size : {w.input_height, w.input_width, w.channels, w.kernel_height, w.kernel_width, w.stride_height, w.stride_width})
    need(size >= 1 && size <= most, "has a window with a size of ", size, "; all must be from 1 to ", most, ".");
  for (const int32_t padding : {w.padding_height, w.padding_width})
    need(padding >= 0 && padding <= (may_pad ? most : 0), "has a padding of ", padding, "; it must be ",
         may_pad ? "at least 0." : "0 for a pooling.");
  need(w.kernel_height <= w.input_height + 2 * w.padding_height && w.kernel_width <= w.input_width + 2 * w.padding_width, "has windows of ",
       w.kernel_height, " × ", w.kernel_width, " on padded images of ", w.input_height + 2 * w.padding_height, " × ",
       w.input_width + 2 * w.padding_width, "; a window must not be larger.");
  return w;
}

}  // namespace hypergrad
