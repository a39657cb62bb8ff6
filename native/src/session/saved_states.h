// Saved states (weights and slots), and the straight line through some of them.
#pragma once

#include <memory>
#include <vector>

#include "session/session.h"

namespace hypergrad {

enum class HistoryMove { save, load_weights, load_slots };

template <class T>
struct History : Object {
  History(const Session& session, int32_t state_count)
      : count(state_count), saved(session.array<T>(state_size(session) * static_cast<int64_t>(state_count))) {}

  static int64_t state_size(const Session& session) { return (1 + session.optimizer.slot_count()) * session.layout.size(); }

  int32_t count;
  Array<T> saved;  // [count × (1 + slots) × replicas × weights]: weights, then each slot
};

template <class T>
void move_history(SessionOf<T>& session, std::shared_ptr<History<T>> history, HistoryMove move, int32_t number);

template <class T>
struct LinePath : Object {
  LinePath(const Session& session, const int32_t* steps, int32_t count);

  int32_t rate_update = 0;  // the drift whose coefficient the slope is divided by
  std::vector<int32_t> knots;
  std::vector<bool> is_saved;
  Array<T> saved;               // [knots × replicas × weights]
  Array<int32_t> device_knots;  // [knots]
  Array<int32_t> pieces;        // [steps + 1]: the piece that begins at or before a step
};

template <class T>
void save_knot(SessionOf<T>& session, LinePath<T>& path, int32_t knot);

template <class T>
void recall_weights(SessionOf<T>& session, std::shared_ptr<LinePath<T>> path, int32_t step);

// Step T, beyond the last, is allowed here: the slope of the line's end.
template <class T>
void recall_velocity(SessionOf<T>& session, std::shared_ptr<LinePath<T>> path, int32_t step);

}  // namespace hypergrad
