// out = p = softmax of every row; with a causal mask row i of each square matrix sees its first i + 1 numbers, and the rest are 0.
//   backward          ā = p ∘ (ē − Σ p ē)
//   tangent forward   ṗ = p ∘ (ȧ − Σ p ȧ)
//   tangent backward  ā˙ = ṗ ∘ (ē − Σ p ē) + p ∘ (ē˙ − Σ (ṗ ē + p ē˙))
#include <cmath>

#include "operations/registry.h"
#include "runtime/rows.h"

namespace hypergrad {

namespace {

// What it reads, and what must fit.
void check(const OperationCheck& operation) {
  const hg_operation& g = operation.step.given;
  const int32_t numbers = operation.read_value(g.input);
  operation.need_choice(g.is_causal, 2, "choice of the causal mask");
  operation.need(g.columns >= 1 && numbers % g.columns == 0, "reads ", numbers, " numbers, which do not divide into rows of ", g.columns,
                 ".");
  operation.need(g.is_causal == 0 || (g.rows == g.columns && numbers / g.columns % g.rows == 0), "has a causal mask on matrices of ",
                 g.rows, " × ", g.columns, ", ", numbers, " numbers; they must be square.");
  operation.need_output(numbers);
}

struct Rows {
  int32_t columns;
  int32_t rows;  // of a matrix, with a causal mask; otherwise 0

  HG_BOTH int32_t seen(int64_t row) const { return rows == 0 ? columns : static_cast<int32_t>(row % rows) + 1; }
};

template <class T>
struct SoftmaxForward {
  Rows rows;
  const T* input;
  T* output;

  template <class Lanes>
  HG_BOTH void operator()(const Lanes& lanes, int64_t row) const {
    const T* a = input + row * rows.columns;
    T* p = output + row * rows.columns;
    const int32_t seen = rows.seen(row);
    T largest = a[0];
    for (int32_t c = lanes.first(); c < seen; c += lanes.count()) largest = a[c] > largest ? a[c] : largest;
    largest = lanes.largest(largest);
    double total = 0;
    for (int32_t c = lanes.first(); c < seen; c += lanes.count()) {
      p[c] = std::exp(a[c] - largest);
      total += static_cast<double>(p[c]);
    }
    const T scale = static_cast<T>(1 / lanes.sum(total));
    for (int32_t c = lanes.first(); c < rows.columns; c += lanes.count()) p[c] = c < seen ? p[c] * scale : T(0);
  }
};

// into [+]= p ∘ (along − Σ p along).
template <class T>
struct SoftmaxDerivative {
  Rows rows;
  const T* output;
  const T* along;
  T* into;
  bool add;

  template <class Lanes>
  HG_BOTH void operator()(const Lanes& lanes, int64_t row) const {
    const int64_t start = row * rows.columns, first = start + lanes.first();
    const int32_t seen = rows.seen(row);
    double mean = 0;
    for (int64_t at = first; at < start + seen; at += lanes.count())
      mean += static_cast<double>(output[at]) * static_cast<double>(along[at]);
    mean = lanes.sum(mean);
    for (int64_t at = first; at < start + rows.columns; at += lanes.count())
      put(into[at], at < start + seen ? output[at] * (along[at] - static_cast<T>(mean)) : T(0), add);
  }
};

template <class T>
struct SoftmaxTangentBackward {
  Rows rows;
  const T* output;
  const T* output_tangent;
  const T* delta;
  const T* delta_tangent;
  T* into;
  bool add;

  template <class Lanes>
  HG_BOTH void operator()(const Lanes& lanes, int64_t row) const {
    const int64_t start = row * rows.columns, first = start + lanes.first(), end = start + rows.seen(row);
    double mean = 0, mean_tangent = 0;
    for (int64_t at = first; at < end; at += lanes.count()) {
      const double p = static_cast<double>(output[at]), e = static_cast<double>(delta[at]);
      mean += p * e;
      mean_tangent += static_cast<double>(output_tangent[at]) * e + p * static_cast<double>(delta_tangent[at]);
    }
    mean = lanes.sum(mean);
    mean_tangent = lanes.sum(mean_tangent);
    for (int64_t at = first; at < start + rows.columns; at += lanes.count())
      put(into[at],
          at < end
              ? output_tangent[at] * (delta[at] - static_cast<T>(mean)) + output[at] * (delta_tangent[at] - static_cast<T>(mean_tangent))
              : T(0),
          add);
  }
};

template <class T>
class RowSoftmax : public Operation<T> {
 public:
  explicit RowSoftmax(const OperationParts<T>& parts)
      : input_(parts.inputs[0]), output_(*parts.output), rows_{parts.given.columns, parts.given.is_causal == 1 ? parts.given.rows : 0} {}

  void forward(const Pass<T>& pass) override {
    for_each_row(pass.context, count(pass), SoftmaxForward<T>{rows_, input_.value(), output_.value.data()});
  }

  void backward(const Pass<T>& pass) override { derivative(pass, output_.delta.data(), input_.delta(), input_.adds); }

  void tangent_forward(const Pass<T>& pass) override { derivative(pass, input_.tangent(), output_.value_tangent.data(), false); }

  void tangent_backward(const Pass<T>& pass) override {
    T* into = input_.delta_tangent(pass);
    if (into == nullptr) return;
    if (input_.tangent() == nullptr) return derivative(pass, output_.delta_tangent.data(), into, input_.adds);
    for_each_row(pass.context, count(pass),
                 SoftmaxTangentBackward<T>{rows_, output_.value.data(), output_.value_tangent.data(), output_.delta.data(),
                                           output_.delta_tangent.data(), into, input_.adds});
  }

 private:
  int64_t count(const Pass<T>& pass) const { return pass.cells(output_.numbers) / rows_.columns; }

  void derivative(const Pass<T>& pass, const T* along, T* into, bool add) {
    if (into != nullptr) for_each_row(pass.context, count(pass), SoftmaxDerivative<T>{rows_, output_.value.data(), along, into, add});
  }

  Input<T> input_;
  ValueBuffers<T>& output_;
  Rows rows_;
};

}  // namespace

HG_DEFINE_OPERATION(row_softmax, "row softmax", RowSoftmax)

}  // namespace hypergrad
