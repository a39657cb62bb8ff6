// The vector work of a session, and the plain momentum step.
#include "session/session.h"

namespace hypergrad {

namespace {

template <class T>
size_t vector_bytes(const Layout& layout) {
  return static_cast<size_t>(layout.extent()) * sizeof(T);
}

template <class T>
struct SubtractVector {
  const T* source;
  T* target;

  HG_BOTH void operator()(int64_t i) const { target[i] -= source[i]; }
};

// target = c_t ∘ source, or target + c_t ∘ source.
template <class T>
struct MultiplyVector {
  ScheduleView schedules;
  StepReference step;
  int32_t coefficient;
  bool add;
  int64_t stride;
  const T* source;
  T* target;

  HG_BOTH void operator()(int32_t replica, int32_t tensor, int32_t within, int32_t weight) const {
    const int64_t at = replica * stride + weight;
    const T product = static_cast<T>(schedules.coefficient(coefficient, step.get(), tensor, within)) * source[at];
    target[at] = add ? target[at] + product : product;
  }
};

// v = γv − (1 − γ)g, w = w + αv.
template <class T>
struct MomentumStep {
  ScheduleView schedules;
  StepReference step;
  FaultNote fault;
  int64_t stride;
  const T* gradient;
  T* velocity;
  T* weights;

  HG_BOTH void operator()(int32_t replica, int32_t tensor, int32_t within, int32_t weight) const {
    const int64_t at = replica * stride + weight;
    const int32_t t = step.get();
    const DecayRatio ratio = schedules.ratio(t, tensor, within);
    const T v = static_cast<T>(ratio.value()) * velocity[at] - static_cast<T>(ratio.complement()) * gradient[at];
    const T w = weights[at] + static_cast<T>(schedules.learning_rate(t, tensor, within)) * v;
    // x − x is 0 for a number, and not for one that is not finite.
    if (!(v - v == T(0) && w - w == T(0))) fault.report(t, tensor, float_fault);
    velocity[at] = v;
    weights[at] = w;
  }
};

}  // namespace

template <class T>
void SessionOf<T>::copy(std::shared_ptr<Vector<T>> source, std::shared_ptr<Vector<T>> target) {
  perform([this, source, target](StepReference) { context->copy(target->data(), source->data(), vector_bytes<T>(layout)); });
}

template <class T>
void SessionOf<T>::clear(std::shared_ptr<Vector<T>> target) {
  perform([this, target](StepReference) { context->clear(target->data(), vector_bytes<T>(layout)); });
}

template <class T>
void SessionOf<T>::subtract(std::shared_ptr<Vector<T>> source, std::shared_ptr<Vector<T>> target) {
  perform([this, source, target](StepReference) {
    for_each_index(*context, layout.extent(), SubtractVector<T>{source->data(), target->data()});
  });
}

template <class T>
void SessionOf<T>::multiply(int32_t coefficient, int32_t step, std::shared_ptr<Vector<T>> source, std::shared_ptr<Vector<T>> target,
                            bool add) {
  perform(step, steps, [this, coefficient, source, target, add](StepReference t) {
    for_each_weight(*context, layout, MultiplyVector<T>{schedules(), t, coefficient, add, layout.stride, source->data(), target->data()});
  });
}

template <class T>
void SessionOf<T>::momentum_step(int32_t step) {
  perform(step, steps, [this](StepReference t) {
    for_each_weight(*context, layout,
                    MomentumStep<T>{schedules(), t, fault_note(), layout.stride, gradient->data(), velocity->data(), weights->data()});
  });
}

#define HG_INSTANTIATE(T)                                                                                               \
  template void SessionOf<T>::copy(std::shared_ptr<Vector<T>>, std::shared_ptr<Vector<T>>);                             \
  template void SessionOf<T>::clear(std::shared_ptr<Vector<T>>);                                                        \
  template void SessionOf<T>::subtract(std::shared_ptr<Vector<T>>, std::shared_ptr<Vector<T>>);                         \
  template void SessionOf<T>::multiply(int32_t, int32_t, std::shared_ptr<Vector<T>>, std::shared_ptr<Vector<T>>, bool); \
  template void SessionOf<T>::momentum_step(int32_t)
HG_INSTANTIATE(float);
HG_INSTANTIATE(double);
#undef HG_INSTANTIATE

}  // namespace hypergrad
