/* A session: one run opened on one context, the passes of its network, and bodies of steps. */
#ifndef HYPERGRAD_SESSION_H
#define HYPERGRAD_SESSION_H

#include "hypergrad/base.h"
#include "hypergrad/description.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Where a step number is asked for inside a body: the step that the body is run for. */
#define HG_BODY_STEP (-1)

/* Why training diverged. */
typedef enum hg_fault {
  HG_NO_FAULT = 0,
  HG_GRADIENT_FAULT = 1, /* A gradient is not finite or too large for the fixed-point range. */
  HG_SLOT_FAULT = 2,     /* A slot left its fixed-point range, ±2048, or 0 to 2³¹ for a second moment. */
  HG_WEIGHT_FAULT = 3,   /* A weight left the fixed-point range of ±2048. */
  HG_FLOAT_FAULT = 4,    /* A gradient, slot or weight is not finite. */
  HG_ADJOINT_FAULT = 5   /* A hypergradient, or the adjoint on its way back, is not finite; of hg_hypergradient_compute alone. */
} hg_fault;

/* Opens a run. Weights, slots and gradient are zero. HG_INVALID_ARGUMENT: the message names the quantity and the remedy. */
HG_API hg_status hg_session_create(hg_handle context, const hg_session_description* description, hg_handle* session);

/* P, the number of weights. */
HG_API hg_status hg_session_weight_count(hg_handle session, int32_t* count);

/* The session's own vectors: w, a slot of the optimizer, g. They live as long as the session. */
HG_API hg_status hg_session_weights(hg_handle session, hg_handle* vector);
HG_API hg_status hg_session_slot(hg_handle session, int32_t slot, hg_handle* vector);
HG_API hg_status hg_session_gradient(hg_handle session, hg_handle* vector);

/* Where training diverged: the step, the parameter, the slot of an HG_SLOT_FAULT or HG_FLOAT_FAULT (−1: the weights, or any other fault)
 * and the hg_fault of the latest HG_DIVERGED; HG_NO_FAULT if there was none. On the device a fault is noticed by the next call that waits.
 */
HG_API hg_status hg_session_fault(hg_handle session, int32_t* step, int32_t* parameter, int32_t* slot, int32_t* fault);

/* Waits for everything queued; HG_DIVERGED if training has. */
HG_API hg_status hg_session_synchronize(hg_handle session);

/* g ← ∇L_t(w), penalties included; the training loss of the step is noted. Step: 0 … T − 1 or HG_BODY_STEP, here and below. */
HG_API hg_status hg_session_evaluate_gradient(hg_handle session, int32_t step);

/* product ← ∇²L_t(w) · direction, penalties included (Pearlmutter's R-operator), after hg_session_evaluate_gradient of the same step at the
 * same weights, which leaves what this needs. To data (0 for none) the derivatives along direction of ∂L_t/∂X, ∂L_t/∂Y, ∂L_t/∂ω are added.
 * The product is none of w, g and direction. HG_WRONG_ORDER: the latest gradient is not that of this step. */
HG_API hg_status hg_session_evaluate_tangent(hg_handle session, int32_t step, hg_handle direction, hg_handle product, hg_handle data);

/* l2 ← l2 + 2 w ∘ direction, l1 ← l1 + sign(w) ∘ direction, those that are not 0. */
HG_API hg_status hg_session_add_penalty_tangent(hg_handle session, hg_handle direction, hg_handle l2, hg_handle l1);

/* All updates of the step in their order, in floating point. */
HG_API hg_status hg_session_advance(hg_handle session, int32_t step);

/* Pulls the drifts back: ā += Σ w̄∘ψ, and so for ψ's own coefficients; slot‾ += a·w̄∘∂ψ/∂slot. The slots are those after the step. */
HG_API hg_status hg_session_pull_back_drifts(hg_handle session, int32_t step, const hg_adjoint* adjoint);

/* Pulls the kicks back: c̄ += Σ x̄∘φ(g); direction ← Σ c·x̄∘φ′(g), or with add 1 direction ← direction + that. The gradient is the
 * step's; the direction is none of the adjoint's vectors, and not g. */
HG_API hg_status hg_session_pull_back_kicks(hg_handle session, int32_t step, const hg_adjoint* adjoint, hg_handle direction, int32_t add);

/* Pulls the decays back: c̄ += Σ x̄∘x, x̄ ← c·x̄. Weights and slots are those before the step. */
HG_API hg_status hg_session_pull_back_decays(hg_handle session, int32_t step, const hg_adjoint* adjoint);

/* The training losses noted so far of one replica, [T]; 0 where none was. Waits. */
HG_API hg_status hg_session_training_losses(hg_handle session, int32_t replica, double* losses);

/* The minibatch of a step and replica as the device computes it: its size, and its example numbers if examples is not null, which has room
 * for capacity of them, at least the size. Waits. */
HG_API hg_status hg_session_minibatch(hg_handle session, int32_t step, int32_t replica, int32_t capacity, int32_t* examples, int32_t* size);

/* A set of examples to evaluate on, copied: inputs and targets of the types given, as those of the description. */
HG_API hg_status hg_dataset_create(hg_handle session, int32_t examples, const void* inputs, int32_t input_type, const void* targets,
                                   int32_t target_type, int32_t has_class_targets, hg_handle* dataset);

/* The same on a context, checked and copied once for all its sessions: to be trained on (the description's dataset) and evaluated on.
 * Inputs are [examples × input_numbers], targets [examples × target_numbers]; a session refuses it where they do not fit its program. What
 * is destroyed goes when no session uses it any more; a context takes it along. */
HG_API hg_status hg_shared_dataset_create(hg_handle context, int32_t examples, int32_t input_numbers, const void* inputs,
                                          int32_t input_type, int32_t target_numbers, const void* targets, int32_t target_type,
                                          int32_t has_class_targets, hg_handle* dataset);

/* The mean loss and the error rate at w over a dataset, [R] each; no penalties, no example weights, no dropout. The error rate, NaN for the
 * squared loss, is the part of the positions whose largest output is not at the largest target; the first among equals is the largest. The
 * gradient (0 if it is not wanted; not w) is overwritten with that of the mean loss. Waits. */
HG_API hg_status hg_session_evaluate(hg_handle session, hg_handle dataset, hg_handle gradient, double* losses, double* error_rates);

/* Begins a body: until its end the calls that take a step, and the vector work, are recorded instead of done. Everything else is refused
 * meanwhile with HG_WRONG_ORDER. */
HG_API hg_status hg_body_begin(hg_handle session);

/* Ends the body. */
HG_API hg_status hg_body_end(hg_handle session, hg_handle* body);

/* Forgets the body that was begun. */
HG_API hg_status hg_body_cancel(hg_handle session);

/* Does the body for steps first … end − 1, or, backward, for end − 1 … first. On the device it becomes a CUDA graph, replayed step by step
 * without the host; on the host the recorded calls are done again. */
HG_API hg_status hg_body_run(hg_handle session, hg_handle body, int32_t first, int32_t end, int32_t backward);

#ifdef __cplusplus
}
#endif

#endif
