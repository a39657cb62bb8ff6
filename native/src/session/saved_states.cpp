#include "session/saved_states.h"

#include <algorithm>

namespace hypergrad {

namespace {

// To or from slot number `step`: a kernel and no copy, because the slot may be known only where it runs.
template <class T>
struct MoveSlot {
  StepReference step;
  int64_t size;  // of w, or of v
  bool save, with_weights, with_velocity;
  T* saved;
  T* weights;
  T* velocity;

  HG_BOTH void operator()(int64_t i) const {
    T* slot = saved + 2 * size * step.get() + i;
    if (save) {
      slot[0] = weights[i];
      slot[size] = velocity[i];
    }
    if (with_weights) weights[i] = slot[0];
    if (with_velocity) velocity[i] = slot[size];
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

// v̂_t: the slope of the piece that ends at or after t, over the learning rate of the step that led to t.
template <class T>
struct SlopeOfLine {
  LineView line;
  ScheduleView schedules;
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
    const double inverse_rate = 1.0 / schedules.learning_rate(before, tensor, within);
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
void move_history(SessionOf<T>& session, std::shared_ptr<History<T>> history, HistoryMove move, int32_t slot) {
  session.perform(slot, history->slots, [&session, history, move](StepReference step) {
    for_each_index(
        *session.context, session.layout.size(),
        MoveSlot<T>{step, session.layout.size(), move == HistoryMove::save, move == HistoryMove::load_weights,
                    move == HistoryMove::load_velocity, history->saved.data(), session.weights->data(), session.velocity->data()});
  });
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
  const size_t groups = session.host_learning_rates.size() / static_cast<size_t>(session.steps);
  for (size_t i = 0; i < session.host_learning_rates.size(); i++)
    require(session.host_learning_rates[i] != 0, "The learning rate of step ", i / groups, ", group ", i % groups,
            " is 0; the shortcut divides by it to find the velocity. Use an exact method, or a learning rate other than 0.");
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
    for_each_weight(*session.context, session.layout,
                    SlopeOfLine<T>{line, session.schedules(), t, session.layout.stride, path->saved.data(), session.velocity->data()});
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
