// The hash of the exact state: pieces of each array first, then the pieces of each replica. Sums are modulo 2^64, so that their order does
// not matter.
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

}  // namespace

void hash_exactly(Session& session, ExactState& state, uint64_t* hashes) {
  session.context->clear(state.hashes.data(), state.hashes.bytes());
  uint64_t factor = 1;
  const auto add = [&](const auto& array) {
    using Number = std::decay_t<decltype(*array.data())>;
    if (array.data() == nullptr) return;
    reduce(*session.context, static_cast<int64_t>(state.hash_pieces) * session.replicas,
           HashOfPiece<Number>{array.data(), session.layout.stride, session.layout.weight_count, state.hash_pieces,
                               state.piece_hashes.data()});
    reduce(*session.context, session.replicas, HashOfReplica{state.piece_hashes.data(), state.hash_pieces, factor, state.hashes.data()});
    factor += 2;
  };
  add(state.positions);
  for (const ExactSlot& slot : state.slots) {
    add(slot.upper);
    add(slot.lower);
  }
  for (const DecayStores& stores : state.decays) {
    add(stores.narrow);
    add(stores.wide);
  }
  session.context->copy_out(hashes, state.hashes.data(), state.hashes.bytes());
  session.synchronize();
}

}  // namespace hypergrad
