// The adjoint state that a sweep carries from the end of training to its start, and the hypergradients that it gathers on the way.
#pragma once

#include <memory>
#include <vector>

#include "updates/pull_back.h"

namespace hypergrad {

// Which gradients are wanted; that of the start is what the sweep ends with.
struct WantedGradients {
  std::vector<bool> coefficients;
  bool l2 = false, l1 = false;
  int32_t data = 0;  // hg_data_part joined
};

template <class T>
struct SweepAdjoint {
  SweepAdjoint(const SessionOf<T>& session, const WantedGradients& wanted) {
    const auto vector = [&] { return std::make_shared<Vector<T>>(session); };
    weights = vector();
    for (size_t i = 0; i < session.slots.size(); i++) slots.push_back(vector());
    for (size_t i = 0; i < wanted.coefficients.size(); i++)
      coefficients.push_back(wanted.coefficients[i] ? std::make_shared<CoefficientVector>(session, static_cast<int32_t>(i)) : nullptr);
    state = std::make_shared<Adjoint<T>>(session, weights, slots, coefficients);
    direction = vector();
    hessian_product = vector();
    if (wanted.l2) l2 = vector();
    if (wanted.l1) l1 = vector();
    if (wanted.data != 0) data = std::make_shared<DataVector>(session, wanted.data);
  }

  std::shared_ptr<Vector<T>> weights;                            // w̄
  std::vector<std::shared_ptr<Vector<T>>> slots;                 // slot‾
  std::vector<std::shared_ptr<CoefficientVector>> coefficients;  // c̄, null where it is not wanted
  std::shared_ptr<Adjoint<T>> state;                             // all of them
  std::shared_ptr<Vector<T>> direction;                          // u, along which the Hessian is multiplied
  std::shared_ptr<Vector<T>> hessian_product;                    // Hu
  std::shared_ptr<Vector<T>> l2, l1;                             // dλ, dμ, null where they are not wanted
  std::shared_ptr<DataVector> data;                              // dX, dY, dω
};

}  // namespace hypergrad
