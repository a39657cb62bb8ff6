// How far the adjoint w̄_t = ∂F/∂w_t grows on its way from the end of training back to its start. It reads, between steps, and changes
// nothing.
#pragma once

#include <cmath>
#include <vector>

#include "session/transfers.h"

namespace hypergrad {

template <class T>
class AdjointWatch {
 public:
  // From the end of training on: w̄ is ∇F(w_T) now.
  AdjointWatch(const SessionOf<T>& session, Vector<T>& adjoint)
      : session_(session), adjoint_(adjoint), at_end_(norms()), step_(session.steps) {}

  // The sweep has come back to a step.
  void measure(int32_t step) {
    const std::vector<double> now = norms();
    for (size_t replica = 0; replica < now.size(); replica++) {
      const double growth = now[replica] == 0 ? 0 : now[replica] / at_end_[replica];
      if (!(growth > growth_)) continue;
      growth_ = growth;
      step_ = step;
    }
  }

  // The largest ‖w̄_t‖ / ‖w̄_T‖ that was measured, at least 1, and where it was.
  double growth() const { return growth_; }
  int32_t step() const { return step_; }

 private:
  std::vector<double> norms() const {
    std::vector<double> result;
    for (int32_t replica = 0; replica < session_.replicas; replica++) {
      double sum = 0;
      for (const double value : read_numbers(session_, adjoint_, replica)) sum += value * value;
      result.push_back(std::sqrt(sum));
    }
    return result;
  }

  const SessionOf<T>& session_;
  Vector<T>& adjoint_;
  const std::vector<double> at_end_;
  double growth_ = 1;
  int32_t step_;
};

}  // namespace hypergrad
