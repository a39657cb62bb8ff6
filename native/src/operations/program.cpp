#include "operations/program.h"

#include "operations/registry.h"
#include "runtime/structs.h"

namespace hypergrad {

namespace {

constexpr int32_t most_numbers = 1 << 30;        // of one value of one example
constexpr int32_t largest_vocabulary = 1 << 24;  // tokens are floats in single precision

}  // namespace

std::string name_of_operation(int32_t kind, int32_t index) {
  return "Operation " + std::to_string(index) + " (" + kind_of_operation(kind).name + ")";
}

Program::Program(const Layout& layout, const hg_session_description& d) : output(d.output), outputs(d.outputs), vocabulary(d.vocabulary) {
  require(d.value_count >= 2 && d.value_count <= 1 << 20, "The program has ", d.value_count, " values; it needs from 2 to ", 1 << 20, ".");
  require(d.operation_count >= 1 && d.operation_count < d.value_count, "The program has ", d.operation_count, " operations and ",
          d.value_count, " values; there must be at least 1 operation, and a value for each beside the input.");
  require(vocabulary >= 0 && vocabulary <= largest_vocabulary, "The vocabulary has ", vocabulary, " tokens; there may be up to ",
          largest_vocabulary, ", or 0 where the inputs are numbers.");
  require_pointer(d.values, "values");
  require_pointer(d.operations, "operations");
  const StructArray given_values(d.values, "hg_value");
  const StructArray given_operations(d.operations, "hg_operation");
  for (int32_t i = 0; i < d.value_count; i++) {
    const hg_value value = given_values[i];
    require(value.numbers >= 1 && value.numbers <= most_numbers, "Value ", i, " has ", value.numbers, " numbers; it must have from 1 to ",
            most_numbers, ".");
    values.push_back(value.numbers);
  }
  require(output >= 1 && output < d.value_count, "The output is value ", output, "; it must be one that an operation writes, from 1 to ",
          d.value_count - 1, ".");
  require(outputs >= 1 && output_numbers() % outputs == 0, "The output has ", output_numbers(),
          " numbers, which do not divide into positions of ", outputs, ".");
  is_written_.assign(values.size(), false);
  is_constant.assign(values.size(), false);
  is_written_[0] = is_constant[0] = true;
  for (int32_t i = 0; i < d.operation_count; i++) take(layout, given_operations[i], i);
  require(is_written_[static_cast<size_t>(output)], "The output, value ", output, ", is written by no operation.");
  require(!is_constant[static_cast<size_t>(output)], "The output, value ", output, ", depends on no weight.");
  find_order(layout);
}

void Program::take(const Layout& layout, const hg_operation& operation, int32_t index) {
  require(operation.kind >= 0 && operation.kind < count_operation_kinds(), "Operation ", index, " is of kind ", operation.kind,
          "; it must be from 0 to ", count_operation_kinds() - 1, ".");
  steps.push_back({operation, {}, {}, {}, {}, {}});
  ProgramStep& step = steps.back();
  const OperationCheck check{*this, layout, step, name_of_operation(operation.kind, index)};
  const int32_t count = static_cast<int32_t>(values.size());
  check.need(operation.output >= 1 && operation.output < count, "writes value ", operation.output, "; it must be from 1 to ", count - 1,
             ".");
  kind_of_operation(operation.kind).check(check);
  bool constant = step.parameters.empty();
  for (const int32_t input : step.inputs) {
    check.need(is_written_[static_cast<size_t>(input)], "reads value ", input, ", which no operation before it writes.");
    check.need(input > 0 || vocabulary == 0 || operation.kind == HG_EMBED,
               "reads value 0, which holds tokens; an embed operation alone may.");
    constant = constant && is_constant[static_cast<size_t>(input)];
  }
  const size_t written = static_cast<size_t>(operation.output);
  check.need(!is_written_[written], "writes value ", written, ", which is written already.");
  is_written_[written] = true;
  is_constant[written] = constant;
}

// Walks the program backwards, as the adjoint goes.
void Program::find_order(const Layout& layout) {
  std::vector<bool> has_adjoint(values.size(), false), has_gradient(layout.tensors.size(), false);
  has_adjoint[static_cast<size_t>(output)] = true;
  for (size_t i = steps.size(); i-- > 0;) {
    ProgramStep& step = steps[i];
    require(has_adjoint[static_cast<size_t>(step.given.output)], name_of_operation(step.given.kind, static_cast<int32_t>(i)),
            " writes value ", step.given.output, ", which nothing reads; leave it out.");
    const auto note = [](std::vector<bool>& seen, std::vector<bool>& adds, int32_t number) {
      adds.push_back(seen[static_cast<size_t>(number)]);
      seen[static_cast<size_t>(number)] = true;
    };
    for (const int32_t input : step.inputs) note(has_adjoint, step.input_adds, input);
    for (const int32_t parameter : step.parameters) note(has_gradient, step.parameter_adds, parameter);
  }
  for (size_t i = 0; i < has_gradient.size(); i++)
    require(has_gradient[i], "The parameter ", layout.names[i], " is read by no operation; leave it out.");
}

}  // namespace hypergrad
