// The gradient of a step's training loss, its tangent along a direction, and the evaluation of a whole dataset.
#include <limits>

#include "session/gradient_kernels.h"
#include "session/session.h"

namespace hypergrad {

template <class T>
void SessionOf<T>::launch_gradient(StepReference step) {
  passes_.load(training, plan.batch_size, FillFromPlan<T>{plan, step, example_weights_.data(), 0, nullptr, nullptr});
  passes_.forward(weights->data());
  passes_.evaluate_loss();
  passes_.backward(weights->data(), gradient->data(), false);
  reduce(*context, replicas,
         TrainingLoss{plan, step, example_weights_.data(), passes_.examples.data(), passes_.losses.data(), passes_.rows(), steps,
                      training_losses.data()});
}

template <class T>
void SessionOf<T>::launch_penalties(StepReference step, const T* direction, T* product) {
  if (!penalties_.any()) return;
  const T *l2 = penalties_.l2.data(), *l1 = penalties_.l1.data();
  const int32_t tiles = static_cast<int32_t>(layout.tiles.size());
  for_each_weight(*context, layout, AddPenaltyGradient<T>{l2, l1, layout.stride, weights->data(), gradient->data(), direction, product});
  reduce(*context, static_cast<int64_t>(replicas) * tiles,
         PenaltyOfTile<T>{l2, l1, layout.stride, weights->data(), layout.device_tiles.data(), tiles, penalty_sums_.data()});
  reduce(*context, replicas, AddPenaltyLoss{penalty_sums_.data(), tiles, step, steps, training_losses.data()});
}

template <class T>
void SessionOf<T>::launch_data_tangent(StepReference step, DataVector& data, const T* direction) {
  const int32_t rows = passes_.rows();
  const int64_t all = static_cast<int64_t>(rows) * replicas;
  if (plan.sampling == HG_FULL_BATCH)
    for_each_index(*context, all, LinkNone{is_first_.data(), next_.data()});
  else
    for_each_index(*context, all, LinkRepeats{passes_.examples.data(), rows, is_first_.data(), next_.data()});
  const BatchRows batch{passes_.examples.data(), is_first_.data(), next_.data(), rows, training.count};
  if (data.inputs.data() != nullptr) {
    passes_.evaluate_input_gradient_tangent(weights->data(), direction);
    for_each_cell(*context, replicas, rows, layout.input_size(),
                  SubtractRows<T>{batch, layout.input_size(), passes_.input_gradient_tangent.data(), nullptr, data.inputs.data()});
  }
  if (data.targets.data() != nullptr)
    for_each_cell(*context, replicas, rows, layout.output_size(),
                  SubtractRows<T>{batch, layout.output_size(), passes_.target_tangent.data(), passes_.factors.data(), data.targets.data()});
  if (data.weights.data() != nullptr)
    for_each_index(*context, all, SubtractLossTangents{batch, plan, step, passes_.loss_tangents.data(), data.weights.data()});
}

template <class T>
void SessionOf<T>::evaluate_gradient(int32_t step) {
  perform(step, steps, [this](StepReference t) {
    launch_gradient(t);
    launch_penalties(t, nullptr, nullptr);
  });
}

template <class T>
void SessionOf<T>::evaluate_gradient_and_tangent(int32_t step, std::shared_ptr<Vector<T>> direction, std::shared_ptr<Vector<T>> product,
                                                 std::shared_ptr<DataVector> data) {
  passes_.prepare_tangents(data != nullptr && data->inputs.data() != nullptr);
  if (data != nullptr && is_first_.data() == nullptr) {
    is_first_ = array<int32_t>(static_cast<int64_t>(replicas) * passes_.capacity());
    next_ = array<int32_t>(static_cast<int64_t>(replicas) * passes_.capacity());
  }
  perform(step, steps, [this, direction, product, data](StepReference t) {
    const T *w = weights->data(), *u = direction->data();
    launch_gradient(t);
    passes_.tangent_forward(w, u);
    passes_.evaluate_loss_tangent();
    passes_.tangent_backward(w, u, product->data());
    if (data != nullptr) launch_data_tangent(t, *data, u);
    launch_penalties(t, u, product->data());
  });
}

template <class T>
void SessionOf<T>::subtract_penalty_tangent(std::shared_ptr<Vector<T>> direction, std::shared_ptr<Vector<T>> l2,
                                            std::shared_ptr<Vector<T>> l1) {
  if (l2 == nullptr && l1 == nullptr) return;
  perform([this, direction, l2, l1](StepReference) {
    for_each_index(*context, layout.extent(),
                   SubtractPenaltyTangent<T>{weights->data(), direction->data(), l2 == nullptr ? nullptr : l2->data(),
                                             l1 == nullptr ? nullptr : l1->data()});
  });
}

template <class T>
void SessionOf<T>::evaluate(const ExampleTable& dataset, Vector<T>* into, double* losses, double* error_rates) {
  context->clear(evaluation_losses_.data(), evaluation_losses_.bytes());
  context->clear(evaluation_errors_.data(), evaluation_errors_.bytes());
  const int32_t most = dataset.count < passes_.capacity() ? dataset.count : passes_.capacity();
  for (int32_t start = 0; start < dataset.count;) {
    const int32_t rows = dataset.count - start < most ? dataset.count - start : most;
    passes_.load(dataset, rows, FillInOrder<T>{start, dataset.count, 0, nullptr, nullptr});
    passes_.forward(weights->data());
    passes_.evaluate_loss();
    if (into != nullptr) passes_.backward(weights->data(), into->data(), start > 0);
    reduce(*context, replicas, AddLosses{passes_.losses.data(), rows, evaluation_losses_.data()});
    reduce(*context, replicas,
           CountErrors<T>{passes_.outputs(), passes_.targets.data(), rows, layout.output_size(), evaluation_errors_.data()});
    start += rows;
  }
  const std::vector<double> sums = evaluation_losses_.to_vector();
  const std::vector<uint64_t> errors = evaluation_errors_.to_vector();
  synchronize();
  for (int32_t replica = 0; replica < replicas; replica++) {
    const size_t at = static_cast<size_t>(replica);
    losses[replica] = sums[at] / dataset.count;
    error_rates[replica] = loss == HG_SQUARED ? std::numeric_limits<double>::quiet_NaN() : static_cast<double>(errors[at]) / dataset.count;
  }
}

template <class T>
void SessionOf<T>::read_minibatch(int32_t step, int32_t replica, int32_t* examples) {
  const int32_t rows = plan.batch_size, size = host_plan.size(step);
  passes_.load(training, rows, FillFromPlan<T>{plan, {nullptr, step}, example_weights_.data(), 0, nullptr, nullptr});
  context->copy_out(examples, passes_.examples.data() + static_cast<int64_t>(replica) * rows, static_cast<size_t>(size) * sizeof(int32_t));
}

#define HG_INSTANTIATE(T)                                                                                                    \
  template void SessionOf<T>::evaluate_gradient(int32_t);                                                                    \
  template void SessionOf<T>::evaluate_gradient_and_tangent(int32_t, std::shared_ptr<Vector<T>>, std::shared_ptr<Vector<T>>, \
                                                            std::shared_ptr<DataVector>);                                    \
  template void SessionOf<T>::subtract_penalty_tangent(std::shared_ptr<Vector<T>>, std::shared_ptr<Vector<T>>,               \
                                                       std::shared_ptr<Vector<T>>);                                          \
  template void SessionOf<T>::evaluate(const ExampleTable&, Vector<T>*, double*, double*);                                   \
  template void SessionOf<T>::read_minibatch(int32_t, int32_t, int32_t*)
HG_INSTANTIATE(float);
HG_INSTANTIATE(double);
#undef HG_INSTANTIATE

}  // namespace hypergrad
