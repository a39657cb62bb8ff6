// Keeps a few snapshots, and trains again from the nearest one to find each state.
#pragma once

#include <memory>
#include <vector>

#include "session/saved_states.h"
#include "trajectories/trajectory.h"

namespace hypergrad {

template <class T>
class CheckpointedTrajectory : public Trajectory<T> {
 public:
  CheckpointedTrajectory(SessionOf<T>& session, int32_t snapshots);

  void train(const InitialWeights& initial) override;
  void for_each_step_backward(const StepBody& body) override;
  // Training up to step t has left w_t in the session already.
  void recover_weights(int32_t) override {}
  void recover_slots(int32_t) override { copy_slots(earlier_, session.slots); }

 private:
  using Trajectory<T>::session;
  using Vectors = std::vector<std::shared_ptr<Vector<T>>>;

  Vectors vectors_for_slots() const;
  void copy_slots(const Vectors& sources, const Vectors& targets);
  // Trains from one step to another, a snapshot at the start and, while there is room, wherever the schedule wants one.
  void train_taking_snapshots(int32_t from, int32_t to, bool already_saved = false);

  const int32_t snapshots_;
  const std::shared_ptr<History<T>> history_;
  const Vectors later_, earlier_;
  std::shared_ptr<Body> plain_step_;
  std::vector<int32_t> taken_;  // the steps of the snapshots that there are
};

}  // namespace hypergrad
