#include "session/saved_states.h"

#include <algorithm>

namespace hypergrad {

namespace {

// To or from a saved state: a kernel and no copy, because its number may be known only where it runs.
template <class T>
struct MoveState {
  StepReference number;
  int64_t size;  // of one vector
  int32_t slot_count;
  HistoryMove move;
  T* saved;
  T* weights;
  T* const* slots;

  HG_BOTH void operator()(int64_t i) const {
    T* state = saved + (1 + slot_count) * size * number.get() + i;
    if (move == HistoryMove::save) state[0] = weights[i];
    if (move == HistoryMove::load_weights) weights[i] = state[0];
    for (int32_t slot = 0; slot < slot_count; slot++) {
      T& there = state[(1 + slot) * size];
      if (move == HistoryMove::save) there = slots[slot][i];
      if (move == HistoryMove::load_slots) slots[slot][i] = there;
    }
  }
};

struct LineView {
  const int32_t* knots;
  const int32_t* pieces;
  int64_t size;
};

// ŵ_t = (1 − f) w_a + f w_b, f = (t − a)/(b − a).
template <class T>
struct PointOnLine {
  LineView line;
  StepReference step;
  const T* saved;
  T* weights;

  HG_BOTH void operator()(int64_t i) const {
    const int32_t t = step.get(), piece = line.pieces[t], from = line.knots[piece], to = line.knots[piece + 1];
    const T fraction = static_cast<T>((t - from) / static_cast<double>(to - from));
    weights[i] = (T(1) - fraction) * saved[piece * line.size + i] + fraction * saved[(piece + 1) * line.size + i];
  }
};

// v̂_t: the slope of the piece that ends at or after t, over the drift's coefficient at the step that led to t.
template <class T>
struct SlopeOfLine {
  LineView line;
  CoefficientView rate;
  StepReference step;
  int64_t stride;
  const T* saved;
  T* velocity;

  HG_BOTH void operator()(int32_t replica, int32_t tensor, int32_t within, int32_t weight) const {
    const int64_t at = replica * stride + weight;
    const int32_t before = step.get() - 1;
    if (before < 0) {
      velocity[at] = T(0);
      return;
    }
    const int32_t piece = line.pieces[before];
    const double inverse_length = 1.0 / (line.knots[piece + 1] - line.knots[piece]);
    const double inverse_rate = 1.0 / rate.value(before, Place{replica, tensor, within, at});
    velocity[at] = (saved[(piece + 1) * line.size + at] - saved[piece * line.size + at]) * static_cast<T>(inverse_length * inverse_rate);
  }
};

template <class T>
void require_saved(const LinePath<T>& path) {
  for (size_t knot = 0; knot < path.is_saved.size(); knot++)
    if (!path.is_saved[knot])
      fail(HG_WRONG_ORDER, "Knot ", knot, " of the line is not saved yet; save all ", path.is_saved.size(), " first.");
}

}  // namespace

template <class T>
void move_history(SessionOf<T>& session, std::shared_ptr<History<T>> history, HistoryMove move, int32_t number) {
  session.perform(number, history->count, [&session, history, move](StepReference n) {
    const StateView<T> state = session.state();
    for_each_index(
        *session.context, session.layout.size(),
        MoveState<T>{n, session.layout.size(), session.optimizer.slot_count(), move, history->saved.data(), state.weights, state.slots});
  });
}

// The only drift, along the only slot.
const hg_update& drift_of_line(const Optimizer& optimizer) {
  const hg_update* drift = nullptr;
  int32_t drifts = 0;
  for (const hg_update& update : optimizer.updates)
    if (update.kind == HG_DRIFT) {
      drift = &update;
      drifts++;
    }
  require(optimizer.slot_count() == 1 && drifts == 1 && drift->direction == HG_SLOT_DIRECTION,
          "A line path is for optimizers of one slot and one drift along it; this one has ", optimizer.slot_count(), " slots and ", drifts,
          " drifts. Use an exact method.");
  return *drift;
}

template <class T>
LinePath<T>::LinePath(const Session& session, const int32_t* steps, int32_t count) {
  require(count >= 2 && count - 1 <= session.steps, "The line has ", count, " knots; it needs from 2 to ",
          static_cast<int64_t>(session.steps) + 1, ".");
  knots.assign(steps, steps + count);
  for (size_t knot = 1; knot < knots.size(); knot++)
    require(knots[knot] > knots[knot - 1], "Knot ", knot, " of the line is at step ", knots[knot], ", after one at ", knots[knot - 1],
            "; knots must ascend.");
  require(knots.front() == 0 && knots.back() == session.steps, "The line goes from step ", knots.front(), " to ", knots.back(),
          "; it must go from 0 to ", session.steps, ".");
  rate_update = static_cast<int32_t>(&drift_of_line(session.optimizer) - session.optimizer.updates.data());
  const Coefficient& rate =
      session.optimizer.coefficients[static_cast<size_t>(session.optimizer.updates[static_cast<size_t>(rate_update)].coefficient)];
  for (size_t i = 0; i < rate.host_values.size(); i++)
    require(rate.host_values[i] != 0, "The ", rate.name, " of ", rate.entry_text(i),
            " is 0; the shortcut divides by it to find the velocity. Use an exact method, or a ", rate.name, " other than 0.");
  std::vector<int32_t> piece_of(static_cast<size_t>(session.steps) + 1);
  int32_t piece = 0;
  for (int32_t step = 0; step <= session.steps; step++) {
    while (piece < count - 2 && knots[static_cast<size_t>(piece) + 1] <= step) piece++;
    piece_of[static_cast<size_t>(step)] = piece;
  }
  is_saved.resize(knots.size());
  saved = session.array<T>(session.layout.size() * count);
  device_knots = Array<int32_t>(session.context, knots);
  pieces = Array<int32_t>(session.context, piece_of);
}

template <class T>
void save_knot(SessionOf<T>& session, LinePath<T>& path, int32_t knot) {
  session.require_not_recording("Saving a knot");
  require(knot >= 0 && knot < static_cast<int32_t>(path.knots.size()), "The line has ", path.knots.size(), " knots, numbered from 0; knot ",
          knot, " was asked for.");
  session.context->copy(path.saved.data() + knot * session.layout.size(), session.weights->data(), session.weights->numbers.bytes());
  path.is_saved[static_cast<size_t>(knot)] = true;
}

template <class T>
void recall_weights(SessionOf<T>& session, std::shared_ptr<LinePath<T>> path, int32_t step) {
  require_saved(*path);
  session.perform(step, session.steps, [&session, path](StepReference t) {
    const LineView line{path->device_knots.data(), path->pieces.data(), session.layout.size()};
    for_each_index(*session.context, session.layout.size(), PointOnLine<T>{line, t, path->saved.data(), session.weights->data()});
  });
}

template <class T>
void recall_velocity(SessionOf<T>& session, std::shared_ptr<LinePath<T>> path, int32_t step) {
  require_saved(*path);
  session.perform(step, session.steps + 1, [&session, path](StepReference t) {
    const LineView line{path->device_knots.data(), path->pieces.data(), session.layout.size()};
    const CoefficientView rate = session.optimizer.views[static_cast<size_t>(path->rate_update)].coefficient;
    for_each_weight(*session.context, session.layout,
                    SlopeOfLine<T>{line, rate, t, session.layout.stride, path->saved.data(), session.slots.front()->data()});
  });
}

#define HG_INSTANTIATE(T)                                                                       \
  template void move_history(SessionOf<T>&, std::shared_ptr<History<T>>, HistoryMove, int32_t); \
  template struct LinePath<T>;                                                                  \
  template void save_knot(SessionOf<T>&, LinePath<T>&, int32_t);                                \
  template void recall_weights(SessionOf<T>&, std::shared_ptr<LinePath<T>>, int32_t);           \
  template void recall_velocity(SessionOf<T>&, std::shared_ptr<LinePath<T>>, int32_t)
HG_INSTANTIATE(float);
HG_INSTANTIATE(double);
#undef HG_INSTANTIATE

}  // namespace hypergrad
