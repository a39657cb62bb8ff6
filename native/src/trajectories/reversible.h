// Undoes every step in integer arithmetic (Maclaurin, Duvenaud, Adams 2015, Algorithms 2 and 3). The hashes of the state at some steps,
// taken on the way out, are met again on the way back; at the end the state is the start, to the bit. A device waits for none of them:
// what was not met is asked for at the end.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "trajectories/trajectory.h"
#include "updates/exact_state.h"

namespace hypergrad {

template <class T>
class ReversibleTrajectory : public Trajectory<T> {
 public:
  // A hash every so many steps.
  ReversibleTrajectory(SessionOf<T>& session, int32_t verify_every);

  void train(const InitialWeights& initial) override;
  void for_each_step_backward(const StepBody& body) override;
  void recover_weights(int32_t step) override { retreat_weights(session, state_, step); }
  void recover_slots(int32_t step) override { retreat_slots(session, state_, step); }
  ReversalReport report() const override;

 private:
  using Trajectory<T>::session;

  int32_t step_of_landmark(int32_t number) const;
  void require_landmarks_met();
  void require_start() const;

  const int32_t verify_every_;
  const std::shared_ptr<ExactState> state_;
  int32_t landmark_count_;
  std::optional<InitialWeights> initial_;
  ReversalReport report_;
};

}  // namespace hypergrad
