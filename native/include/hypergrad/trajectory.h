/* Saved states, and the straight line through some of them. */
#ifndef HYPERGRAD_TRAJECTORY_H
#define HYPERGRAD_TRAJECTORY_H

#include "hypergrad/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Room for saved states, weights and slots. Count: at least 1. */
HG_API hg_status hg_history_create(hg_handle session, int32_t count, hg_handle* history);

/* Saves weights and slots under a number: 0 … count − 1, or HG_BODY_STEP for the one numbered as the step. */
HG_API hg_status hg_history_save(hg_handle session, hg_handle history, int32_t number);

/* Weights ← those saved under the number. */
HG_API hg_status hg_history_load_weights(hg_handle session, hg_handle history, int32_t number);

/* Slots ← those saved under the number. */
HG_API hg_status hg_history_load_slots(hg_handle session, hg_handle history, int32_t number);

/* The line from knot to knot: between knots at steps a and b, ŵ_t = w_a + (t − a)/(b − a) · (w_b − w_a). For optimizers of one slot v and
 * one drift along it, α·v. Knots: [knot_count] steps, strictly ascending from 0 to T, at least 2. HG_INVALID_ARGUMENT: another optimizer,
 * or an α of 0, by which the line's velocity is divided. */
HG_API hg_status hg_line_path_create(hg_handle session, int32_t knot_count, const int32_t* knots, hg_handle* path);

/* Saves w as knot number 0 … knot_count − 1. */
HG_API hg_status hg_line_path_save_knot(hg_handle session, hg_handle path, int32_t knot);

/* w ← ŵ_t. HG_WRONG_ORDER, here and below: not all knots are saved. */
HG_API hg_status hg_line_path_recall_weights(hg_handle session, hg_handle path, int32_t step);

/* v ← v̂_t = (ŵ_t − ŵ_{t−1}) / α_{t−1}, the line's slope; v̂_0 = 0. */
HG_API hg_status hg_line_path_recall_velocity(hg_handle session, hg_handle path, int32_t step);

/* v ← v̂_T. */
HG_API hg_status hg_line_path_recall_last_velocity(hg_handle session, hg_handle path);

#ifdef __cplusplus
}
#endif

#endif
