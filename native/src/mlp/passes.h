// The four passes of a network over one batch per replica. For layer l with input a, weights W, b:
//   forward           z = aW + b, a′ = φ(z)
//   backward          ∂W = aᵀδ, ∂b = Σ δ, e = δWᵀ, δ = e ∘ φ′(z)
//   tangent forward   ż = aU + ȧW + u_b, ȧ′ = φ′(z) ∘ ż                       (Pearlmutter 1994, along a direction U, u_b)
//   tangent backward  R∂W = aᵀδ̇ + ȧᵀδ, R∂b = Σ δ̇, ė = δ̇Wᵀ + δUᵀ, δ̇ = ė ∘ φ′(z) + e ∘ φ″(z) ∘ ż
// The first layer's ȧ is 0: inputs do not depend on weights.
#pragma once

#include <memory>
#include <vector>

#include "mlp/activation.h"
#include "mlp/batch.h"
#include "mlp/layout.h"
#include "mlp/loss_kernels.h"

namespace hypergrad {

// What one layer's passes leave for the others, each [replicas × rows × units].
template <class T>
struct LayerBuffers {
  int32_t units = 0;
  Array<T> value, input, upstream, delta;                // a; z where it is kept; e; δ
  Array<T> input_tangent, value_tangent, delta_tangent;  // ż, ȧ, δ̇: made when first asked for

  const T* kept_input() const { return input.data() != nullptr ? input.data() : value.data(); }
};

template <class T>
class Passes {
 public:
  // Room for batches of up to capacity rows. The layout outlives the passes.
  Passes(std::shared_ptr<Context> context, const Layout& layout, int32_t activation, int32_t loss, bool allow_tf32, int32_t capacity);

  int32_t capacity() const { return capacity_; }
  int32_t rows() const { return rows_; }

  // Takes a batch: fills examples and factors with the functor's numbers, then gathers.
  template <class Fill>
  void load(const ExampleTable& table, int32_t rows, Fill fill) {
    rows_ = rows;
    fill.examples = examples.data();
    fill.factors = factors.data();
    fill.rows = rows;
    for_each_index(*context_, static_cast<int64_t>(rows) * layout_.replicas, fill);
    gather(table);
  }

  // All pointers are to replica 0's weights; the others follow at the layout's stride.
  void forward(const T* weights);
  void evaluate_loss();
  void backward(const T* weights, T* gradient, bool accumulate);

  // Room for the tangents; before anything is recorded or timed.
  void prepare_tangents(bool with_inputs);
  void tangent_forward(const T* weights, const T* direction);
  void evaluate_loss_tangent();
  void tangent_backward(const T* weights, const T* direction, T* product);
  void evaluate_input_gradient_tangent(const T* weights, const T* direction);

  const T* outputs() const { return layers_.back().value.data(); }

  Array<int32_t> examples;  // [replicas × rows], −1 for rows that fill a batch up
  Array<T> factors;         // [replicas × rows]
  Array<T> targets;         // [replicas × rows × outputs]
  Array<double> losses;     // [replicas × rows], after evaluate_loss
  Array<T> input_gradient_tangent, target_tangent;
  Array<double> loss_tangents;

 private:
  void gather(const ExampleTable& table);
  int32_t last() const { return layout_.depth() - 1; }
  const T* input_of(int32_t layer) const { return layer == 0 ? inputs_.data() : layers_[static_cast<size_t>(layer) - 1].value.data(); }
  int64_t plane(int32_t units) const { return static_cast<int64_t>(rows_) * units; }
  LossRows<T> loss_rows() const { return {loss_, layout_.output_size(), outputs(), targets.data(), factors.data()}; }
  Array<T> room(int32_t units) const { return Array<T>(context_, static_cast<int64_t>(capacity_) * units * layout_.replicas); }

  // target ← [target +] batch · W of a layer; the batch is [rows × inputs].
  void times_weights(int32_t layer, const T* batch, const T* weights, T* target, bool accumulate);
  // target ← [target +] batch · Wᵀ; the batch is [rows × units].
  void times_transpose(int32_t layer, const T* batch, const T* weights, T* target, bool accumulate);
  // gradient of W ← [+] inputsᵀ · delta.
  void outer_product(int32_t layer, const T* inputs, const T* delta, T* gradient, bool accumulate);
  void sum_rows(int32_t layer, const T* delta, T* gradient, bool accumulate);

  std::shared_ptr<Context> context_;
  const Layout& layout_;
  Activation<T> activation_;
  int32_t loss_;
  bool allow_tf32_;
  int32_t capacity_, rows_ = 0;
  std::vector<LayerBuffers<T>> layers_;
  Array<T> inputs_, probabilities_, row_sums_;
};

}  // namespace hypergrad
