// The R-operator: the tangents of both passes along a direction of the weights, after the passes themselves.
#include "mlp/layer_kernels.h"
#include "mlp/passes.h"
#include "runtime/products.h"

namespace hypergrad {

template <class T>
void Passes<T>::prepare_tangents(bool with_inputs) {
  for (int32_t layer = 0; layer <= last(); layer++) {
    LayerBuffers<T>& buffers = layers_[static_cast<size_t>(layer)];
    if (buffers.input_tangent.data() != nullptr) continue;
    buffers.input_tangent = room(buffers.units);
    buffers.delta_tangent = room(buffers.units);
    if (layer < last()) buffers.value_tangent = room(buffers.units);
  }
  if (target_tangent.data() == nullptr) {
    target_tangent = room(layout_.output_size());
    loss_tangents = Array<double>(context_, static_cast<int64_t>(capacity_) * layout_.replicas);
  }
  if (with_inputs && input_gradient_tangent.data() == nullptr) input_gradient_tangent = room(layout_.input_size());
}

template <class T>
void Passes<T>::tangent_forward(const T* weights, const T* direction) {
  for (int32_t layer = 0; layer <= last(); layer++) {
    LayerBuffers<T>& buffers = layers_[static_cast<size_t>(layer)];
    T* tangent = buffers.input_tangent.data();
    times_weights(layer, input_of(layer), direction, tangent, false);
    if (layer > 0) times_weights(layer, layers_[static_cast<size_t>(layer) - 1].value_tangent.data(), weights, tangent, true);
    for_each_cell(*context_, layout_.replicas, rows_, buffers.units,
                  TangentForward<T>{activation_, direction + layout_.bias(layer).offset, layout_.stride, rows_, buffers.units,
                                    buffers.kept_input(), buffers.value.data(), tangent, buffers.value_tangent.data()});
  }
}

template <class T>
void Passes<T>::evaluate_loss_tangent() {
  LayerBuffers<T>& top = layers_.back();
  for_each_index(*context_, static_cast<int64_t>(rows_) * layout_.replicas,
                 EvaluateLossTangent<T>{loss_rows(), probabilities_.data(), top.input_tangent.data(), top.delta_tangent.data(),
                                        target_tangent.data(), loss_tangents.data()});
}

template <class T>
void Passes<T>::tangent_backward(const T* weights, const T* direction, T* product) {
  for (int32_t layer = last(); layer >= 0; layer--) {
    const LayerBuffers<T>& buffers = layers_[static_cast<size_t>(layer)];
    outer_product(layer, input_of(layer), buffers.delta_tangent.data(), product, false);
    sum_rows(layer, buffers.delta_tangent.data(), product, false);
    if (layer == 0) break;
    LayerBuffers<T>& below = layers_[static_cast<size_t>(layer) - 1];
    outer_product(layer, below.value_tangent.data(), buffers.delta.data(), product, true);
    times_transpose(layer, buffers.delta_tangent.data(), weights, below.delta_tangent.data(), false);
    times_transpose(layer, buffers.delta.data(), direction, below.delta_tangent.data(), true);
    for_each_cell(*context_, layout_.replicas, rows_, below.units,
                  TangentBackward<T>{activation_, rows_, below.units, below.kept_input(), below.value.data(), below.upstream.data(),
                                     below.input_tangent.data(), below.delta_tangent.data()});
  }
}

template <class T>
void Passes<T>::evaluate_input_gradient_tangent(const T* weights, const T* direction) {
  const LayerBuffers<T>& bottom = layers_.front();
  times_transpose(0, bottom.delta_tangent.data(), weights, input_gradient_tangent.data(), false);
  times_transpose(0, bottom.delta.data(), direction, input_gradient_tangent.data(), true);
}

template void Passes<float>::prepare_tangents(bool);
template void Passes<float>::tangent_forward(const float*, const float*);
template void Passes<float>::evaluate_loss_tangent();
template void Passes<float>::tangent_backward(const float*, const float*, float*);
template void Passes<float>::evaluate_input_gradient_tangent(const float*, const float*);
template void Passes<double>::prepare_tangents(bool);
template void Passes<double>::tangent_forward(const double*, const double*);
template void Passes<double>::evaluate_loss_tangent();
template void Passes<double>::tangent_backward(const double*, const double*, double*);
template void Passes<double>::evaluate_input_gradient_tangent(const double*, const double*);

}  // namespace hypergrad
