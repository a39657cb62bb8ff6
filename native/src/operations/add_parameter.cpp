// out = a + p, the same p for every example.
#include "operations/column_sums.h"
#include "operations/registry.h"

namespace hypergrad {

namespace {

// What it reads, and what must fit.
void check(const OperationCheck& operation) {
  const int32_t numbers = operation.read_value(operation.step.given.input),
                weights = operation.read_parameter(operation.step.given.first).count();
  operation.need(numbers == weights, "adds ", weights, " weights to ", numbers, " numbers; both must be as many.");
  operation.need_output(numbers);
}

template <class T>
struct AddToRows {
  const T* input;      // or null for 0
  const T* parameter;  // replica 0's
  int64_t stride;
  int32_t rows, numbers;
  T* output;

  HG_BOTH void operator()(int32_t replica, int32_t row, int32_t column) const {
    const int64_t at = (static_cast<int64_t>(replica) * rows + row) * numbers + column;
    const T p = parameter[replica * stride + column];
    output[at] = input != nullptr ? input[at] + p : p;
  }
};

template <class T>
struct HandOn {
  const T* delta;
  T* into;
  bool add;

  HG_BOTH void operator()(int64_t at) const { put(into[at], delta[at], add); }
};

template <class T>
class AddParameter : public Operation<T> {
 public:
  explicit AddParameter(const OperationParts<T>& parts) : input_(parts.inputs[0]), parameter_(parts.parameters[0]), output_(*parts.output) {
    reserve_sums(parts, parameter_, parts.room.capacity, output_.numbers);
  }

  void forward(const Pass<T>& pass) override { add(pass, input_.value(), parameter_.value(pass), output_.value.data()); }

  void backward(const Pass<T>& pass) override { hand_back(pass, output_.delta.data(), input_.delta()); }

  void tangent_forward(const Pass<T>& pass) override {
    add(pass, input_.tangent(), parameter_.direction(pass), output_.value_tangent.data());
  }

  void tangent_backward(const Pass<T>& pass) override { hand_back(pass, output_.delta_tangent.data(), input_.delta_tangent(pass)); }

 private:
  void add(const Pass<T>& pass, const T* input, const T* parameter, T* output) {
    for_each_cell(pass.context, pass.replicas, pass.rows, output_.numbers,
                  AddToRows<T>{input, parameter, pass.stride, pass.rows, output_.numbers, output});
  }

  void hand_back(const Pass<T>& pass, const T* delta, T* into) {
    sum_columns(pass, pass.rows, output_.numbers, MatrixTerm<T>{delta, pass.rows, output_.numbers}, parameter_);
    if (into != nullptr) for_each_index(pass.context, pass.cells(output_.numbers), HandOn<T>{delta, into, input_.adds});
  }

  Input<T> input_;
  Parameter<T> parameter_;
  ValueBuffers<T>& output_;
};

}  // namespace

HG_DEFINE_OPERATION(add_parameter, "add parameter", AddParameter)

}  // namespace hypergrad
