#include "program.h"

#include <cmath>

namespace hypergrad::testing {

TestProgram& TestProgram::operator=(const TestProgram& other) {
  values = other.values;
  parameters = other.parameters;
  operations = other.operations;
  windows = other.windows;
  names = other.names;
  vocabulary = other.vocabulary;
  affine_count_ = other.affine_count_;
  dropouts_ = other.dropouts_;
  for (size_t i = 0; i < parameters.size(); i++) parameters[i].name = names[i].c_str();
  size_t next = 0;
  for (hg_operation& operation : operations)
    if (operation.window != nullptr) operation.window = &windows[next++];
  return *this;
}

int32_t TestProgram::add_value(int32_t numbers) {
  values.push_back({sizeof(hg_value), numbers});
  return static_cast<int32_t>(values.size()) - 1;
}

int32_t TestProgram::add_parameter_tensor(const std::string& name, int32_t rows, int32_t columns) {
  names.push_back(name);
  parameters.push_back({sizeof(hg_parameter), rows, columns, 0, names.back().c_str()});
  return static_cast<int32_t>(parameters.size()) - 1;
}

int32_t TestProgram::emit(hg_operation operation, int32_t numbers) {
  operation.struct_size = sizeof(hg_operation);
  operation.output = add_value(numbers);
  if (operation.window != nullptr) {
    windows.push_back(*operation.window);
    operation.window = &windows.back();
  }
  operations.push_back(operation);
  return operation.output;
}

int32_t TestProgram::affine(int32_t input, int32_t inputs, int32_t units, int32_t activation) {
  const std::string number = std::to_string(++affine_count_);
  hg_operation o{};
  o.kind = HG_AFFINE;
  o.input = input;
  o.first = add_parameter_tensor("W" + number, inputs, units);
  o.second = add_parameter_tensor("b" + number, 1, units);
  o.activation = activation;
  return emit(o, values[static_cast<size_t>(input)].numbers / inputs * units);
}

int32_t TestProgram::convolution(int32_t input, const hg_window& w, int32_t channels, int32_t activation) {
  const std::string number = std::to_string(++affine_count_);
  hg_operation o{};
  o.kind = HG_AFFINE;
  o.input = input;
  o.first = add_parameter_tensor("W" + number, w.kernel_height * w.kernel_width * w.channels, channels);
  o.second = add_parameter_tensor("b" + number, 1, channels);
  o.activation = activation;
  o.window = &w;
  const int32_t height = (w.input_height + 2 * w.padding_height - w.kernel_height) / w.stride_height + 1;
  const int32_t width = (w.input_width + 2 * w.padding_width - w.kernel_width) / w.stride_width + 1;
  return emit(o, height * width * channels);
}

int32_t TestProgram::activate(int32_t input, int32_t activation) {
  hg_operation o{};
  o.kind = HG_ACTIVATE;
  o.input = input;
  o.activation = activation;
  return emit(o, values[static_cast<size_t>(input)].numbers);
}

int32_t TestProgram::pool(int32_t input, const hg_window& w, bool is_maximum) {
  hg_operation o{};
  o.kind = HG_POOL;
  o.input = input;
  o.is_maximum = is_maximum;
  o.window = &w;
  return emit(
      o, ((w.input_height - w.kernel_height) / w.stride_height + 1) * ((w.input_width - w.kernel_width) / w.stride_width + 1) * w.channels);
}

int32_t TestProgram::add(int32_t left, int32_t right) {
  hg_operation o{};
  o.kind = HG_ADD;
  o.input = left;
  o.other = right;
  return emit(o, values[static_cast<size_t>(left)].numbers);
}

int32_t TestProgram::add_parameter(int32_t input) {
  const int32_t numbers = values[static_cast<size_t>(input)].numbers;
  hg_operation o{};
  o.kind = HG_ADD_PARAMETER;
  o.input = input;
  o.first = add_parameter_tensor("positions", 1, numbers);
  return emit(o, numbers);
}

int32_t TestProgram::normalize(int32_t input, int32_t positions, int32_t groups, int32_t channels) {
  hg_operation o{};
  o.kind = HG_NORMALIZE;
  o.input = input;
  o.first = add_parameter_tensor("scale", 1, channels);
  o.second = add_parameter_tensor("shift", 1, channels);
  o.positions = positions;
  o.groups = groups;
  return emit(o, values[static_cast<size_t>(input)].numbers);
}

int32_t TestProgram::embed(int32_t width) {
  hg_operation o{};
  o.kind = HG_EMBED;
  o.first = add_parameter_tensor("table", vocabulary, width);
  return emit(o, values[0].numbers * width);
}

int32_t TestProgram::softmax(int32_t input, int32_t columns, bool is_causal) {
  hg_operation o{};
  o.kind = HG_ROW_SOFTMAX;
  o.input = input;
  o.columns = o.rows = columns;
  o.is_causal = is_causal;
  return emit(o, values[static_cast<size_t>(input)].numbers);
}

int32_t TestProgram::drop(int32_t input, double rate) {
  hg_operation o{};
  o.kind = HG_DROP_UNITS;
  o.input = input;
  o.rate = rate;
  o.ordinal = dropouts_++;
  return emit(o, values[static_cast<size_t>(input)].numbers);
}

int32_t TestProgram::scores(int32_t queries, int32_t keys, int32_t length, int32_t width, int32_t heads) {
  hg_operation o{};
  o.kind = HG_BATCHED_PRODUCT;
  o.input = queries;
  o.other = keys;
  o.heads = heads;
  o.rows = o.columns = length;
  o.depth = width / heads;
  o.is_transposed = 1;
  o.left_row_stride = o.right_row_stride = width;
  o.left_head_stride = o.right_head_stride = o.depth;
  o.result_row_stride = length;
  o.result_head_stride = length * length;
  o.factor = 1 / std::sqrt(o.depth);
  return emit(o, heads * length * length);
}

int32_t TestProgram::mix(int32_t attention, int32_t of_values, int32_t length, int32_t width, int32_t heads) {
  hg_operation o{};
  o.kind = HG_BATCHED_PRODUCT;
  o.input = attention;
  o.other = of_values;
  o.heads = heads;
  o.rows = o.depth = length;
  o.columns = width / heads;
  o.left_row_stride = length;
  o.left_head_stride = length * length;
  o.right_row_stride = o.result_row_stride = width;
  o.right_head_stride = o.result_head_stride = o.columns;
  o.factor = 1;
  return emit(o, length * width);
}

hg_window window(int32_t height, int32_t width, int32_t channels, int32_t kernel, int32_t stride, int32_t padding) {
  return {sizeof(hg_window), height, width, channels, kernel, kernel, stride, stride, padding, padding};
}

}  // namespace hypergrad::testing
