// The hash of the exact state: pieces first, then the pieces of each replica. The sum is modulo 2^64, so that its order does not matter.
#include "arithmetic/state_hash.h"
#include "momentum/exact_state.h"
#include "runtime/reduction.h"

namespace hypergrad {

namespace {

struct HashOfPiece {
  using Sum = uint64_t;

  const int64_t* values;
  int64_t stride, count_of_replica;
  int32_t pieces;
  uint64_t* hashes;

  HG_BOTH int64_t first(int64_t piece) const { return count_of_replica * (piece % pieces) / pieces; }
  HG_BOTH int64_t count(int64_t piece) const { return count_of_replica * (piece % pieces + 1) / pieces - first(piece); }
  HG_BOTH uint64_t term(int64_t piece, int64_t i) const {
    const int64_t place = first(piece) + i;
    return hash_mix(values[piece / pieces * stride + place], place);
  }
  HG_BOTH void store(int64_t piece, uint64_t sum) const { hashes[piece] = sum; }
};

struct HashOfReplica {
  using Sum = uint64_t;

  const uint64_t* piece_hashes;
  int32_t pieces;
  uint64_t* hashes;

  HG_BOTH int64_t count(int64_t) const { return pieces; }
  HG_BOTH uint64_t term(int64_t replica, int64_t i) const { return piece_hashes[replica * pieces + i]; }
  HG_BOTH void store(int64_t replica, uint64_t sum) const { hashes[replica] = sum; }
};

}  // namespace

void hash_exactly(Session& session, ExactState& state, const Array<int64_t>& values, uint64_t* hashes) {
  const int64_t pieces = static_cast<int64_t>(state.hash_pieces) * session.replicas;
  reduce(*session.context, pieces,
         HashOfPiece{values.data(), session.layout.stride, session.layout.weight_count, state.hash_pieces, state.piece_hashes.data()});
  reduce(*session.context, session.replicas, HashOfReplica{state.piece_hashes.data(), state.hash_pieces, state.hashes.data()});
  session.context->copy_out(hashes, state.hashes.data(), state.hashes.bytes());
  session.synchronize();
}

}  // namespace hypergrad
