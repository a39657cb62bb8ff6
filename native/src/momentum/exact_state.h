// The exact state of a session: X, V and s of every replica, and its byte planes.
#pragma once

#include <memory>
#include <vector>

#include "momentum/exact_kernels.h"
#include "session/session.h"

namespace hypergrad {

class ExactState : public Object {
 public:
  explicit ExactState(const Session& session);

  ExactView view(const Session& session);
  int64_t spilled_bytes() const { return plane_starts.back(); }

  std::shared_ptr<Progress> progress = std::make_shared<Progress>();
  Array<int64_t> positions, velocities;  // [replicas × weights]
  Array<uint16_t> digits;                // [replicas × weights]
  Array<uint8_t> planes;                 // [replicas × spilled bytes]
  std::vector<int64_t> plane_starts;     // [groups + 1]

  // What the hashes need.
  int32_t hash_pieces = 0;
  Array<uint64_t> piece_hashes, hashes;

 private:
  Array<int64_t> device_plane_starts_;
  Array<int32_t> group_sizes_, before_;
  Array<uint8_t> spills_;
};

template <class T>
void start_exactly(SessionOf<T>& session, ExactState& state, int32_t replica, int32_t first, int32_t count, const double* initial);

template <class T>
bool equals_start(SessionOf<T>& session, const ExactState& state, int32_t replica, int32_t first, int32_t count, const double* initial);

template <class T>
void advance(SessionOf<T>& session, std::shared_ptr<ExactState> state, int32_t step);

template <class T>
void begin_retreat(SessionOf<T>& session, std::shared_ptr<ExactState> state);

template <class T>
void retreat(SessionOf<T>& session, std::shared_ptr<ExactState> state, int32_t step);

// The hash of X or V of every replica.
void hash_exactly(Session& session, ExactState& state, const Array<int64_t>& values, uint64_t* hashes);

}  // namespace hypergrad
