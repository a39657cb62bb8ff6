// A request for a hypergradient, checked: the run with the numbers of the tensors in it, its start, its validation set, the method.
#pragma once

#include <memory>
#include <vector>

#include "hypergrad/hypergradient.h"
#include "session/session.h"
#include "tensors/tensor.h"
#include "trajectories/trajectory.h"

namespace hypergrad {

class HypergradientRequest {
 public:
  HypergradientRequest(std::shared_ptr<Context> context, const hg_hypergradient_request& given);

  // What the session of the run is opened from; it points into this object.
  const hg_session_description& description() const { return description_; }

  ExampleTable validation(const Session& session) const;

  // Rounded to the session's precision, of which the exact state begins too.
  template <class T>
  InitialWeights initial_weights() const;

  template <class T>
  std::unique_ptr<Trajectory<T>> open_trajectory(SessionOf<T>& session) const;

 private:
  void take_examples();
  void take_doubles(const hg_tensor* tensor, const double** into, int64_t count, std::vector<double>& numbers, const char* name);
  void take_validation();
  int32_t numbers_of_value(int32_t value) const;
  int64_t target_columns(bool has_classes) const;
  int32_t snapshots_for(int64_t state_bytes) const;

  const std::shared_ptr<Context> context_;
  const hg_hypergradient_request given_;
  hg_session_description description_;
  int32_t weight_count_;
  std::vector<double> initial_, example_weights_, l2_, l1_;
  std::unique_ptr<HostNumbers> inputs_, targets_, validation_inputs_, validation_targets_;
  int32_t validation_examples_ = 0;
};

}  // namespace hypergrad
