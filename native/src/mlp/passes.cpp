#include "mlp/passes.h"

#include <algorithm>

#include "mlp/layer_kernels.h"
#include "runtime/products.h"

namespace hypergrad {

template <class T>
Passes<T>::Passes(std::shared_ptr<Context> context, const Layout& layout, int32_t activation, int32_t loss, bool allow_tf32,
                  int32_t capacity)
    : context_(std::move(context)), layout_(layout), activation_{activation}, loss_(loss), allow_tf32_(allow_tf32), capacity_(capacity) {
  layers_.resize(static_cast<size_t>(layout.depth()));
  int32_t widest = 0;
  for (int32_t layer = 0; layer <= last(); layer++) {
    LayerBuffers<T>& buffers = layers_[static_cast<size_t>(layer)];
    buffers.units = layout.layers[static_cast<size_t>(layer) + 1];
    widest = std::max(widest, buffers.units);
    buffers.value = room(buffers.units);
    buffers.delta = room(buffers.units);
    if (layer < last()) buffers.upstream = room(buffers.units);
    if (layer < last() && Activation<T>::keeps_input(activation)) buffers.input = room(buffers.units);
  }
  const int64_t rows = static_cast<int64_t>(capacity) * layout.replicas;
  examples = Array<int32_t>(context_, rows);
  factors = Array<T>(context_, rows);
  losses = Array<double>(context_, rows);
  targets = room(layout.output_size());
  probabilities_ = room(layout.output_size());
  inputs_ = room(layout.input_size());
  const int64_t chunks = (capacity + SumRowChunk<T>::chunk - 1) / SumRowChunk<T>::chunk;
  row_sums_ = Array<T>(context_, chunks * widest * layout.replicas);
}

template <class T>
void Passes<T>::gather(const ExampleTable& table) {
  const int32_t inputs = layout_.input_size(), outputs = layout_.output_size();
  for_each_cell(*context_, layout_.replicas, rows_, inputs,
                GatherRows<T>{table.inputs.view(), examples.data(), rows_, inputs, inputs_.data()});
  for_each_cell(*context_, layout_.replicas, rows_, outputs,
                GatherRows<T>{table.targets.view(), examples.data(), rows_, outputs, targets.data()});
}

template <class T>
void Passes<T>::times_weights(int32_t layer, const T* batch, const T* weights, T* target, bool accumulate) {
  const Tensor& w = layout_.weight(layer);
  multiply<T>(*context_, allow_tf32_, {rows_, w.columns, w.rows, layout_.replicas, accumulate}, {batch, plane(w.rows)},
              {weights + w.offset, layout_.stride}, {target, plane(w.columns)});
}

template <class T>
void Passes<T>::times_transpose(int32_t layer, const T* batch, const T* weights, T* target, bool accumulate) {
  const Tensor& w = layout_.weight(layer);
  multiply<T>(*context_, allow_tf32_, {rows_, w.rows, w.columns, layout_.replicas, accumulate}, {batch, plane(w.columns)},
              {weights + w.offset, layout_.stride, true}, {target, plane(w.rows)});
}

template <class T>
void Passes<T>::outer_product(int32_t layer, const T* inputs, const T* delta, T* gradient, bool accumulate) {
  const Tensor& w = layout_.weight(layer);
  multiply<T>(*context_, allow_tf32_, {w.rows, w.columns, rows_, layout_.replicas, accumulate}, {inputs, plane(w.rows), true},
              {delta, plane(w.columns)}, {gradient + w.offset, layout_.stride});
}

template <class T>
void Passes<T>::sum_rows(int32_t layer, const T* delta, T* gradient, bool accumulate) {
  const Tensor& bias = layout_.bias(layer);
  const int32_t chunks = (rows_ + SumRowChunk<T>::chunk - 1) / SumRowChunk<T>::chunk;
  for_each_cell(*context_, layout_.replicas, chunks, bias.columns, SumRowChunk<T>{delta, rows_, bias.columns, row_sums_.data(), chunks});
  for_each_cell(*context_, layout_.replicas, 1, bias.columns,
                SumChunks<T>{row_sums_.data(), chunks, bias.columns, gradient + bias.offset, layout_.stride, accumulate});
}

template <class T>
void Passes<T>::forward(const T* weights) {
  for (int32_t layer = 0; layer <= last(); layer++) {
    LayerBuffers<T>& buffers = layers_[static_cast<size_t>(layer)];
    times_weights(layer, input_of(layer), weights, buffers.value.data(), false);
    const Activation<T> activation = layer < last() ? activation_ : Activation<T>{HG_IDENTITY};
    for_each_cell(*context_, layout_.replicas, rows_, buffers.units,
                  AddBiasAndActivate<T>{activation, weights + layout_.bias(layer).offset, layout_.stride, rows_, buffers.units,
                                        buffers.value.data(), buffers.input.data(), buffers.value.data()});
  }
}

template <class T>
void Passes<T>::evaluate_loss() {
  for_each_index(*context_, static_cast<int64_t>(rows_) * layout_.replicas,
                 EvaluateLoss<T>{loss_rows(), probabilities_.data(), layers_.back().delta.data(), losses.data()});
}

template <class T>
void Passes<T>::backward(const T* weights, T* gradient, bool accumulate) {
  for (int32_t layer = last(); layer >= 0; layer--) {
    const LayerBuffers<T>& buffers = layers_[static_cast<size_t>(layer)];
    outer_product(layer, input_of(layer), buffers.delta.data(), gradient, accumulate);
    sum_rows(layer, buffers.delta.data(), gradient, accumulate);
    if (layer == 0) break;
    LayerBuffers<T>& below = layers_[static_cast<size_t>(layer) - 1];
    times_transpose(layer, buffers.delta.data(), weights, below.upstream.data(), false);
    for_each_cell(*context_, layout_.replicas, rows_, below.units,
                  ActivationBackward<T>{activation_, rows_, below.units, below.kept_input(), below.value.data(), below.upstream.data(),
                                        below.delta.data()});
  }
}

template class Passes<float>;
template class Passes<double>;

}  // namespace hypergrad
