// How the states of a training run are found again on the way back: all that tells the methods apart.
#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "session/session.h"

namespace hypergrad {

// w_0 of every replica: one for all, or each its own.
class InitialWeights {
 public:
  InitialWeights(std::vector<double> values, int32_t weight_count) : values_(std::move(values)), weight_count_(weight_count) {}

  const double* of(int32_t replica) const {
    const bool is_shared = values_.size() == static_cast<size_t>(weight_count_);
    return values_.data() + (is_shared ? 0 : static_cast<int64_t>(replica) * weight_count_);
  }

 private:
  std::vector<double> values_;
  int32_t weight_count_;
};

// What an exact reversal compared with the way out, and what it stored.
struct ReversalReport {
  int32_t hashes_taken = 0, hashes_met = 0;
  bool start_met = false;
  double bits_per_weight_step = 0, resident_bits_per_weight = 0, entropy_bits_per_weight_step = 0;

  bool is_exact() const { return start_met && hashes_taken > 0 && hashes_met == hashes_taken; }
};

// Records what is done at a step, for the step's number that it is called with.
using StepBody = std::function<void(int32_t step)>;

inline std::shared_ptr<Body> record(Session& session, const StepBody& body) {
  session.begin_body();
  try {
    body(HG_BODY_STEP);
  } catch (...) {
    session.cancel_body();
    throw;
  }
  return session.end_body();
}

template <class T>
class Trajectory {
 public:
  explicit Trajectory(SessionOf<T>& walked) : session(walked) {}
  virtual ~Trajectory() = default;

  // Trains from w_0 to w_T, keeping what the way back will need.
  virtual void train(const InitialWeights& initial) = 0;

  // Does the body for t = T − 1, …, 0. Before it the session's slots are those after step t; the body calls recover_weights, evaluates g_t
  // and calls recover_slots, once each.
  virtual void for_each_step_backward(const StepBody& body) = 0;

  // The session's weights become w_t.
  virtual void recover_weights(int32_t step) = 0;

  // The session's slots become those before step t. The session's gradient is g_t.
  virtual void recover_slots(int32_t step) = 0;

  // What the reversal showed; all 0 where nothing was reversed.
  virtual ReversalReport report() const { return {}; }

  // Told on the way back to which step it has come, about twenty times a run and of step 0 last.
  std::function<void(int32_t step)> came_back_to;

 protected:
  // Does a body for t = end − 1, …, begin, a range for every twentieth of the run, and tells of it.
  void walk_back(int32_t begin, int32_t end, Body& body) {
    const int32_t interval = std::max(1, session.steps / 20);
    for (int32_t from = end, to = 0; from > begin; from = to) {
      to = std::max(begin, (from - 1) / interval * interval);
      session.run_body(body, to, from, true);
      if ((from - 1) / interval * interval >= to && came_back_to) came_back_to(to);
    }
  }

  SessionOf<T>& session;
};

}  // namespace hypergrad
