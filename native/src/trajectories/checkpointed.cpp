#include "trajectories/checkpointed.h"

#include <algorithm>

#include "session/transfers.h"
#include "trajectories/binomial_schedule.h"

namespace hypergrad {

template <class T>
CheckpointedTrajectory<T>::CheckpointedTrajectory(SessionOf<T>& walked, int32_t snapshots)
    : Trajectory<T>(walked),
      snapshots_(snapshots),
      history_(std::make_shared<History<T>>(walked, snapshots)),
      later_(vectors_for_slots()),
      earlier_(vectors_for_slots()) {}

template <class T>
void CheckpointedTrajectory<T>::train(const InitialWeights& initial) {
  for (int32_t replica = 0; replica < session.replicas; replica++)
    write_numbers(session, *session.weights, replica, 0, session.layout.weight_count, initial.of(replica));
  for (const auto& slot : session.slots) session.clear(slot);
  plain_step_ = record(session, [&](int32_t t) {
    session.evaluate_gradient(t);
    session.advance(t);
  });
  train_taking_snapshots(0, session.steps);
}

template <class T>
void CheckpointedTrajectory<T>::for_each_step_backward(const StepBody& body) {
  const std::shared_ptr<Body> undoing = record(session, body);
  for (int32_t end = session.steps; end > 0; end--) {
    // The slots that the step after this one recovered, while the session trains up to this one again.
    copy_slots(session.slots, later_);
    const int32_t from = taken_.back(), number = static_cast<int32_t>(taken_.size()) - 1;
    move_history(session, history_, HistoryMove::load_weights, number);
    move_history(session, history_, HistoryMove::load_slots, number);
    if (end - from > 1) {
      taken_.pop_back();
      train_taking_snapshots(from, end - 1, true);
    }
    copy_slots(session.slots, earlier_);
    copy_slots(later_, session.slots);
    this->walk_back(end - 1, end, *undoing);
    if (taken_.back() == end - 1) taken_.pop_back();
  }
}

template <class T>
void CheckpointedTrajectory<T>::train_taking_snapshots(int32_t from, int32_t to, bool already_saved) {
  // The chain to be reversed ends one step after the last state that is wanted, except on the first way, which ends at w_T itself.
  const int32_t chain_end = already_saved ? to + 1 : to;
  while (from < to) {
    if (!already_saved) move_history(session, history_, HistoryMove::save, static_cast<int32_t>(taken_.size()));
    already_saved = false;
    taken_.push_back(from);
    const int32_t free = snapshots_ - static_cast<int32_t>(taken_.size());
    const int32_t next = free > 0 && chain_end - from > 1 ? from + next_snapshot(chain_end - from, free + 1) : to;
    session.run_body(*plain_step_, from, std::min(next, to), false);
    from = std::min(next, to);
  }
}

template <class T>
typename CheckpointedTrajectory<T>::Vectors CheckpointedTrajectory<T>::vectors_for_slots() const {
  Vectors vectors;
  for (size_t i = 0; i < session.slots.size(); i++) vectors.push_back(std::make_shared<Vector<T>>(session));
  return vectors;
}

template <class T>
void CheckpointedTrajectory<T>::copy_slots(const Vectors& sources, const Vectors& targets) {
  for (size_t i = 0; i < sources.size(); i++) session.copy(sources[i], targets[i]);
}

template class CheckpointedTrajectory<float>;
template class CheckpointedTrajectory<double>;

}  // namespace hypergrad
