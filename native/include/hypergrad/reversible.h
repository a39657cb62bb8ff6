/* The exact state of a run: weights and slots in fixed point (52 fractional bits in 64; second moments 96 in 128), and for every decay of
 * the list information stores with their spilled byte planes, equal bit for bit on every backend (Maclaurin, Duvenaud, Adams 2015, with
 * this library's store). A decay all of whose ratios are 1 is left out and has no store. */
#ifndef HYPERGRAD_REVERSIBLE_H
#define HYPERGRAD_REVERSIBLE_H

#include "hypergrad/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The exact state of a session. HG_INVALID_ARGUMENT: the updates cannot be undone, as a decay of 0 or a kick of the weights cannot. */
HG_API hg_status hg_reversible_create(hg_handle session, hg_handle* state);

/* X ← initial, slots and stores ← 0, w ← X, for weights first … first + count − 1 of one replica. The pieces come in order, replica 0 from
 * weight 0 on, until all weights of all replicas are there; only then may the first step be taken. HG_INVALID_ARGUMENT: a weight beyond
 * ±2048. */
HG_API hg_status hg_reversible_start(hg_handle session, hg_handle state, int32_t replica, int32_t first, int32_t count,
                                     const double* initial);

/* Step t forward, t = 0, 1, …: the updates in their order, with g, spilling what the schedule says; w becomes w_{t+1}. HG_WRONG_ORDER: t is
 * not next. */
HG_API hg_status hg_reversible_advance(hg_handle session, hg_handle state, int32_t step);

/* After step T − 1: the session's slots become those of the state. */
HG_API hg_status hg_reversible_begin_retreat(hg_handle session, hg_handle state);

/* Undoes what step t did to the weights, t = T − 1, T − 2, …: its drifts, then its decays of the weights. w becomes w_t. */
HG_API hg_status hg_reversible_retreat_weights(hg_handle session, hg_handle state, int32_t step);

/* After that: undoes what step t did to the slots, with g. The session's slots become those before step t. */
HG_API hg_status hg_reversible_retreat_slots(hg_handle session, hg_handle state, int32_t step);

/* The hash of all arrays of each replica, [R]: the weights, each slot (of a second moment the upper words, then the lower ones), then the
 * stores of each decay that has them. Array number k adds (2k + 1) · Σ mix(value, place), modulo 2⁶⁴. Waits. */
HG_API hg_status hg_reversible_hash(hg_handle session, hg_handle state, uint64_t* hashes);

/* Room for count landmarks, numbered from 0: hashes of the state that the way back is to meet again. They stay where the session computes,
 * so that a device runs on while they are taken and compared. What was set before is forgotten. Count: at least 1. */
HG_API hg_status hg_reversible_reserve_landmarks(hg_handle session, hg_handle state, int32_t count);

/* The hash of the state as it is now becomes landmark `number`. */
HG_API hg_status hg_reversible_set_landmark(hg_handle session, hg_handle state, int32_t number);

/* Compares the hash of the state as it is now with landmark `number`, in every replica. HG_WRONG_ORDER: that one was not set. */
HG_API hg_status hg_reversible_meet_landmark(hg_handle session, hg_handle state, int32_t number);

/* The first landmark that was compared and was another, or −1 where all that were compared were met. Waits. */
HG_API hg_status hg_reversible_unmet_landmark(hg_handle session, hg_handle state, int32_t* number);

/* Whether, for a piece of weights of one replica, X is initial and slots and stores are 0: 1 or 0. Waits. */
HG_API hg_status hg_reversible_equals_start(hg_handle session, hg_handle state, int32_t replica, int32_t first, int32_t count,
                                            const double* initial, int32_t* equal);

/* The bytes in all planes at the run's end, and those of all stores between steps; per replica. */
HG_API hg_status hg_reversible_spilled_bytes(hg_handle session, hg_handle state, int64_t* bytes);
HG_API hg_status hg_reversible_resident_bytes(hg_handle session, hg_handle state, int64_t* bytes);

/* The bytes in the planes of one decay and group of its coefficient at the run's end, per replica. Decays are numbered in the order of the
 * list, those without stores too. */
HG_API hg_status hg_reversible_plane_bytes(hg_handle session, hg_handle state, int32_t decay, int32_t group, int64_t* bytes);

/* Weights first … first + count − 1 of one replica, out: the fixed-point numbers of a slot or, for slot −1, of the weights (the upper words
 * of a second moment); the lower words of a second moment; the stores of a decay, 0 where it has none. Wait. */
HG_API hg_status hg_reversible_read_numbers(hg_handle session, hg_handle state, int32_t slot, int32_t replica, int32_t first, int32_t count,
                                            int64_t* values);
HG_API hg_status hg_reversible_read_lower_words(hg_handle session, hg_handle state, int32_t slot, int32_t replica, int32_t first,
                                                int32_t count, uint64_t* values);
HG_API hg_status hg_reversible_read_stores(hg_handle session, hg_handle state, int32_t decay, int32_t replica, int32_t first, int32_t count,
                                           uint32_t* values);

/* Bytes first … first + count − 1 of the planes of one decay, replica and group, out: plane after plane, in each one byte per weight of the
 * group. Waits. */
HG_API hg_status hg_reversible_read_planes(hg_handle session, hg_handle state, int32_t decay, int32_t replica, int32_t group, int64_t first,
                                           int64_t count, uint8_t* values);

#ifdef __cplusplus
}
#endif

#endif
