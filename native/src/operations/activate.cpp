// out = φ(a), number by number.
#include "operations/activation.h"
#include "operations/registry.h"

namespace hypergrad {

namespace {

// What it reads, and what must fit.
void check(const OperationCheck& operation) {
  operation.need_choice(operation.step.given.activation, 6, "activation");
  operation.need_output(operation.read_value(operation.step.given.input));
}

template <class T>
struct ActivateForward {
  Activation<T> activation;
  const T* input;
  T* output;

  HG_BOTH void operator()(int64_t at) const { output[at] = activation.value(input[at]); }
};

// into [+]= along ∘ φ′(a): the pass backward, and with overwriting the tangent forward.
template <class T>
struct TimesDerivative {
  Activation<T> activation;
  const T* input;
  const T* output;
  const T* along;
  T* into;
  bool add;

  HG_BOTH void operator()(int64_t at) const { put(into[at], along[at] * activation.derivative(input[at], output[at]), add); }
};

// into [+]= δ̇ ∘ φ′(a) + δ ∘ φ″(a) ∘ ȧ, the second term where ȧ is not 0.
template <class T>
struct ActivateTangentBackward {
  Activation<T> activation;
  const T* input;
  const T* output;
  const T* tangent;
  const T* delta;
  const T* delta_tangent;
  T* into;
  bool add;

  HG_BOTH void operator()(int64_t at) const {
    const T z = input[at], a = output[at];
    T sum = delta_tangent[at] * activation.derivative(z, a);
    if (tangent != nullptr) sum += delta[at] * activation.second_derivative(z, a) * tangent[at];
    put(into[at], sum, add);
  }
};

template <class T>
class Activate : public Operation<T> {
 public:
  explicit Activate(const OperationParts<T>& parts)
      : input_(parts.inputs[0]), output_(*parts.output), activation_{parts.given.activation} {}

  void forward(const Pass<T>& pass) override {
    for_each_index(pass.context, pass.cells(output_.numbers), ActivateForward<T>{activation_, input_.value(), output_.value.data()});
  }

  void backward(const Pass<T>& pass) override {
    if (input_.delta() != nullptr) times_derivative(pass, output_.delta.data(), input_.delta(), input_.adds);
  }

  void tangent_forward(const Pass<T>& pass) override { times_derivative(pass, input_.tangent(), output_.value_tangent.data(), false); }

  void tangent_backward(const Pass<T>& pass) override {
    T* into = input_.delta_tangent(pass);
    if (into == nullptr) return;
    for_each_index(pass.context, pass.cells(output_.numbers),
                   ActivateTangentBackward<T>{activation_, input_.value(), output_.value.data(), input_.tangent(), output_.delta.data(),
                                              output_.delta_tangent.data(), into, input_.adds});
  }

 private:
  void times_derivative(const Pass<T>& pass, const T* along, T* into, bool add) {
    for_each_index(pass.context, pass.cells(output_.numbers),
                   TimesDerivative<T>{activation_, input_.value(), output_.value.data(), along, into, add});
  }

  Input<T> input_;
  ValueBuffers<T>& output_;
  Activation<T> activation_;
};

}  // namespace

HG_DEFINE_OPERATION(activate, "activate", Activate)

}  // namespace hypergrad
