// The hash of the exact state: pieces of each array first, then the pieces of each replica. Sums are modulo 2^64, so that their order does
// not matter. Landmarks are hashes that stay on the device; and what a start would be is compared there too.
#include <type_traits>
#include <utility>

#include "arithmetic/state_hash.h"
#include "runtime/reduction.h"
#include "updates/exact_state.h"

namespace hypergrad {

namespace {

template <class Number>
struct HashOfPiece {
  using Sum = uint64_t;

  const Number* values;
  int64_t stride, count_of_replica;
  int32_t pieces;
  uint64_t* hashes;

  HG_BOTH int64_t first(int64_t piece) const { return count_of_replica * (piece % pieces) / pieces; }
  HG_BOTH int64_t count(int64_t piece) const { return count_of_replica * (piece % pieces + 1) / pieces - first(piece); }
  HG_BOTH uint64_t term(int64_t piece, int64_t i) const {
    const int64_t place = first(piece) + i;
    return hash_mix(static_cast<int64_t>(values[piece / pieces * stride + place]), place);
  }
  HG_BOTH void store(int64_t piece, uint64_t sum) const { hashes[piece] = sum; }
};

// Added to what is there, times the array's factor.
struct HashOfReplica {
  using Sum = uint64_t;

  const uint64_t* piece_hashes;
  int32_t pieces;
  uint64_t factor;
  uint64_t* hashes;

  HG_BOTH int64_t count(int64_t) const { return pieces; }
  HG_BOTH uint64_t term(int64_t replica, int64_t i) const { return piece_hashes[replica * pieces + i]; }
  HG_BOTH void store(int64_t replica, uint64_t sum) const { hashes[replica] += factor * sum; }
};

// Notes a landmark whose hashes are not these, unless an earlier one was not met.
struct CompareWithLandmark {
  using Sum = uint64_t;

  const uint64_t* hashes;
  const uint64_t* landmark;
  int32_t replicas, number;
  int32_t* unmet;

  HG_BOTH int64_t count(int64_t) const { return replicas; }
  HG_BOTH uint64_t term(int64_t, int64_t i) const { return hashes[i] != landmark[i] ? 1 : 0; }
  HG_BOTH void store(int64_t, uint64_t sum) const {
    if (sum != 0 && *unmet == 0) *unmet = number + 1;
  }
};

constexpr int32_t numbers_of_piece = 1 << 14;

// How many numbers of each piece are not those expected, added to what is there.
template <class Number>
struct DifferencesOfPiece {
  using Sum = uint64_t;

  const Number* values;
  const int64_t* expected;  // null: 0
  int32_t all;
  uint64_t* sums;

  HG_BOTH int64_t first(int64_t piece) const { return piece * numbers_of_piece; }
  HG_BOTH int64_t count(int64_t piece) const { return all - first(piece) < numbers_of_piece ? all - first(piece) : numbers_of_piece; }
  HG_BOTH uint64_t term(int64_t piece, int64_t i) const {
    const int64_t at = first(piece) + i;
    return static_cast<int64_t>(values[at]) != (expected != nullptr ? expected[at] : 0) ? 1 : 0;
  }
  HG_BOTH void store(int64_t piece, uint64_t sum) const { sums[piece] += sum; }
};

// Calls f with every array of the state that there is, in the order of the hash.
template <class F>
void for_each_array(ExactState& state, const F& f) {
  const auto visit = [&](const auto& array) {
    if (array.data() != nullptr) f(array);
  };
  visit(state.positions);
  for (const ExactSlot& slot : state.slots) {
    visit(slot.upper);
    visit(slot.lower);
  }
  for (const DecayStores& stores : state.decays) {
    visit(stores.narrow);
    visit(stores.wide);
  }
}

template <class ArrayOfNumbers>
using NumberIn = std::decay_t<decltype(*std::declval<ArrayOfNumbers>().data())>;

// hashes ← the hash of every replica.
void queue_hash(Session& session, ExactState& state, uint64_t* hashes) {
  session.context->clear(hashes, state.hashes.bytes());
  uint64_t factor = 1;
  for_each_array(state, [&](const auto& array) {
    using Number = NumberIn<decltype(array)>;
    reduce(*session.context, static_cast<int64_t>(state.hash_pieces) * session.replicas,
           HashOfPiece<Number>{array.data(), session.layout.stride, session.layout.weight_count, state.hash_pieces,
                               state.piece_hashes.data()});
    reduce(*session.context, session.replicas, HashOfReplica{state.piece_hashes.data(), state.hash_pieces, factor, hashes});
    factor += 2;
  });
}

uint64_t* landmark_at(const Session& session, ExactState& state, int32_t number) {
  const int64_t count = static_cast<int64_t>(state.landmarks_set.size());
  require(number >= 0 && number < count, "There is room for ", count, " landmarks, numbered from 0; landmark ", number, " was asked for.");
  return state.landmarks.data() + static_cast<int64_t>(number) * session.replicas;
}

}  // namespace

void hash_exactly(Session& session, ExactState& state, uint64_t* hashes) {
  queue_hash(session, state, state.hashes.data());
  session.context->copy_out(hashes, state.hashes.data(), state.hashes.bytes());
  session.synchronize();
}

void reserve_landmarks(Session& session, ExactState& state, int32_t count) {
  require(count >= 1, "Room for ", count, " landmarks: there must be at least 1.");
  state.landmarks_set.clear();
  state.landmarks = session.array<uint64_t>(static_cast<int64_t>(count) * session.replicas);
  state.unmet_landmark = session.array<int32_t>(1);
  state.landmarks_set.assign(static_cast<size_t>(count), false);
}

void set_landmark(Session& session, ExactState& state, int32_t number) {
  queue_hash(session, state, landmark_at(session, state, number));
  state.landmarks_set[static_cast<size_t>(number)] = true;
}

void meet_landmark(Session& session, ExactState& state, int32_t number) {
  const uint64_t* landmark = landmark_at(session, state, number);
  if (!state.landmarks_set[static_cast<size_t>(number)]) fail(HG_WRONG_ORDER, "Landmark ", number, " was not set; set it on the way out.");
  queue_hash(session, state, state.hashes.data());
  reduce(*session.context, 1, CompareWithLandmark{state.hashes.data(), landmark, session.replicas, number, state.unmet_landmark.data()});
}

int32_t unmet_landmark(Session& session, ExactState& state) {
  int32_t unmet = 0;
  if (state.unmet_landmark.data() != nullptr) session.context->copy_out(&unmet, state.unmet_landmark.data(), sizeof unmet);
  session.synchronize();
  return unmet - 1;
}

uint64_t differences_from_start(Session& session, ExactState& state, int32_t replica, int32_t first,
                                const std::vector<int64_t>& positions) {
  const int32_t count = static_cast<int32_t>(positions.size());
  if (count == 0) return 0;
  const Context& context = *session.context;
  const int64_t at = replica * session.layout.stride + first,
                pieces = (static_cast<int64_t>(count) + numbers_of_piece - 1) / numbers_of_piece;
  if (state.expected.count() < count) state.expected = session.array<int64_t>(count);
  context.copy_in(state.expected.data(), positions.data(), positions.size() * sizeof(int64_t));
  uint64_t* const sums = state.piece_hashes.data();
  context.clear(sums, static_cast<size_t>(pieces) * sizeof *sums);
  const int64_t* expected = state.expected.data();
  for_each_array(state, [&](const auto& array) {
    reduce(context, pieces, DifferencesOfPiece<NumberIn<decltype(array)>>{array.data() + at, expected, count, sums});
    expected = nullptr;  // the positions are the first
  });
  context.clear(state.hashes.data(), sizeof *sums);
  reduce(context, 1, HashOfReplica{sums, static_cast<int32_t>(pieces), 1, state.hashes.data()});
  uint64_t differences = 0;
  context.copy_out(&differences, state.hashes.data(), sizeof differences);
  return differences;
}

}  // namespace hypergrad
