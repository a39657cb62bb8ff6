/* The exact state of a run: positions X and velocities V in 64-bit fixed point (52 fractional bits), 16-bit digit stores s and their
 * spilled byte planes, equal bit for bit on every backend (Maclaurin, Duvenaud, Adams 2015, with this library's digit store). */
#ifndef HYPERGRAD_REVERSIBLE_H
#define HYPERGRAD_REVERSIBLE_H

#include "hypergrad/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The exact state of a session. HG_INVALID_ARGUMENT: a momentum is 0, which cannot be reversed. */
HG_API hg_status hg_reversible_create(hg_handle session, hg_handle* state);

/* X ← initial, V ← 0, s ← 0, w ← X, for weights first … first + count − 1 of one replica. The pieces come in order, replica 0 from weight 0
 * on, until all weights of all replicas are there; only then may the first step be taken. HG_INVALID_ARGUMENT: a weight beyond ±2048. */
HG_API hg_status hg_reversible_start(hg_handle session, hg_handle state, int32_t replica, int32_t first, int32_t count,
                                     const double* initial);

/* Step t forward, t = 0, 1, …: decay, spill what the schedule says, kick with g, drift; w becomes w_{t+1}. HG_WRONG_ORDER: t is not next.
 */
HG_API hg_status hg_reversible_advance(hg_handle session, hg_handle state, int32_t step);

/* After step T − 1: undoes its drift. w becomes w_{T−1}, v becomes v_T. */
HG_API hg_status hg_reversible_begin_retreat(hg_handle session, hg_handle state);

/* Undoes step t, t = T − 1, T − 2, …, but for its drift, which is undone already: kick with g, unspill, decay; then the drift of step t
 * − 1. v becomes v_t and w becomes w_{t−1} (at t = 0 it stays w_0). */
HG_API hg_status hg_reversible_retreat(hg_handle session, hg_handle state, int32_t step);

/* The hash of X or V: Σ mix(value, place) mod 2⁶⁴, [R]. Wait. */
HG_API hg_status hg_reversible_hash_positions(hg_handle session, hg_handle state, uint64_t* hashes);
HG_API hg_status hg_reversible_hash_velocities(hg_handle session, hg_handle state, uint64_t* hashes);

/* Whether, for a piece of weights of one replica, X is initial and V and s are 0: 1 or 0. Waits. */
HG_API hg_status hg_reversible_equals_start(hg_handle session, hg_handle state, int32_t replica, int32_t first, int32_t count,
                                            const double* initial, int32_t* equal);

/* The bytes in all planes at the run's end, per replica. */
HG_API hg_status hg_reversible_spilled_bytes(hg_handle session, hg_handle state, int64_t* bytes);

/* The bytes in the planes of one momentum group at the run's end, per replica. */
HG_API hg_status hg_reversible_plane_bytes(hg_handle session, hg_handle state, int32_t group, int64_t* bytes);

/* X, V or s of weights first … first + count − 1 of one replica, out. Wait. */
HG_API hg_status hg_reversible_read_positions(hg_handle session, hg_handle state, int32_t replica, int32_t first, int32_t count,
                                              int64_t* values);
HG_API hg_status hg_reversible_read_velocities(hg_handle session, hg_handle state, int32_t replica, int32_t first, int32_t count,
                                               int64_t* values);
HG_API hg_status hg_reversible_read_digits(hg_handle session, hg_handle state, int32_t replica, int32_t first, int32_t count,
                                           uint16_t* values);

/* Bytes first … first + count − 1 of the planes of one replica and momentum group, out: plane after plane, in each one byte per weight of
 * the group. Waits. */
HG_API hg_status hg_reversible_read_planes(hg_handle session, hg_handle state, int32_t replica, int32_t group, int64_t first, int64_t count,
                                           uint8_t* values);

#ifdef __cplusplus
}
#endif

#endif
