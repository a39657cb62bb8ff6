// The hypergradient of a training run, by the functions of the library in the order in which a caller has them.
#pragma once

#include <vector>

#include "open_run.h"

namespace hypergrad::testing {

// The adjoint sweep over a run, as Hypergrad.Hypergradients.AdjointSweep has it, in recorded bodies.
struct Hypergradient {
  double validation_loss = 0;
  std::vector<double> training_losses, final_weights, weights, l2, l1, inputs, targets, example_weights;
  std::vector<std::vector<double>> slots, coefficients;  // of their starts; of each coefficient
  bool is_exact = false;

  // By γ, of momentum: it is the decay, and in the kick's −(1 − γ).
  std::vector<double> momentum() const;
};

enum class Method { reversible, stored };

// The validation set is the training set.
Hypergradient sweep(const TrainingRun& run, Method method, int32_t replica = 0);

// The validation loss of the run trained in floating point, on the training examples of another run with the same network.
double train_and_validate(const TrainingRun& run, const TrainingRun& validation);

}  // namespace hypergrad::testing
