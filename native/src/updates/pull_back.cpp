#include "updates/pull_back.h"

#include "updates/decay.h"
#include "updates/drift.h"
#include "updates/kick.h"

namespace hypergrad {

namespace {

template <class T>
struct PullBackDrifts {
  StateView<T> state, adjoint;
  StepReference step;

  HG_BOTH void operator()(const WeightRange& range) const {
    for (int32_t i = state.count - 1; i >= 0; i--)
      if (state.updates[i].kind == HG_DRIFT) pull_back_drift(state.updates[i], state, adjoint, step.get(), range);
  }
};

template <class T>
struct PullBackKicks {
  StateView<T> adjoint;
  StepReference step;
  const T* gradient;
  T* direction;
  bool add;

  HG_BOTH void operator()(const WeightRange& range) const {
    if (!add)
      for (int64_t at = range.at; at < range.at + range.count; at++) direction[at] = T(0);
    for (int32_t i = adjoint.count - 1; i >= 0; i--)
      if (adjoint.updates[i].kind == HG_KICK) pull_back_kick(adjoint.updates[i], adjoint, step.get(), range, gradient, direction);
  }
};

// x̄ ← c·x̄ is what the decay does to x.
template <class T>
struct PullBackDecays {
  StateView<T> adjoint;
  StepReference step;

  HG_BOTH void operator()(const WeightRange& range) const {
    for (int32_t i = adjoint.count - 1; i >= 0; i--)
      if (adjoint.updates[i].kind == HG_DECAY) decay_in_floats(adjoint.updates[i], adjoint, step.get(), range);
  }
};

// Calls f(index, update) for every update of a kind.
template <class F>
void for_each_update(const Session& session, int32_t kind, const F& f) {
  for (int32_t i = 0; i < session.optimizer.update_count(); i++)
    if (session.optimizer.updates[static_cast<size_t>(i)].kind == kind) f(i, session.optimizer.updates[static_cast<size_t>(i)]);
}

}  // namespace

template <class T>
Adjoint<T>::Adjoint(const SessionOf<T>& session, std::shared_ptr<Vector<T>> weights, std::vector<std::shared_ptr<Vector<T>>> slots,
                    std::vector<std::shared_ptr<CoefficientVector>> coefficients)
    : weights_(std::move(weights)), slots_(std::move(slots)), coefficients_(std::move(coefficients)) {
  std::vector<T*> pointers;
  for (const auto& slot : slots_) pointers.push_back(slot->data());
  pointers_ = Array<T*>(session.context, pointers);
}

template <class T>
StateView<T> Adjoint<T>::view(const SessionOf<T>& session) const {
  return {session.optimizer.device_views.data(), session.optimizer.update_count(), weights_->data(), pointers_.data()};
}

template <class T>
bool Adjoint<T>::has(const Vector<T>& vector) const {
  if (weights_.get() == &vector) return true;
  for (const auto& slot : slots_)
    if (slot.get() == &vector) return true;
  return false;
}

template <class T>
void pull_back_drifts(SessionOf<T>& session, int32_t step, std::shared_ptr<Adjoint<T>> adjoint) {
  session.perform(step, session.steps, [&session, adjoint](StepReference t) {
    const StateView<T> state = session.state(), bar = adjoint->view(session);
    for_each_update(session, HG_DRIFT, [&](int32_t i, const hg_update& update) {
      const auto gather = [&](int32_t coefficient, DriftCoefficient which) {
        if (CoefficientVector* table = adjoint->table(coefficient)) add_group_sums(session, *table, t, DriftTerm<T>{state, bar, i, which});
      };
      gather(update.coefficient, DriftCoefficient::factor);
      if (update.direction != HG_ADAM_DIRECTION) return;
      gather(update.correction, DriftCoefficient::correction);
      gather(update.second_correction, DriftCoefficient::second_correction);
      gather(update.epsilon, DriftCoefficient::epsilon);
    });
    for_each_range(*session.context, session.layout, PullBackDrifts<T>{state, bar, t});
  });
}

template <class T>
void pull_back_kicks(SessionOf<T>& session, int32_t step, std::shared_ptr<Adjoint<T>> adjoint, std::shared_ptr<Vector<T>> direction,
                     bool add) {
  session.perform(step, session.steps, [&session, adjoint, direction, add](StepReference t) {
    const StateView<T> bar = adjoint->view(session);
    const T* gradient = session.gradient->data();
    for_each_update(session, HG_KICK, [&](int32_t, const hg_update& update) {
      if (CoefficientVector* table = adjoint->table(update.coefficient))
        add_group_sums(session, *table, t, KickTerm<T>{bar, update.target, update.function == HG_SQUARE, gradient});
    });
    for_each_range(*session.context, session.layout, PullBackKicks<T>{bar, t, gradient, direction->data(), add});
  });
}

template <class T>
void pull_back_decays(SessionOf<T>& session, int32_t step, std::shared_ptr<Adjoint<T>> adjoint) {
  session.perform(step, session.steps, [&session, adjoint](StepReference t) {
    const StateView<T> state = session.state(), bar = adjoint->view(session);
    std::vector<int32_t> counts(static_cast<size_t>(session.optimizer.slot_count()) + 1);  // of the decays of each target
    for_each_update(session, HG_DECAY, [&](int32_t, const hg_update& update) { counts[static_cast<size_t>(update.target + 1)]++; });
    for_each_update(session, HG_DECAY, [&](int32_t i, const hg_update& update) {
      if (CoefficientVector* table = adjoint->table(update.coefficient))
        add_group_sums(session, *table, t, DecayTerm<T>{state, bar, i, update.target, counts[static_cast<size_t>(update.target + 1)] == 1});
    });
    for_each_range(*session.context, session.layout, PullBackDecays<T>{bar, t});
  });
}

#define HG_INSTANTIATE(T)                                                                                               \
  template class Adjoint<T>;                                                                                            \
  template void pull_back_drifts(SessionOf<T>&, int32_t, std::shared_ptr<Adjoint<T>>);                                  \
  template void pull_back_kicks(SessionOf<T>&, int32_t, std::shared_ptr<Adjoint<T>>, std::shared_ptr<Vector<T>>, bool); \
  template void pull_back_decays(SessionOf<T>&, int32_t, std::shared_ptr<Adjoint<T>>)
HG_INSTANTIATE(float);
HG_INSTANTIATE(double);
#undef HG_INSTANTIATE

}  // namespace hypergrad
