#include "operations/checks.h"

#include <cmath>

namespace hypergrad {

namespace {

void check_affine(const OperationCheck& check) {
  const hg_operation& g = check.step.given;
  const int32_t numbers = check.read_value(g.input);
  const Tensor &weight = check.read_parameter(g.first), &bias = check.read_parameter(g.second);
  check.need_choice(g.activation, 6, "activation");
  check.need(bias.count() == weight.columns, "has a bias of ", bias.count(), " weights and a matrix of ", weight.columns,
             " columns; both must be as many.");
  if (g.window == nullptr) {
    check.need(numbers % weight.rows == 0, "reads ", numbers, " numbers, which do not divide into rows of ", weight.rows,
               ", as its matrix has.");
    check.need_output(static_cast<int64_t>(numbers / weight.rows) * weight.columns);
    return;
  }
  const hg_window& w = check.window(true);
  check.need(static_cast<int64_t>(w.input_height) * w.input_width * w.channels == numbers, "has windows on images of ", w.input_height,
             " × ", w.input_width, " × ", w.channels, " and reads ", numbers, " numbers.");
  check.need(static_cast<int64_t>(w.kernel_height) * w.kernel_width * w.channels == weight.rows, "has windows of ", w.kernel_height, " × ",
             w.kernel_width, " × ", w.channels, " and a matrix of ", weight.rows, " rows; both must be as many.");
  check.need_output(((static_cast<int64_t>(w.input_height) + 2 * w.padding_height - w.kernel_height) / w.stride_height + 1) *
                    ((w.input_width + 2 * w.padding_width - w.kernel_width) / w.stride_width + 1) * weight.columns);
}

void check_activate(const OperationCheck& check) {
  check.need_choice(check.step.given.activation, 6, "activation");
  check.need_output(check.read_value(check.step.given.input));
}

void check_pool(const OperationCheck& check) {
  check.need_choice(check.step.given.is_maximum, 2, "choice of the maximum");
  const int32_t numbers = check.read_value(check.step.given.input);
  const hg_window& w = check.window(false);
  check.need(static_cast<int64_t>(w.input_height) * w.input_width * w.channels == numbers, "has windows on images of ", w.input_height,
             " × ", w.input_width, " × ", w.channels, " and reads ", numbers, " numbers.");
  check.need_output(static_cast<int64_t>((w.input_height - w.kernel_height) / w.stride_height + 1) *
                    ((w.input_width - w.kernel_width) / w.stride_width + 1) * w.channels);
}

void check_add(const OperationCheck& check) {
  const int32_t left = check.read_value(check.step.given.input), right = check.read_value(check.step.given.other);
  check.need(left == right, "adds ", left, " numbers and ", right, "; both must be as many.");
  check.need_output(left);
}

void check_add_parameter(const OperationCheck& check) {
  const int32_t numbers = check.read_value(check.step.given.input), weights = check.read_parameter(check.step.given.first).count();
  check.need(numbers == weights, "adds ", weights, " weights to ", numbers, " numbers; both must be as many.");
  check.need_output(numbers);
}

void check_normalize(const OperationCheck& check) {
  const hg_operation& g = check.step.given;
  const int32_t numbers = check.read_value(g.input), scale = check.read_parameter(g.first).count(),
                shift = check.read_parameter(g.second).count();
  check.need(scale == shift, "has ", scale, " scales and ", shift, " shifts; both must be as many.");
  check.need(g.groups >= 1 && scale % g.groups == 0, "has ", g.groups, " groups, which do not divide its ", scale, " channels.");
  check.need(g.positions >= 1 && numbers % (static_cast<int64_t>(g.positions) * scale) == 0, "reads ", numbers,
             " numbers, which do not divide into sets of ", g.positions, " positions of ", scale, " channels.");
  check.need_output(numbers);
}

void check_embed(const OperationCheck& check) {
  const hg_operation& g = check.step.given;
  const int32_t tokens = check.read_value(g.input);
  const Tensor& table = check.read_parameter(g.first);
  check.need(g.input == 0 && check.program.vocabulary > 0, "reads tokens, which value 0 of a program with a vocabulary alone has.");
  check.need(table.rows == check.program.vocabulary, "has a table of ", table.rows, " rows for a vocabulary of ", check.program.vocabulary,
             "; both must be as many.");
  check.need_output(static_cast<int64_t>(tokens) * table.columns);
}

void check_batched_product(const OperationCheck& check) {
  const hg_operation& g = check.step.given;
  const int32_t left = check.read_value(g.input), right = check.read_value(g.other), result = check.output_numbers();
  check.need_choice(g.is_transposed, 2, "choice of the transpose");
  check.need(g.heads >= 1 && g.rows >= 1 && g.columns >= 1 && g.depth >= 1, "has ", g.heads, " heads of ", g.rows, " × ", g.depth,
             " times ", g.depth, " × ", g.columns, "; all must be at least 1.");
  check.need(std::isfinite(g.factor), "has the factor ", g.factor, "; it must be finite.");
  const auto within = [&](const char* which, int32_t rows, int32_t columns, int32_t row_stride, int32_t head_stride, int32_t numbers) {
    check.need(row_stride >= columns && head_stride >= 0 &&
                   static_cast<int64_t>(g.heads - 1) * head_stride + static_cast<int64_t>(rows - 1) * row_stride + columns <= numbers,
               "has a ", which, " of ", g.heads, " matrices of ", rows, " × ", columns, " with strides ", row_stride, " and ", head_stride,
               ", which do not lie within its ", numbers, " numbers.");
  };
  within("left side", g.rows, g.depth, g.left_row_stride, g.left_head_stride, left);
  within("right side", g.is_transposed == 1 ? g.columns : g.depth, g.is_transposed == 1 ? g.depth : g.columns, g.right_row_stride,
         g.right_head_stride, right);
  within("result", g.rows, g.columns, g.result_row_stride, g.result_head_stride, result);
  check.need_output(static_cast<int64_t>(g.heads) * g.rows * g.columns);
  check.need((g.result_row_stride == g.columns && (g.heads == 1 || g.result_head_stride == static_cast<int64_t>(g.rows) * g.columns)) ||
                 (g.result_head_stride == g.columns && g.result_row_stride == static_cast<int64_t>(g.heads) * g.columns),
             "has a result with strides ", g.result_row_stride, " and ", g.result_head_stride,
             "; its matrices must lie one after the other, or side by side.");
}

void check_row_softmax(const OperationCheck& check) {
  const hg_operation& g = check.step.given;
  const int32_t numbers = check.read_value(g.input);
  check.need_choice(g.is_causal, 2, "choice of the causal mask");
  check.need(g.columns >= 1 && numbers % g.columns == 0, "reads ", numbers, " numbers, which do not divide into rows of ", g.columns, ".");
  check.need(g.is_causal == 0 || (g.rows == g.columns && numbers / g.columns % g.rows == 0), "has a causal mask on matrices of ", g.rows,
             " × ", g.columns, ", ", numbers, " numbers; they must be square.");
  check.need_output(numbers);
}

void check_drop_units(const OperationCheck& check) {
  const hg_operation& g = check.step.given;
  check.need(g.rate >= 0 && g.rate < 1, "has the rate ", g.rate, "; it must be at least 0 and below 1.");
  check.need(g.ordinal >= 0 && g.ordinal < 1 << 16, "has the ordinal ", g.ordinal, "; it must be from 0 to ", (1 << 16) - 1, ".");
  check.need_output(check.read_value(g.input));
}

constexpr OperationKind kinds[operation_kinds] = {
    {"affine", check_affine},
    {"activate", check_activate},
    {"pool", check_pool},
    {"add", check_add},
    {"add parameter", check_add_parameter},
    {"normalize", check_normalize},
    {"embed", check_embed},
    {"batched product", check_batched_product},
    {"row softmax", check_row_softmax},
    {"drop units", check_drop_units},
};

}  // namespace

const OperationKind& kind_of_operation(int32_t kind) { return kinds[kind]; }

}  // namespace hypergrad
