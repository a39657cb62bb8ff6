// Reverse-mode differentiation of training (Maclaurin, Duvenaud, Adams 2015, Algorithm 2, for any optimizer that is a list of updates).
// With g = ∇L_t(w) a step does, in the order of its list, decays x ← c·x, kicks x ← x + c·φ(g) and drifts w ← w + a·ψ(slots); they are
// pulled back in the opposite order, and one Hessian-vector product a step carries the adjoint through g. It is the same sweep whichever
// way the states are found again.
#pragma once

#include "hypergradients/adjoint.h"
#include "trajectories/trajectory.h"

namespace hypergrad {

// Carries the adjoint, w̄ = ∇F(w_T) and slot‾ = 0 on entry, back through all steps.
template <class T>
void sweep(SessionOf<T>& session, Trajectory<T>& trajectory, SweepAdjoint<T>& adjoint) {
  const auto &w_bar = adjoint.weights, &u = adjoint.direction, &hu = adjoint.hessian_product;

  trajectory.for_each_step_backward([&](int32_t t) {
    pull_back_drifts(session, t, adjoint.state);             // ā += Σ w̄∘ψ;  slot‾ += a·w̄∘∂ψ/∂slot
    trajectory.recover_weights(t);                           // w_t
    session.evaluate_gradient(t);                            // g_t
    pull_back_kicks(session, t, adjoint.state, u, false);    // c̄ += Σ x̄∘φ(g);  u = Σ c·x̄∘φ′(g)
    session.evaluate_tangent(t, u, hu, adjoint.data);        // Hu;  dX, dY, dω += ∂_u ∂L_t
    session.add_penalty_tangent(u, adjoint.l2, adjoint.l1);  // dλ += 2 w_t∘u, dμ += sign(w_t)∘u
    trajectory.recover_slots(t);                             // the slots before the step
    pull_back_decays(session, t, adjoint.state);             // c̄ += Σ x̄∘x;  x̄ ← c·x̄
    session.add(hu, w_bar);                                  // w̄ += Hu
  });
}

}  // namespace hypergrad
