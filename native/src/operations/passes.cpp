#include "operations/passes.h"

#include "operations/registry.h"

namespace hypergrad {

namespace {

// One for all that writes a parameter's gradient, so that it has an order; neighbours, such as a matrix and its bias, have different ones.
int32_t lane_of_parameter(const Context& context, int32_t parameter) {
  return context.on_device() ? 1 + parameter % (Context::lanes - 1) : 0;
}

}  // namespace

template <class T>
Passes<T>::Passes(std::shared_ptr<Context> context, const Layout& layout, const Program& program, bool allow_tf32, int32_t capacity,
                  int32_t training_capacity)
    : layout_(layout),
      program_(program),
      room_{context, layout.replicas, capacity, training_capacity},
      allow_tf32_(allow_tf32),
      values_(program.values.size()) {
  for (size_t i = 0; i < values_.size(); i++) {
    ValueBuffers<T>& value = values_[i];
    value.numbers = program.values[i];
    value.is_constant = program.is_constant[i];
    value.value = room_(value.numbers);
    if (!value.is_constant) value.delta = room_(value.numbers);
  }
  WorkspaceSize sizes[Context::lanes];
  for (const ProgramStep& step : program.steps) {
    hg_operation given = step.given;
    given.window = given.window != nullptr ? &step.window : nullptr;
    OperationParts<T> parts{given, {}, {}, &values_[static_cast<size_t>(given.output)], room_, sizes};
    for (size_t i = 0; i < step.inputs.size(); i++)
      parts.inputs.push_back({&values_[static_cast<size_t>(step.inputs[i])], step.input_adds[i]});
    for (size_t i = 0; i < step.parameters.size(); i++)
      parts.parameters.push_back({layout.tensors[static_cast<size_t>(step.parameters[i])], step.parameter_adds[i],
                                  lane_of_parameter(*context, step.parameters[i])});
    operations_.push_back(kind_of_operation(given.kind).make<T>(parts));
  }
  for (int32_t lane = 0; lane < Context::lanes; lane++) {
    workspaces_[lane].patches = Array<T>(context, sizes[lane].patches);
    workspaces_[lane].row_sums = Array<T>(context, sizes[lane].row_sums);
  }
}

template <class T>
Pass<T> Passes<T>::begin(int32_t rows, const T* weights) {
  return {*room_.context, layout_.replicas, rows, allow_tf32_, layout_.stride, weights, workspaces_, false, {nullptr, 0}, 0};
}

template <class T>
void Passes<T>::forward(const Pass<T>& pass) {
  for (const auto& operation : operations_) operation->forward(pass);
}

// A constant's adjoint is of no interest here: operations that write one have nothing to hand back.
template <class T>
void Passes<T>::backward(const Pass<T>& pass) {
  pass.context.joined([&] {
    for (size_t i = operations_.size(); i-- > 0;)
      if (!is_constant(i)) operations_[i]->backward(pass);
  });
}

template <class T>
void Passes<T>::prepare_tangents(bool with_inputs) {
  const Room<T> room = room_.for_tangents();
  for (ValueBuffers<T>& value : values_) {
    if (!value.is_constant && value.value_tangent.data() == nullptr) value.value_tangent = room(value.numbers);
    if ((!value.is_constant || with_inputs) && value.delta_tangent.data() == nullptr) value.delta_tangent = room(value.numbers);
  }
  for (const auto& operation : operations_) operation->prepare_tangents();
}

template <class T>
void Passes<T>::tangent_forward(const Pass<T>& pass) {
  for (size_t i = 0; i < operations_.size(); i++)
    if (!is_constant(i)) operations_[i]->tangent_forward(pass);
}

template <class T>
void Passes<T>::tangent_backward(const Pass<T>& pass) {
  pass.context.joined([&] {
    for (size_t i = operations_.size(); i-- > 0;)
      if (!is_constant(i) || pass.with_inputs) operations_[i]->tangent_backward(pass);
  });
}

template class Passes<float>;
template class Passes<double>;

}  // namespace hypergrad
