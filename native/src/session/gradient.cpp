// The gradient of a step's training loss, its tangent along a direction, and the evaluation of a whole dataset.
#include <limits>

#include "operations/repeats.h"
#include "session/gradient_kernels.h"
#include "session/session.h"

namespace hypergrad {

namespace {

// Where the step's loss is summed up: beside the way back, which does not need it, with what is short there as a rule, the sums of biases.
constexpr int32_t loss_lane = 2;
static_assert(loss_lane < Context::lanes, "it is one of the context's");

}  // namespace

template <class T>
template <class Fill>
void SessionOf<T>::load(const ExampleTable& table, int32_t rows, Fill fill) {
  fill.examples = examples_.data();
  fill.factors = factors_.data();
  fill.rows = rows;
  for_each_index(*context, static_cast<int64_t>(rows) * replicas, fill);
  const int32_t inputs = program.input_numbers();
  for_each_cell(*context, replicas, rows, inputs,
                GatherRows<T>{table.inputs.view(), examples_.data(), rows, inputs, passes_.input().value.data()});
  for_each_cell(*context, replicas, rows, table.target_columns,
                GatherRows<T>{table.targets.view(), examples_.data(), rows, table.target_columns, targets_.data()});
}

template <class T>
LossRows<T> SessionOf<T>::loss_rows(bool has_classes) {
  return {loss, program.outputs, program.positions(), has_classes, passes_.output().value.data(), targets_.data(), factors_.data()};
}

template <class T>
Pass<T> SessionOf<T>::training_pass(StepReference step) {
  Pass<T> pass = passes_.begin(plan.batch_size, weights->data());
  pass.is_training = true;
  pass.step = step;
  pass.dropout_seed = dropout_seed;
  return pass;
}

template <class T>
void SessionOf<T>::evaluate_loss(const Pass<T>& pass, bool has_classes) {
  for_each_row(*context, pass.cells(program.positions()),
               EvaluateLoss<T>{loss_rows(has_classes), probabilities_.data(), passes_.output().delta.data(), losses_.data()});
}

template <class T>
void SessionOf<T>::launch_gradient(StepReference step) {
  load(training(), plan.batch_size, FillFromPlan<T>{plan, step, example_weights_.data(), 0, nullptr, nullptr});
  Pass<T> pass = training_pass(step);
  pass.gradient = gradient->data();
  passes_.forward(pass);
  evaluate_loss(pass, training().has_classes);
  context->joined([&] {
    context->beside(loss_lane, [&] {
      reduce(*context, replicas,
             TrainingLoss{plan, step, example_weights_.data(), examples_.data(), losses_.data(), pass.rows, program.positions(), steps,
                          training_losses.data()});
    });
    passes_.backward(pass);
  });
}

template <class T>
void SessionOf<T>::launch_penalties(StepReference step) {
  if (!penalties_.any()) return;
  const T *l2 = penalties_.l2.data(), *l1 = penalties_.l1.data();
  const int32_t tiles = static_cast<int32_t>(layout.tiles.size());
  for_each_weight(*context, layout, AddPenaltyGradient<T>{l2, l1, layout.stride, weights->data(), gradient->data()});
  reduce(*context, static_cast<int64_t>(replicas) * tiles,
         PenaltyOfTile<T>{l2, l1, layout.stride, weights->data(), layout.device_tiles.data(), tiles, penalty_sums_.data()});
  reduce(*context, replicas, AddPenaltyLoss{penalty_sums_.data(), tiles, step, steps, training_losses.data()});
}

template <class T>
void SessionOf<T>::launch_tangent(StepReference step, const T* direction, T* product, DataVector* data) {
  Pass<T> pass = training_pass(step);
  pass.allow_tf32 = has_tf32_tangents_;
  pass.direction = direction;
  pass.gradient = product;
  pass.with_inputs = data != nullptr && data->inputs.data() != nullptr;
  passes_.tangent_forward(pass);
  ValueBuffers<T>& output = passes_.output();
  for_each_row(*context, pass.cells(program.positions()),
               EvaluateLossTangent<T>{loss_rows(training().has_classes), probabilities_.data(), output.value_tangent.data(),
                                      output.delta_tangent.data(), target_tangent_.data(), loss_tangents_.data()});
  passes_.tangent_backward(pass);
  if (penalties_.l2.data() != nullptr)
    for_each_weight(*context, layout, AddPenaltyProduct<T>{penalties_.l2.data(), layout.stride, direction, product});
  if (data != nullptr) launch_data_tangent(step, *data);
}

template <class T>
void SessionOf<T>::launch_data_tangent(StepReference step, DataVector& data) {
  const int32_t rows = plan.batch_size, positions = program.positions();
  const int64_t all = static_cast<int64_t>(rows) * replicas;
  if (plan.sampling == HG_FULL_BATCH)
    for_each_index(*context, all, LinkNone{is_first_.data(), next_.data()});
  else
    for_each_index(*context, all, LinkRepeats<ExampleOf>{{examples_.data()}, rows, is_first_.data(), next_.data()});
  const BatchRows batch{examples_.data(), is_first_.data(), next_.data(), rows, training().count};
  const int32_t inputs = program.input_numbers(), outputs = program.output_numbers();
  if (data.inputs.data() != nullptr)
    for_each_cell(*context, replicas, rows, inputs,
                  AddRows<T>{batch, inputs, passes_.input().delta_tangent.data(), nullptr, 1, data.inputs.data()});
  if (data.targets.data() != nullptr)
    for_each_cell(*context, replicas, rows, outputs,
                  AddRows<T>{batch, outputs, target_tangent_.data(), factors_.data(), positions, data.targets.data()});
  if (data.weights.data() != nullptr)
    for_each_index(*context, all, AddLossTangents{batch, plan, step, loss_tangents_.data(), positions, data.weights.data()});
}

template <class T>
void SessionOf<T>::evaluate_gradient(int32_t step) {
  perform(step, steps, [this](StepReference t) {
    launch_gradient(t);
    launch_penalties(t);
  });
  gradient_step_ = step;
}

template <class T>
void SessionOf<T>::evaluate_tangent(int32_t step, std::shared_ptr<Vector<T>> direction, std::shared_ptr<Vector<T>> product,
                                    std::shared_ptr<DataVector> data) {
  if (gradient_step_ == no_gradient || gradient_step_ != step)
    fail(HG_WRONG_ORDER, "The tangent of a step comes after its gradient, at the same weights; evaluate that first.");
  const int64_t rows = static_cast<int64_t>(replicas) * plan.batch_size;
  passes_.prepare_tangents(data != nullptr && data->inputs.data() != nullptr);
  if (target_tangent_.data() == nullptr) {
    target_tangent_ = array<T>(rows * program.output_numbers());
    loss_tangents_ = array<double>(rows * program.positions());
  }
  if (data != nullptr && is_first_.data() == nullptr) {
    is_first_ = array<int32_t>(rows);
    next_ = array<int32_t>(rows);
  }
  perform(step, steps,
          [this, direction, product, data](StepReference t) { launch_tangent(t, direction->data(), product->data(), data.get()); });
}

template <class T>
void SessionOf<T>::add_penalty_tangent(std::shared_ptr<Vector<T>> direction, std::shared_ptr<Vector<T>> l2, std::shared_ptr<Vector<T>> l1) {
  if (l2 == nullptr && l1 == nullptr) return;
  perform([this, direction, l2, l1](StepReference) {
    for_each_index(*context, layout.extent(),
                   AddPenaltyTangent<T>{weights->data(), direction->data(), l2 == nullptr ? nullptr : l2->data(),
                                        l1 == nullptr ? nullptr : l1->data()});
  });
}

template <class T>
void SessionOf<T>::evaluate(const ExampleTable& dataset, Vector<T>* into, double* losses, double* error_rates) {
  gradient_step_ = no_gradient;
  context->clear(evaluation_losses_.data(), evaluation_losses_.bytes());
  context->clear(evaluation_errors_.data(), evaluation_errors_.bytes());
  const int32_t positions = program.positions();
  for (int32_t start = 0; start < dataset.count;) {
    const int32_t rows = std::min(dataset.count - start, capacity_);
    load(dataset, rows, FillInOrder<T>{start, dataset.count, 0, nullptr, nullptr});
    Pass<T> pass = passes_.begin(rows, weights->data());
    passes_.forward(pass);
    evaluate_loss(pass, dataset.has_classes);
    if (into != nullptr) {
      pass.gradient = into->data();
      pass.accumulate = start > 0;
      passes_.backward(pass);
    }
    reduce(*context, replicas, AddLosses{losses_.data(), rows * positions, evaluation_losses_.data()});
    if (loss != HG_SQUARED) {
      for_each_row(*context, pass.cells(positions), NoteErrors<T>{loss_rows(dataset.has_classes), row_errors_.data()});
      reduce(*context, replicas, CountErrors{row_errors_.data(), rows * positions, evaluation_errors_.data()});
    }
    start += rows;
  }
  const std::vector<double> sums = evaluation_losses_.to_vector();
  const std::vector<uint64_t> errors = evaluation_errors_.to_vector();
  synchronize();
  const double all = static_cast<double>(dataset.count) * positions;
  for (int32_t replica = 0; replica < replicas; replica++) {
    const size_t at = static_cast<size_t>(replica);
    losses[replica] = sums[at] / all;
    error_rates[replica] = loss == HG_SQUARED ? std::numeric_limits<double>::quiet_NaN() : static_cast<double>(errors[at]) / all;
  }
}

template <class T>
void SessionOf<T>::read_minibatch(int32_t step, int32_t replica, int32_t* examples) {
  gradient_step_ = no_gradient;
  const int32_t rows = plan.batch_size, size = host_plan.size(step);
  load(training(), rows, FillFromPlan<T>{plan, {nullptr, step}, example_weights_.data(), 0, nullptr, nullptr});
  context->copy_out(examples, examples_.data() + static_cast<int64_t>(replica) * rows, static_cast<size_t>(size) * sizeof(int32_t));
}

#define HG_INSTANTIATE(T)                                                                                                              \
  template void SessionOf<T>::evaluate_gradient(int32_t);                                                                              \
  template void SessionOf<T>::evaluate_tangent(int32_t, std::shared_ptr<Vector<T>>, std::shared_ptr<Vector<T>>,                        \
                                               std::shared_ptr<DataVector>);                                                           \
  template void SessionOf<T>::add_penalty_tangent(std::shared_ptr<Vector<T>>, std::shared_ptr<Vector<T>>, std::shared_ptr<Vector<T>>); \
  template void SessionOf<T>::evaluate(const ExampleTable&, Vector<T>*, double*, double*);                                             \
  template void SessionOf<T>::read_minibatch(int32_t, int32_t, int32_t*)
HG_INSTANTIATE(float);
HG_INSTANTIATE(double);
#undef HG_INSTANTIATE

}  // namespace hypergrad
