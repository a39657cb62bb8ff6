// out = a + b; the two may be one value.
#include "operations/registry.h"

namespace hypergrad {

namespace {

// What it reads, and what must fit.
void check(const OperationCheck& operation) {
  const int32_t left = operation.read_value(operation.step.given.input), right = operation.read_value(operation.step.given.other);
  operation.need(left == right, "adds ", left, " numbers and ", right, "; both must be as many.");
  operation.need_output(left);
}

template <class T>
struct SumOfTwo {
  const T* a;  // or null for 0, as may b
  const T* b;
  T* sum;

  HG_BOTH void operator()(int64_t at) const { sum[at] = a == nullptr ? b[at] : b == nullptr ? a[at] : a[at] + b[at]; }
};

template <class T>
class Add : public Operation<T> {
 public:
  explicit Add(const OperationParts<T>& parts) : left_(parts.inputs[0]), right_(parts.inputs[1]), output_(*parts.output) {}

  void forward(const Pass<T>& pass) override { sum(pass, left_.value(), right_.value(), output_.value.data()); }

  void backward(const Pass<T>& pass) override {
    for (const Input<T>* input : {&left_, &right_}) pass_on(pass, output_.delta.data(), input->delta(), input->adds);
  }

  void tangent_forward(const Pass<T>& pass) override { sum(pass, left_.tangent(), right_.tangent(), output_.value_tangent.data()); }

  void tangent_backward(const Pass<T>& pass) override {
    for (const Input<T>* input : {&left_, &right_}) pass_on(pass, output_.delta_tangent.data(), input->delta_tangent(pass), input->adds);
  }

 private:
  void sum(const Pass<T>& pass, const T* a, const T* b, T* into) {
    for_each_index(pass.context, pass.cells(output_.numbers), SumOfTwo<T>{a, b, into});
  }

  void pass_on(const Pass<T>& pass, const T* delta, T* into, bool adds) {
    if (into != nullptr) sum(pass, delta, adds ? into : nullptr, into);
  }

  Input<T> left_, right_;
  ValueBuffers<T>& output_;
};

}  // namespace

HG_DEFINE_OPERATION(add, "add", Add)

}  // namespace hypergrad
