// The vector work of a session.
#include "session/session.h"

namespace hypergrad {

namespace {

template <class T>
size_t vector_bytes(const Layout& layout) {
  return static_cast<size_t>(layout.extent()) * sizeof(T);
}

template <class T>
struct AddVector {
  const T* source;
  T* target;

  HG_BOTH void operator()(int64_t i) const { target[i] += source[i]; }
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
void SessionOf<T>::add(std::shared_ptr<Vector<T>> source, std::shared_ptr<Vector<T>> target) {
  perform([this, source, target](StepReference) {
    for_each_index(*context, layout.extent(), AddVector<T>{source->data(), target->data()});
  });
}

#define HG_INSTANTIATE(T)                                                                   \
  template void SessionOf<T>::copy(std::shared_ptr<Vector<T>>, std::shared_ptr<Vector<T>>); \
  template void SessionOf<T>::clear(std::shared_ptr<Vector<T>>);                            \
  template void SessionOf<T>::add(std::shared_ptr<Vector<T>>, std::shared_ptr<Vector<T>>)
HG_INSTANTIATE(float);
HG_INSTANTIATE(double);
#undef HG_INSTANTIATE

}  // namespace hypergrad
