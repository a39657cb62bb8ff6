// The exact state of a session: weights and slots in fixed point, and the stores and byte planes of every decay.
#pragma once

#include <memory>
#include <vector>

#include "session/session.h"
#include "updates/exact_kernels.h"

namespace hypergrad {

// The information stores of one decay of the list.
struct DecayStores {
  DecayStores(const Session& session, const Coefficient& coefficient);

  StoreView view();
  bool any() const { return narrow.data() != nullptr || wide.data() != nullptr; }
  int64_t spilled_bytes() const { return plane_starts.back(); }

  Array<uint16_t> narrow;             // [replicas × weights], of words of 16 bits
  Array<uint32_t> wide;               // the same of 32
  Array<uint8_t> planes;              // [replicas × spilled bytes]
  std::vector<int64_t> plane_starts;  // [groups + 1]; all 0 where nothing is ever decayed

 private:
  Array<int64_t> device_plane_starts_;
  Array<int32_t> group_sizes_, before_;
  Array<uint8_t> spills_;
};

// The fixed-point numbers of one slot.
struct ExactSlot {
  Array<int64_t> upper;   // [replicas × weights]
  Array<uint64_t> lower;  // of a second moment
};

class ExactState : public Object {
 public:
  explicit ExactState(const Session& session);

  ExactView view(const Session& session);
  int64_t spilled_bytes() const;
  int64_t resident_bytes() const;  // per replica
  // The stores of a decay, numbered among the decays of the list.
  DecayStores& decay(int32_t number);

  std::shared_ptr<Progress> progress = std::make_shared<Progress>();
  Array<int64_t> positions;  // [replicas × weights]
  std::vector<ExactSlot> slots;
  std::vector<DecayStores> decays;

  // What the hashes need.
  int32_t hash_pieces = 0;
  Array<uint64_t> piece_hashes, hashes;
  Array<uint64_t> landmarks;  // [landmarks × replicas], hashes that are to be met again
  std::vector<bool> landmarks_set;
  Array<int32_t> unmet_landmark;  // 1 + the first that was not met, or 0
  Array<int64_t> expected;        // numbers to be compared with, as many as were last

 private:
  int32_t weight_count_;
  Array<int64_t*> uppers_;
  Array<uint64_t*> lowers_;
  Array<StoreView> stores_;  // [updates]
};

template <class T>
void start_exactly(SessionOf<T>& session, ExactState& state, int32_t replica, int32_t first, int32_t count, const double* initial);

template <class T>
bool equals_start(SessionOf<T>& session, ExactState& state, int32_t replica, int32_t first, int32_t count, const double* initial);

template <class T>
void advance_exactly(SessionOf<T>& session, std::shared_ptr<ExactState> state, int32_t step);

template <class T>
void begin_retreat(SessionOf<T>& session, std::shared_ptr<ExactState> state);

template <class T>
void retreat_weights(SessionOf<T>& session, std::shared_ptr<ExactState> state, int32_t step);

template <class T>
void retreat_slots(SessionOf<T>& session, std::shared_ptr<ExactState> state, int32_t step);

// The hash of all arrays of every replica.
void hash_exactly(Session& session, ExactState& state, uint64_t* hashes);

// Room for hashes that stay where the session computes; one is taken, and compared with that of the state as it is, without waiting.
void reserve_landmarks(Session& session, ExactState& state, int32_t count);
void set_landmark(Session& session, ExactState& state, int32_t number);
void meet_landmark(Session& session, ExactState& state, int32_t number);
// The first that was not met, or −1. Waits.
int32_t unmet_landmark(Session& session, ExactState& state);

// How many numbers of a piece of one replica's state are not those of a start from these positions. Waits.
uint64_t differences_from_start(Session& session, ExactState& state, int32_t replica, int32_t first, const std::vector<int64_t>& positions);

}  // namespace hypergrad
