// out_h = s A_h B_h, or s A_h B_hᵀ, for every example and head. Head by head, the examples of all replicas are one batch of products.
//   backward          Ā = s ē Bᵀ, B̄ = s Aᵀ ē                (or Ā = s ē B, B̄ = s ēᵀ A)
//   tangent forward   s (Ȧ B + A Ḃ)
//   tangent backward  Ā˙ = s (ē˙ Bᵀ + ē Ḃᵀ), and so for B̄˙
#include <cmath>

#include "operations/registry.h"

namespace hypergrad {

namespace {

// What it reads, and what must fit.
void check(const OperationCheck& operation) {
  const hg_operation& g = operation.step.given;
  const int32_t left = operation.read_value(g.input), right = operation.read_value(g.other), result = operation.output_numbers();
  operation.need_choice(g.is_transposed, 2, "choice of the transpose");
  operation.need(g.heads >= 1 && g.rows >= 1 && g.columns >= 1 && g.depth >= 1, "has ", g.heads, " heads of ", g.rows, " × ", g.depth,
                 " times ", g.depth, " × ", g.columns, "; all must be at least 1.");
  operation.need(std::isfinite(g.factor), "has the factor ", g.factor, "; it must be finite.");
  const auto within = [&](const char* which, int32_t rows, int32_t columns, int32_t row_stride, int32_t head_stride, int32_t numbers) {
    operation.need(row_stride >= columns && head_stride >= 0 &&
                       static_cast<int64_t>(g.heads - 1) * head_stride + static_cast<int64_t>(rows - 1) * row_stride + columns <= numbers,
                   "has a ", which, " of ", g.heads, " matrices of ", rows, " × ", columns, " with strides ", row_stride, " and ",
                   head_stride, ", which do not lie within its ", numbers, " numbers.");
  };
  within("left side", g.rows, g.depth, g.left_row_stride, g.left_head_stride, left);
  within("right side", g.is_transposed == 1 ? g.columns : g.depth, g.is_transposed == 1 ? g.depth : g.columns, g.right_row_stride,
         g.right_head_stride, right);
  within("result", g.rows, g.columns, g.result_row_stride, g.result_head_stride, result);
  operation.need_output(static_cast<int64_t>(g.heads) * g.rows * g.columns);
  operation.need((g.result_row_stride == g.columns && (g.heads == 1 || g.result_head_stride == static_cast<int64_t>(g.rows) * g.columns)) ||
                     (g.result_head_stride == g.columns && g.result_row_stride == static_cast<int64_t>(g.heads) * g.columns),
                 "has a result with strides ", g.result_row_stride, " and ", g.result_head_stride,
                 "; its matrices must lie one after the other, or side by side.");
}

struct MatrixLayout {
  int32_t row_stride, head_stride, rows, columns;
};

template <class T>
struct ClearNumbers {
  T* numbers;

  HG_BOTH void operator()(int64_t at) const { numbers[at] = T(0); }
};

template <class T>
class BatchedProduct : public Operation<T> {
 public:
  explicit BatchedProduct(const OperationParts<T>& parts)
      : left_(parts.inputs[0]),
        right_(parts.inputs[1]),
        output_(*parts.output),
        heads_(parts.given.heads),
        factor_(parts.given.factor),
        is_transposed_(parts.given.is_transposed == 1) {
    const hg_operation& g = parts.given;
    a_ = {g.left_row_stride, g.left_head_stride, g.rows, g.depth};
    b_ = {g.right_row_stride, g.right_head_stride, is_transposed_ ? g.columns : g.depth, is_transposed_ ? g.depth : g.columns};
    c_ = {g.result_row_stride, g.result_head_stride, g.rows, g.columns};
  }

  void forward(const Pass<T>& pass) override { result(pass, left_.value(), right_.value(), output_.value.data(), false); }

  void backward(const Pass<T>& pass) override {
    const T* delta = output_.delta.data();
    by_left(pass, delta, right_.value(), left_.delta(), left_.adds);
    by_right(pass, delta, left_.value(), right_.delta(), right_.adds);
  }

  void tangent_forward(const Pass<T>& pass) override {
    T* into = output_.value_tangent.data();
    if (left_.tangent() != nullptr) result(pass, left_.tangent(), right_.value(), into, false);
    if (right_.tangent() != nullptr) result(pass, left_.value(), right_.tangent(), into, left_.tangent() != nullptr);
  }

  void tangent_backward(const Pass<T>& pass) override {
    const T *delta = output_.delta.data(), *delta_tangent = output_.delta_tangent.data();
    T *to_left = left_.delta_tangent(pass), *to_right = right_.delta_tangent(pass);
    by_left(pass, delta_tangent, right_.value(), to_left, left_.adds);
    if (right_.tangent() != nullptr) by_left(pass, delta, right_.tangent(), to_left, true);
    by_right(pass, delta_tangent, left_.value(), to_right, right_.adds);
    if (left_.tangent() != nullptr) by_right(pass, delta, left_.tangent(), to_right, true);
  }

 private:
  void result(const Pass<T>& pass, const T* a, const T* b, T* into, bool add) {
    product(pass, a_, left_.numbers(), a, false, b_, right_.numbers(), b, is_transposed_, c_, output_.numbers, into, add);
  }

  void by_left(const Pass<T>& pass, const T* delta, const T* b, T* into, bool add) {
    product(pass, c_, output_.numbers, delta, false, b_, right_.numbers(), b, !is_transposed_, a_, left_.numbers(), into, add);
  }

  void by_right(const Pass<T>& pass, const T* delta, const T* a, T* into, bool add) {
    if (is_transposed_)
      product(pass, c_, output_.numbers, delta, true, a_, left_.numbers(), a, false, b_, right_.numbers(), into, add);
    else
      product(pass, a_, left_.numbers(), a, true, c_, output_.numbers, delta, false, b_, right_.numbers(), into, add);
  }

  // Whether the matrices of all heads cover every number once: one head after the other, or side by side.
  bool tiles(const MatrixLayout& of, int32_t numbers) const {
    return static_cast<int64_t>(heads_) * of.rows * of.columns == numbers &&
           ((of.row_stride == of.columns && of.head_stride == of.rows * of.columns) ||
            (of.head_stride == of.columns && of.row_stride == heads_ * of.columns) || (heads_ == 1 && of.row_stride == of.columns));
  }

  // z_h [+]= s op(x_h) op(y_h).
  void product(const Pass<T>& pass, const MatrixLayout& of_x, int32_t x_numbers, const T* x, bool transpose_x, const MatrixLayout& of_y,
               int32_t y_numbers, const T* y, bool transpose_y, const MatrixLayout& of_z, int32_t z_numbers, T* z, bool add) {
    if (z == nullptr) return;
    // What no matrix covers is 0, and where two overlap their sum is meant.
    if (!add && !tiles(of_z, z_numbers)) {
      for_each_index(pass.context, pass.cells(z_numbers), ClearNumbers<T>{z});
      add = true;
    }
    const ProductShape shape{of_z.rows, of_z.columns, transpose_x ? of_x.rows : of_x.columns, pass.replicas * pass.rows, add, factor_};
    for (int32_t head = 0; head < heads_; head++)
      multiply<T>(pass.context, pass.allow_tf32, shape, {x + head * of_x.head_stride, x_numbers, of_x.row_stride, transpose_x},
                  {y + head * of_y.head_stride, y_numbers, of_y.row_stride, transpose_y},
                  {z + head * of_z.head_stride, z_numbers, of_z.row_stride});
  }

  Input<T> left_, right_;
  ValueBuffers<T>& output_;
  int32_t heads_;
  double factor_;
  bool is_transposed_;
  MatrixLayout a_{}, b_{}, c_{};
};

}  // namespace

HG_DEFINE_OPERATION(batched_product, "batched product", BatchedProduct)

}  // namespace hypergrad
