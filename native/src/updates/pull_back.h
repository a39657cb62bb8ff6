// The adjoint of the optimizer's state, and a step's updates pulled back in three parts: drifts, kicks, decays.
#pragma once

#include <memory>
#include <vector>

#include "updates/coefficient_vector.h"

namespace hypergrad {

template <class T>
class Adjoint {
 public:
  Adjoint(const SessionOf<T>& session, std::shared_ptr<Vector<T>> weights, std::vector<std::shared_ptr<Vector<T>>> slots,
          std::vector<std::shared_ptr<CoefficientVector>> coefficients);

  StateView<T> view(const SessionOf<T>& session) const;
  bool has(const Vector<T>& vector) const;
  // The table of a coefficient, or null where its gradient is not wanted.
  CoefficientVector* table(int32_t coefficient) const { return coefficients_[static_cast<size_t>(coefficient)].get(); }

 private:
  std::shared_ptr<Vector<T>> weights_;
  std::vector<std::shared_ptr<Vector<T>>> slots_;
  std::vector<std::shared_ptr<CoefficientVector>> coefficients_;
  Array<T*> pointers_;
};

template <class T>
void pull_back_drifts(SessionOf<T>& session, int32_t step, std::shared_ptr<Adjoint<T>> adjoint);

template <class T>
void pull_back_kicks(SessionOf<T>& session, int32_t step, std::shared_ptr<Adjoint<T>> adjoint, std::shared_ptr<Vector<T>> direction,
                     bool add);

template <class T>
void pull_back_decays(SessionOf<T>& session, int32_t step, std::shared_ptr<Adjoint<T>> adjoint);

}  // namespace hypergrad
