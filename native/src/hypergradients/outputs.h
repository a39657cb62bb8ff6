// Where a hypergradient goes: the caller's tensors, checked before training and written when everything is known.
#pragma once

#include <string>
#include <vector>

#include "hypergrad/hypergradient.h"
#include "hypergradients/adjoint.h"
#include "tensors/tensor.h"

namespace hypergrad {

class HypergradientOutputs {
 public:
  HypergradientOutputs(const Session& session, const hg_hypergradient_result& given);

  WantedGradients wanted() const;

  // Takes w_T and the losses of training, after it.
  template <class T>
  void take_training(const SessionOf<T>& session);

  // Takes what a sweep gathered.
  template <class T>
  void take_gradients(const SessionOf<T>& session, SweepAdjoint<T>& adjoint);

  // The names of the gradients that are not finite, joined; empty where all are.
  std::string names_of_broken() const;
  // The last step, and so the first on the way back, at which a coefficient's gradient is not finite; −1 where none was gathered.
  int32_t first_broken_step(int32_t steps) const;

  void write() const;

  TensorOutput validation_losses, error_rates;

 private:
  template <class F>
  void for_each_gradient(const F& f) const;

  TensorOutput initial_weights_, l2_, l1_, inputs_, targets_, example_weights_, final_weights_, training_losses_;
  std::vector<TensorOutput> slots_, coefficients_;
};

}  // namespace hypergrad
