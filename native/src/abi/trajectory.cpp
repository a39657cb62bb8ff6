// Saved states, line paths and the exact state.
#include "abi/entry.h"
#include "momentum/exact_state.h"
#include "session/saved_states.h"

using namespace hypergrad;

namespace {

// The element type of a typed session.
template <class S>
using NumberOf = std::decay_t<decltype(*std::declval<S&>().weights->data())>;

hg_status move_state(hg_handle session, hg_handle history, HistoryMove move, int32_t slot) {
  return with_typed_session(session, [&](auto& s) {
    using T = NumberOf<decltype(s)>;
    move_history(s, object_of<History<T>>(session, history, Kind::history, "history"), move, slot);
  });
}

std::shared_ptr<ExactState> state_of(hg_handle session, hg_handle state) {
  return object_of<ExactState>(session, state, Kind::reversible_state, "state");
}

template <class T>
hg_status read_exactly(hg_handle session, hg_handle state, int32_t replica, int32_t first, int32_t count, T* values,
                       Array<T> ExactState::*which) {
  return with_session(session, [&](Session& s) {
    const auto found = state_of(session, state);
    require_pointer(values, "values");
    s.require_piece(replica, first, count);
    s.require_not_recording("Reading");
    s.context->copy_out(values, ((*found).*which).data() + replica * s.layout.stride + first, static_cast<size_t>(count) * sizeof(T));
    s.synchronize();
  });
}

hg_status give_hash(hg_handle session, hg_handle state, uint64_t* hashes, Array<int64_t> ExactState::*which) {
  return with_session(session, [&](Session& s) {
    const auto found = state_of(session, state);
    require_pointer(hashes, "hashes");
    s.require_not_recording("A hash");
    hash_exactly(s, *found, (*found).*which, hashes);
  });
}

int64_t planes_of(const Session& session, const ExactState& state, int32_t group) {
  const int32_t groups = session.momentum_grouping.count();
  require(group >= 0 && group < groups, "There are ", groups, " momentum groups, numbered from 0; group ", group, " was asked for.");
  return state.plane_starts[static_cast<size_t>(group) + 1] - state.plane_starts[static_cast<size_t>(group)];
}

}  // namespace

hg_status hg_history_create(hg_handle session, int32_t slots, hg_handle* history) {
  return with_typed_session(session, [&](auto& s) {
    using T = NumberOf<decltype(s)>;
    require(slots >= 1, "A history of ", slots, " slots: it needs at least 1.");
    create_object(s, session, Kind::history, history, [&] { return std::make_shared<History<T>>(s, slots); });
  });
}

hg_status hg_history_save(hg_handle session, hg_handle history, int32_t slot) {
  return move_state(session, history, HistoryMove::save, slot);
}

hg_status hg_history_load_weights(hg_handle session, hg_handle history, int32_t slot) {
  return move_state(session, history, HistoryMove::load_weights, slot);
}

hg_status hg_history_load_velocity(hg_handle session, hg_handle history, int32_t slot) {
  return move_state(session, history, HistoryMove::load_velocity, slot);
}

hg_status hg_line_path_create(hg_handle session, int32_t knot_count, const int32_t* knots, hg_handle* path) {
  return with_typed_session(session, [&](auto& s) {
    using T = NumberOf<decltype(s)>;
    require_pointer(knots, "knots");
    create_object(s, session, Kind::line_path, path, [&] { return std::make_shared<LinePath<T>>(s, knots, knot_count); });
  });
}

hg_status hg_line_path_save_knot(hg_handle session, hg_handle path, int32_t knot) {
  return with_typed_session(session, [&](auto& s) {
    using T = NumberOf<decltype(s)>;
    save_knot(s, *object_of<LinePath<T>>(session, path, Kind::line_path, "path"), knot);
  });
}

hg_status hg_line_path_recall_weights(hg_handle session, hg_handle path, int32_t step) {
  return with_typed_session(session, [&](auto& s) {
    using T = NumberOf<decltype(s)>;
    recall_weights(s, object_of<LinePath<T>>(session, path, Kind::line_path, "path"), step);
  });
}

hg_status hg_line_path_recall_velocity(hg_handle session, hg_handle path, int32_t step) {
  return with_typed_session(session, [&](auto& s) {
    using T = NumberOf<decltype(s)>;
    recall_velocity(s, object_of<LinePath<T>>(session, path, Kind::line_path, "path"), step);
  });
}

hg_status hg_line_path_recall_last_velocity(hg_handle session, hg_handle path) {
  return with_typed_session(session, [&](auto& s) {
    using T = NumberOf<decltype(s)>;
    recall_velocity(s, object_of<LinePath<T>>(session, path, Kind::line_path, "path"), s.steps);
  });
}

hg_status hg_reversible_create(hg_handle session, hg_handle* state) {
  return with_session(session, [&](Session& s) {
    create_object(s, session, Kind::reversible_state, state, [&] { return std::make_shared<ExactState>(s); });
  });
}

hg_status hg_reversible_start(hg_handle session, hg_handle state, int32_t replica, int32_t first, int32_t count, const double* initial) {
  return with_typed_session(session, [&](auto& s) {
    const auto found = state_of(session, state);
    require_pointer(initial, "initial");
    s.require_piece(replica, first, count);
    require(count >= 1, "A piece of the start needs at least one weight.");
    s.require_not_recording("A start");
    start_exactly(s, *found, replica, first, count, initial);
  });
}

hg_status hg_reversible_advance(hg_handle session, hg_handle state, int32_t step) {
  return with_typed_session(session, [&](auto& s) { advance(s, state_of(session, state), step); });
}

hg_status hg_reversible_begin_retreat(hg_handle session, hg_handle state) {
  return with_typed_session(session, [&](auto& s) { begin_retreat(s, state_of(session, state)); });
}

hg_status hg_reversible_retreat(hg_handle session, hg_handle state, int32_t step) {
  return with_typed_session(session, [&](auto& s) { retreat(s, state_of(session, state), step); });
}

hg_status hg_reversible_hash_positions(hg_handle session, hg_handle state, uint64_t* hashes) {
  return give_hash(session, state, hashes, &ExactState::positions);
}

hg_status hg_reversible_hash_velocities(hg_handle session, hg_handle state, uint64_t* hashes) {
  return give_hash(session, state, hashes, &ExactState::velocities);
}

hg_status hg_reversible_equals_start(hg_handle session, hg_handle state, int32_t replica, int32_t first, int32_t count,
                                     const double* initial, int32_t* equal) {
  return with_typed_session(session, [&](auto& s) {
    const auto found = state_of(session, state);
    require_pointer(initial, "initial");
    require_pointer(equal, "equal");
    s.require_piece(replica, first, count);
    s.require_not_recording("A comparison");
    *equal = equals_start(s, *found, replica, first, count, initial) ? 1 : 0;
    s.synchronize();
  });
}

hg_status hg_reversible_spilled_bytes(hg_handle session, hg_handle state, int64_t* bytes) {
  return with_session(session, [&](Session&) {
    require_pointer(bytes, "bytes");
    *bytes = state_of(session, state)->spilled_bytes();
  });
}

hg_status hg_reversible_plane_bytes(hg_handle session, hg_handle state, int32_t group, int64_t* bytes) {
  return with_session(session, [&](Session& s) {
    require_pointer(bytes, "bytes");
    *bytes = planes_of(s, *state_of(session, state), group);
  });
}

hg_status hg_reversible_read_positions(hg_handle session, hg_handle state, int32_t replica, int32_t first, int32_t count, int64_t* values) {
  return read_exactly(session, state, replica, first, count, values, &ExactState::positions);
}

hg_status hg_reversible_read_velocities(hg_handle session, hg_handle state, int32_t replica, int32_t first, int32_t count,
                                        int64_t* values) {
  return read_exactly(session, state, replica, first, count, values, &ExactState::velocities);
}

hg_status hg_reversible_read_digits(hg_handle session, hg_handle state, int32_t replica, int32_t first, int32_t count, uint16_t* values) {
  return read_exactly(session, state, replica, first, count, values, &ExactState::digits);
}

hg_status hg_reversible_read_planes(hg_handle session, hg_handle state, int32_t replica, int32_t group, int64_t first, int64_t count,
                                    uint8_t* values) {
  return with_session(session, [&](Session& s) {
    const auto found = state_of(session, state);
    require_pointer(values, "values");
    s.require_replica(replica);
    s.require_not_recording("Reading");
    const int64_t size = planes_of(s, *found, group);
    require(first >= 0 && count >= 0 && first <= size && count <= size - first, "The planes of group ", group, " have ", size, " bytes; ",
            count, " from ", first, " on were asked for.");
    const int64_t start = replica * found->spilled_bytes() + found->plane_starts[static_cast<size_t>(group)] + first;
    s.context->copy_out(values, found->planes.data() + start, static_cast<size_t>(count));
    s.synchronize();
  });
}
