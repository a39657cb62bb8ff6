// Saved states, line paths and the exact state.
#include <algorithm>

#include "abi/entry.h"
#include "runtime/blocks.h"
#include "session/saved_states.h"
#include "updates/exact_state.h"

using namespace hypergrad;

namespace {

hg_status move_state(hg_handle session, hg_handle history, HistoryMove move, int32_t number) {
  return with_typed_session(session, [&](auto& s) {
    using T = NumberOf<decltype(s)>;
    move_history(s, object_of<History<T>>(session, history, Kind::history, "history"), move, number);
  });
}

std::shared_ptr<ExactState> state_of(hg_handle session, hg_handle state) {
  return object_of<ExactState>(session, state, Kind::reversible_state, "state");
}

// A piece of an array of one replica, out; zeros where there is no such array.
template <class T, class Out>
void read_piece(Session& s, const Array<T>& array, int32_t replica, int32_t first, int32_t count, Out* values) {
  s.require_piece(replica, first, count);
  s.require_not_recording("Reading");
  std::vector<T> numbers(static_cast<size_t>(count));
  if (array.data() != nullptr)
    s.context->copy_out(numbers.data(), array.data() + replica * s.layout.stride + first, numbers.size() * sizeof(T));
  std::copy(numbers.begin(), numbers.end(), values);
  s.synchronize();
}

const ExactSlot& slot_of(const ExactState& state, int32_t slot) {
  require(slot >= 0 && slot < static_cast<int32_t>(state.slots.size()), "There are ", state.slots.size(), " slots, numbered from 0; slot ",
          slot, " was asked for.");
  return state.slots[static_cast<size_t>(slot)];
}

int64_t planes_of(const DecayStores& stores, int32_t group) {
  const int32_t groups = static_cast<int32_t>(stores.plane_starts.size()) - 1;
  require(group >= 0 && group < groups, "There are ", groups, " groups, numbered from 0; group ", group, " was asked for.");
  return stores.plane_starts[static_cast<size_t>(group) + 1] - stores.plane_starts[static_cast<size_t>(group)];
}

// Gives a number of bytes that f(state) tells.
template <class F>
hg_status give_bytes(hg_handle session, hg_handle state, int64_t* bytes, const F& f) {
  return with_session(session, [&](Session&) {
    require_pointer(bytes, "bytes");
    *bytes = f(*state_of(session, state));
  });
}

}  // namespace

hg_status hg_history_create(hg_handle session, int32_t count, hg_handle* history) {
  return with_typed_session(session, [&](auto& s) {
    using T = NumberOf<decltype(s)>;
    require(count >= 1, "A history of ", count, " states: it needs at least 1.");
    create_object(s, session, Kind::history, history, [&] { return std::make_shared<History<T>>(s, count); });
  });
}

hg_status hg_history_save(hg_handle session, hg_handle history, int32_t number) {
  return move_state(session, history, HistoryMove::save, number);
}

hg_status hg_history_load_weights(hg_handle session, hg_handle history, int32_t number) {
  return move_state(session, history, HistoryMove::load_weights, number);
}

hg_status hg_history_load_slots(hg_handle session, hg_handle history, int32_t number) {
  return move_state(session, history, HistoryMove::load_slots, number);
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
    const BlockScope small_arrays(*s.context);
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
  return with_typed_session(session, [&](auto& s) { advance_exactly(s, state_of(session, state), step); });
}

hg_status hg_reversible_begin_retreat(hg_handle session, hg_handle state) {
  return with_typed_session(session, [&](auto& s) { begin_retreat(s, state_of(session, state)); });
}

hg_status hg_reversible_retreat_weights(hg_handle session, hg_handle state, int32_t step) {
  return with_typed_session(session, [&](auto& s) { retreat_weights(s, state_of(session, state), step); });
}

hg_status hg_reversible_retreat_slots(hg_handle session, hg_handle state, int32_t step) {
  return with_typed_session(session, [&](auto& s) { retreat_slots(s, state_of(session, state), step); });
}

hg_status hg_reversible_hash(hg_handle session, hg_handle state, uint64_t* hashes) {
  return with_session(session, [&](Session& s) {
    const auto found = state_of(session, state);
    require_pointer(hashes, "hashes");
    s.require_not_recording("A hash");
    hash_exactly(s, *found, hashes);
  });
}

hg_status hg_reversible_reserve_landmarks(hg_handle session, hg_handle state, int32_t count) {
  return with_session(session, [&](Session& s) {
    const auto found = state_of(session, state);
    s.require_not_recording("Room for landmarks");
    reserve_landmarks(s, *found, count);
  });
}

hg_status hg_reversible_set_landmark(hg_handle session, hg_handle state, int32_t number) {
  return with_session(session, [&](Session& s) {
    const auto found = state_of(session, state);
    s.require_not_recording("A landmark");
    set_landmark(s, *found, number);
  });
}

hg_status hg_reversible_meet_landmark(hg_handle session, hg_handle state, int32_t number) {
  return with_session(session, [&](Session& s) {
    const auto found = state_of(session, state);
    s.require_not_recording("A landmark");
    meet_landmark(s, *found, number);
  });
}

hg_status hg_reversible_unmet_landmark(hg_handle session, hg_handle state, int32_t* number) {
  return with_session(session, [&](Session& s) {
    const auto found = state_of(session, state);
    require_pointer(number, "number");
    s.require_not_recording("Reading");
    *number = unmet_landmark(s, *found);
  });
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
  return give_bytes(session, state, bytes, [](ExactState& found) { return found.spilled_bytes(); });
}

hg_status hg_reversible_resident_bytes(hg_handle session, hg_handle state, int64_t* bytes) {
  return give_bytes(session, state, bytes, [](ExactState& found) { return found.resident_bytes(); });
}

hg_status hg_reversible_plane_bytes(hg_handle session, hg_handle state, int32_t decay, int32_t group, int64_t* bytes) {
  return give_bytes(session, state, bytes, [&](ExactState& found) { return planes_of(found.decay(decay), group); });
}

hg_status hg_reversible_read_numbers(hg_handle session, hg_handle state, int32_t slot, int32_t replica, int32_t first, int32_t count,
                                     int64_t* values) {
  return with_session(session, [&](Session& s) {
    const auto found = state_of(session, state);
    require_pointer(values, "values");
    read_piece(s, slot == -1 ? found->positions : slot_of(*found, slot).upper, replica, first, count, values);
  });
}

hg_status hg_reversible_read_lower_words(hg_handle session, hg_handle state, int32_t slot, int32_t replica, int32_t first, int32_t count,
                                         uint64_t* values) {
  return with_session(session, [&](Session& s) {
    const auto found = state_of(session, state);
    require_pointer(values, "values");
    const Array<uint64_t>& lower = slot_of(*found, slot).lower;
    require(lower.data() != nullptr, "Slot ", slot, " is no second moment; it has no lower words.");
    read_piece(s, lower, replica, first, count, values);
  });
}

hg_status hg_reversible_read_stores(hg_handle session, hg_handle state, int32_t decay, int32_t replica, int32_t first, int32_t count,
                                    uint32_t* values) {
  return with_session(session, [&](Session& s) {
    const auto found = state_of(session, state);
    require_pointer(values, "values");
    const DecayStores& stores = found->decay(decay);
    if (stores.narrow.data() != nullptr)
      read_piece(s, stores.narrow, replica, first, count, values);
    else
      read_piece(s, stores.wide, replica, first, count, values);
  });
}

hg_status hg_reversible_read_planes(hg_handle session, hg_handle state, int32_t decay, int32_t replica, int32_t group, int64_t first,
                                    int64_t count, uint8_t* values) {
  return with_session(session, [&](Session& s) {
    const auto found = state_of(session, state);
    require_pointer(values, "values");
    s.require_replica(replica);
    s.require_not_recording("Reading");
    const DecayStores& stores = found->decay(decay);
    const int64_t size = planes_of(stores, group);
    require(first >= 0 && count >= 0 && first <= size && count <= size - first, "The planes of group ", group, " have ", size, " bytes; ",
            count, " from ", first, " on were asked for.");
    const int64_t start = replica * stores.spilled_bytes() + stores.plane_starts[static_cast<size_t>(group)] + first;
    s.context->copy_out(values, stores.planes.data() + start, static_cast<size_t>(count));
    s.synchronize();
  });
}
