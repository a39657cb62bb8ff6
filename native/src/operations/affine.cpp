// out = φ(aW + b), row by row; with windows the rows are patches of images, and that is convolution.
//   forward           z = aW + b, out = φ(z)
//   backward          δ = ē ∘ φ′(z), ∂W = aᵀδ, ∂b = Σ δ, ā = δWᵀ
//   tangent forward   ż = aU + ȧW + u_b, ȯut = φ′(z) ∘ ż                       (along a direction U, u_b)
//   tangent backward  δ̇ = ē˙ ∘ φ′(z) + ē ∘ φ″(z) ∘ ż, R∂W = aᵀδ̇ + ȧᵀδ, R∂b = Σ δ̇, ā˙ = δ̇Wᵀ + δUᵀ
// Patches are gathered for blocks of examples, so that their room stays bounded.
#include <algorithm>

#include "operations/activation.h"
#include "operations/column_sums.h"
#include "operations/registry.h"
#include "operations/windows.h"

namespace hypergrad {

namespace {

// What it reads, and what must fit.
void check(const OperationCheck& operation) {
  const hg_operation& g = operation.step.given;
  const int32_t numbers = operation.read_value(g.input);
  const Tensor &weight = operation.read_parameter(g.first), &bias = operation.read_parameter(g.second);
  operation.need_choice(g.activation, 6, "activation");
  operation.need(bias.count() == weight.columns, "has a bias of ", bias.count(), " weights and a matrix of ", weight.columns,
                 " columns; both must be as many.");
  if (g.window == nullptr) {
    operation.need(numbers % weight.rows == 0, "reads ", numbers, " numbers, which do not divide into rows of ", weight.rows,
                   ", as its matrix has.");
    operation.need_output(static_cast<int64_t>(numbers / weight.rows) * weight.columns);
    return;
  }
  const hg_window& w = operation.window(true);
  operation.need(static_cast<int64_t>(w.input_height) * w.input_width * w.channels == numbers, "has windows on images of ", w.input_height,
                 " × ", w.input_width, " × ", w.channels, " and reads ", numbers, " numbers.");
  operation.need(static_cast<int64_t>(w.kernel_height) * w.kernel_width * w.channels == weight.rows, "has windows of ", w.kernel_height,
                 " × ", w.kernel_width, " × ", w.channels, " and a matrix of ", weight.rows, " rows; both must be as many.");
  operation.need_output(((static_cast<int64_t>(w.input_height) + 2 * w.padding_height - w.kernel_height) / w.stride_height + 1) *
                        ((w.input_width + 2 * w.padding_width - w.kernel_width) / w.stride_width + 1) * weight.columns);
}

constexpr int64_t most_patch_bytes = static_cast<int64_t>(64) << 20;

// z += b, out = φ(z). Where z is not kept, out overwrites it.
template <class T>
struct AddBiasAndActivate {
  Activation<T> activation;
  const T* bias;  // replica 0's
  int64_t stride;
  int32_t rows, units;
  const T* product;
  T* input;  // z, or null when it is not kept
  T* value;

  HG_BOTH void operator()(int32_t replica, int32_t row, int32_t unit) const {
    const int64_t at = (static_cast<int64_t>(replica) * rows + row) * units + unit;
    const T z = product[at] + bias[replica * stride + unit];
    if (input != nullptr) input[at] = z;
    value[at] = activation.value(z);
  }
};

template <class T>
struct ActivationBackward {
  Activation<T> activation;
  const T* input;
  const T* value;
  const T* upstream;
  T* delta;

  HG_BOTH void operator()(int64_t at) const { delta[at] = upstream[at] * activation.derivative(input[at], value[at]); }
};

// ż += u_b, ȯut = φ′(z) ∘ ż.
template <class T>
struct AddBiasTangent {
  Activation<T> activation;
  const T* bias_direction;
  int64_t stride;
  int32_t rows, units;
  const T* input;
  const T* value;
  T* input_tangent;
  T* value_tangent;

  HG_BOTH void operator()(int32_t replica, int32_t row, int32_t unit) const {
    const int64_t at = (static_cast<int64_t>(replica) * rows + row) * units + unit;
    const T tangent = input_tangent[at] + bias_direction[replica * stride + unit];
    input_tangent[at] = tangent;
    if (value_tangent != input_tangent) value_tangent[at] = activation.derivative(input[at], value[at]) * tangent;
  }
};

// δ̇, in place of ē˙.
template <class T>
struct ActivationTangentBackward {
  Activation<T> activation;
  const T* input;
  const T* value;
  const T* upstream;
  const T* input_tangent;
  T* delta_tangent;

  HG_BOTH void operator()(int64_t at) const {
    const T z = input[at], a = value[at];
    delta_tangent[at] =
        delta_tangent[at] * activation.derivative(z, a) + upstream[at] * activation.second_derivative(z, a) * input_tangent[at];
  }
};

template <class T>
class Affine : public Operation<T> {
 public:
  explicit Affine(const OperationParts<T>& parts)
      : room_(parts.room),
        input_(parts.inputs[0]),
        weight_(parts.parameters[0]),
        bias_(parts.parameters[1]),
        output_(*parts.output),
        activation_{parts.given.activation},
        inputs_(weight_.tensor.rows),
        units_(weight_.tensor.columns),
        positions_(output_.numbers / units_),
        is_linear_(parts.given.activation == HG_IDENTITY) {
    if (parts.given.window != nullptr) window_ = window_of(*parts.given.window);
    has_patches_ = parts.given.window != nullptr && !is_plain(window_);
    if (!is_linear_) delta_ = parts.room(output_.numbers);
    if (Activation<T>::keeps_input(parts.given.activation)) kept_ = parts.room(output_.numbers);
    reserve_sums(parts, bias_, static_cast<int64_t>(parts.room.capacity) * positions_, units_);
    if (!has_patches_) return;
    const int64_t patches = static_cast<int64_t>(parts.room.replicas) * positions_ * inputs_;
    block_ =
        static_cast<int32_t>(std::clamp<int64_t>(most_patch_bytes / (patches * static_cast<int64_t>(sizeof(T))), 1, parts.room.capacity));
    const auto reserve = [&](int64_t& room) { room = std::max(room, block_ * patches); };
    reserve(parts.workspaces[0].patches);
    reserve(parts.workspaces[weight_.lane].patches);
  }

  void prepare_tangents() override {
    if (!is_linear_ && input_tangent_.data() == nullptr) input_tangent_ = room_.for_tangents()(output_.numbers);
  }

  void forward(const Pass<T>& pass) override {
    T* value = output_.value.data();
    for_each_block(pass, [&](const Examples& block) {
      times_weights(pass, block, rows_of(pass, block, input_.value()), weight_.value(pass), value, false);
    });
    const int32_t rows = pass.rows * positions_;
    for_each_cell(pass.context, pass.replicas, rows, units_,
                  AddBiasAndActivate<T>{activation_, bias_.value(pass), pass.stride, rows, units_, value, kept_.data(), value});
  }

  void backward(const Pass<T>& pass) override {
    if (!is_linear_)
      for_each_index(pass.context, pass.cells(output_.numbers),
                     ActivationBackward<T>{activation_, pre_activation(), output_.value.data(), output_.delta.data(), delta_.data()});
    const T* delta = this->delta();
    pass.context.beside(weight_.lane, [&] {
      bool accumulate = weight_.accumulates(pass);
      for_each_block(pass, [&](const Examples& block) {
        outer_product(pass, block, rows_of(pass, block, input_.value()), delta, accumulate);
        accumulate = true;
      });
    });
    sum_rows(pass, delta);
    if (input_.delta() == nullptr) return;
    for_each_block(pass, [&](const Examples& block) { back_to_input(pass, block, delta, nullptr, input_.delta()); });
  }

  void tangent_forward(const Pass<T>& pass) override {
    T *value = output_.value_tangent.data(), *tangent = is_linear_ ? value : input_tangent_.data();
    for_each_block(pass, [&](const Examples& block) {
      times_weights(pass, block, rows_of(pass, block, input_.value()), weight_.direction(pass), tangent, false);
      if (input_.tangent() != nullptr)
        times_weights(pass, block, rows_of(pass, block, input_.tangent()), weight_.value(pass), tangent, true);
    });
    const int32_t rows = pass.rows * positions_;
    for_each_cell(pass.context, pass.replicas, rows, units_,
                  AddBiasTangent<T>{activation_, bias_.direction(pass), pass.stride, rows, units_, pre_activation(), output_.value.data(),
                                    tangent, value});
  }

  void tangent_backward(const Pass<T>& pass) override {
    T* delta_tangent = output_.delta_tangent.data();
    if (!is_linear_)
      for_each_index(pass.context, pass.cells(output_.numbers),
                     ActivationTangentBackward<T>{activation_, pre_activation(), output_.value.data(), output_.delta.data(),
                                                  input_tangent_.data(), delta_tangent});
    pass.context.beside(weight_.lane, [&] {
      bool accumulate = weight_.accumulates(pass);
      for_each_block(pass, [&](const Examples& block) {
        outer_product(pass, block, rows_of(pass, block, input_.value()), delta_tangent, accumulate);
        if (input_.tangent() != nullptr) outer_product(pass, block, rows_of(pass, block, input_.tangent()), delta(), true);
        accumulate = true;
      });
    });
    sum_rows(pass, delta_tangent);
    T* into = input_.delta_tangent(pass);
    if (into == nullptr) return;
    for_each_block(pass, [&](const Examples& block) { back_to_input(pass, block, delta_tangent, delta(), into); });
  }

 private:
  static bool is_plain(const Window& w) {
    return w.kernel_height == 1 && w.kernel_width == 1 && w.stride_height == 1 && w.stride_width == 1 && w.padding_height == 0 &&
           w.padding_width == 0;
  }

  // z where it is kept; elsewhere the derivatives look at out alone.
  const T* pre_activation() const { return kept_.data() != nullptr ? kept_.data() : output_.value.data(); }
  const T* delta() const { return is_linear_ ? output_.delta.data() : delta_.data(); }

  template <class F>
  void for_each_block(const Pass<T>& pass, const F& f) const {
    const int32_t length = has_patches_ ? block_ : pass.rows;
    for (int32_t first = 0; first < pass.rows; first += length) f(Examples{pass.rows, first, std::min(length, pass.rows - first)});
  }

  // The rows that a block's products read: patches of the numbers, or the numbers themselves.
  Matrix<const T> rows_of(const Pass<T>& pass, const Examples& block, const T* numbers) const {
    if (!has_patches_) return {numbers, static_cast<int64_t>(pass.rows) * positions_ * inputs_, inputs_};
    T* patches = pass.workspace().patches.data();
    const int32_t rows = block.count * positions_;
    for_each_cell(pass.context, pass.replicas, rows, inputs_, GatherPatches<T>{window_, block, numbers, patches});
    return {patches, static_cast<int64_t>(rows) * inputs_, inputs_};
  }

  // A block of a matrix [replicas × rows × positions × units].
  template <class Number>
  Matrix<Number> block_of(const Pass<T>& pass, const Examples& block, Number* numbers) const {
    const int64_t row = static_cast<int64_t>(positions_) * units_;
    return {numbers + block.first * row, pass.rows * row, units_};
  }

  void times_weights(const Pass<T>& pass, const Examples& block, Matrix<const T> rows, const T* weights, T* target, bool accumulate) {
    multiply<T>(pass.context, pass.allow_tf32, {block.count * positions_, units_, inputs_, pass.replicas, accumulate}, rows,
                {weights, pass.stride, units_}, block_of(pass, block, target));
  }

  void outer_product(const Pass<T>& pass, const Examples& block, Matrix<const T> rows, const T* delta, bool accumulate) {
    rows.transposed = true;
    multiply<T>(pass.context, pass.allow_tf32, {inputs_, units_, block.count * positions_, pass.replicas, accumulate}, rows,
                block_of(pass, block, delta), {weight_.gradient(pass), pass.stride, units_});
  }

  void sum_rows(const Pass<T>& pass, const T* delta) {
    const int32_t rows = pass.rows * positions_;
    sum_columns(pass, rows, units_, MatrixTerm<T>{delta, rows, units_}, bias_);
  }

  // into [+]= delta Wᵀ + delta_of_direction Uᵀ, the second where it is not null.
  void back_to_input(const Pass<T>& pass, const Examples& block, const T* delta, const T* delta_of_direction, T* into) {
    const ProductShape shape{block.count * positions_, inputs_, units_, pass.replicas, !has_patches_ && input_.adds};
    const int64_t rows = static_cast<int64_t>(block.count) * positions_ * inputs_;
    const Matrix<T> target{has_patches_ ? pass.workspace().patches.data() : into, rows, inputs_};
    multiply<T>(pass.context, pass.allow_tf32, shape, block_of(pass, block, delta), {weight_.value(pass), pass.stride, units_, true},
                target);
    if (delta_of_direction != nullptr) {
      ProductShape more = shape;
      more.accumulate = true;
      multiply<T>(pass.context, pass.allow_tf32, more, block_of(pass, block, delta_of_direction),
                  {weight_.direction(pass), pass.stride, units_, true}, target);
    }
    if (has_patches_)
      for_each_cell(pass.context, pass.replicas, block.count, window_.input_numbers(),
                    ScatterPatches<T>{window_, block, target.data, into, input_.adds});
  }

  Room<T> room_;
  Input<T> input_;
  Parameter<T> weight_, bias_;
  ValueBuffers<T>& output_;
  Activation<T> activation_;
  int32_t inputs_, units_, positions_;
  bool is_linear_, has_patches_ = false;
  Window window_{};
  int32_t block_ = 0;
  Array<T> kept_, delta_, input_tangent_;  // z; δ and ż where they are not those of out
};

}  // namespace

HG_DEFINE_OPERATION(affine, "affine", Affine)

}  // namespace hypergrad
