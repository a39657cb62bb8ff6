/* Whole hypergradients by one call: training, the validation loss, and the adjoint carried back through every step. */
#ifndef HYPERGRAD_HYPERGRADIENT_H
#define HYPERGRAD_HYPERGRADIENT_H

#include "hypergrad/description.h"
#include "hypergrad/tensor.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How the states of training are found again on the way back. The gradient is that of the run itself with either. */
typedef enum hg_method {
  HG_REVERSIBLE = 0,  /* Every step undone in exact integer arithmetic, checked against hashes of the way out. Memory: the state, and
                       * log2(1/c) bits per weight, step and decay c. Not for a decay of 0, nor for a kick of the weights. */
  HG_CHECKPOINTED = 1 /* Trained again from the nearest of a few saved states, on the binomial schedule. For any list of updates. */
} hg_method;

/* A training run, and how it is differentiated. Tensors of floating-point numbers may be of either precision, whatever the session's;
 * tokens and class numbers may be integers too. */
typedef struct hg_hypergradient_request {
  int64_t struct_size;               /* sizeof(hg_hypergradient_request). */
  const hg_session_description* run; /* What the tensors below replace may be null in it, and must be where they are given. */

  const hg_tensor* initial_weights; /* w_0, [P], the same for every replica, or [R × P]. */
  const hg_tensor* inputs;          /* [examples × D], in place of the run's; null: the run's. So for the next four. */
  const hg_tensor* targets;         /* [examples × N], or class numbers, [examples × N/C]. */
  const hg_tensor* example_weights; /* [examples] ω. */
  const hg_tensor* l2;              /* [P] λ. */
  const hg_tensor* l1;              /* [P] μ. */

  const hg_tensor* validation_inputs;  /* [validation examples × D]. */
  const hg_tensor* validation_targets; /* [validation examples × N], or class numbers. */

  int64_t memory_budget;                /* Checkpointed: bytes for saved states, which then decide how many there are; 0: snapshots does. */
  int32_t validation_has_class_targets; /* 1: the validation targets are class numbers. Otherwise 0. */
  int32_t method;                       /* hg_method. */
  int32_t verify_every;                 /* Reversible: steps from hash to hash of the state; 0: twenty hashes a run. */
  int32_t snapshots;                    /* Checkpointed: how many states are saved; 0: about √T. T of them keep every state. */
} hg_hypergradient_request;

/* Where a hypergradient goes: tensors to be written, of either precision, null for what is not wanted; and numbers that the library fills
 * in, whatever they were, those about a fault also when the call fails. F is the validation loss, the mean over the validation examples at
 * w_T. R = 1 may be left out of a shape. */
typedef struct hg_hypergradient_result {
  int64_t struct_size; /* sizeof(hg_hypergradient_result). */

  const hg_tensor* initial_weights;     /* ∂F/∂w_0, [R × P]. */
  const hg_tensor* const* slots;        /* [slot_count] ∂F/∂(a slot's start), [R × P] each, null where one is not wanted; or null. */
  const hg_tensor* const* coefficients; /* [coefficient_count] ∂F/∂c, [R × T × groups] each, null where one is not wanted; or null. */
  const hg_tensor* l2;                  /* ∂F/∂λ, [R × P]. */
  const hg_tensor* l1;                  /* ∂F/∂μ, [R × P]. */
  const hg_tensor* inputs;              /* ∂F/∂X, [R × examples × D]; tokens have none. */
  const hg_tensor* targets;             /* ∂F/∂Y, [R × examples × N]; class numbers have none. */
  const hg_tensor* example_weights;     /* ∂F/∂ω, [R × examples]. */

  const hg_tensor* final_weights;     /* w_T, [R × P]. */
  const hg_tensor* training_losses;   /* [R × T], penalties included. */
  const hg_tensor* validation_losses; /* F, [R]. */
  const hg_tensor* error_rates;       /* [R]: the part of the validation positions that is classified wrongly; NaN for the squared loss. */

  double validation_loss;              /* F, the mean over the replicas. */
  double bits_per_weight_step;         /* Reversible, here and below: bits spilled per weight and step, … */
  double resident_bits_per_weight;     /* … bits of the stores that stay in place beside them, … */
  double entropy_bits_per_weight_step; /* … and the mean of Σ log2(1/c), which no scheme can do without. */
  double adjoint_growth;       /* The largest ‖w̄_t‖ / ‖w̄_T‖ of about twenty on the way, the start among them; at least 1. */
  int32_t adjoint_growth_step; /* t, where it was; T where it never grew. */
  int32_t is_exact;            /* 1: all hashes and the whole start were compared on the way back, and were equal. */
  int32_t hashes_taken;        /* Steps at which the state's hash was taken on the way out. */
  int32_t hashes_met;          /* Those of them that were compared on the way back, and were equal. */
  int32_t fault;               /* hg_fault, of HG_DIVERGED, here and below; HG_NO_FAULT and −1 otherwise. */
  int32_t fault_step;          /* −1: not known, as no gradient of a coefficient was asked for, which would tell. */
  int32_t fault_parameter;     /* −1: none in particular. */
  int32_t fault_slot;          /* −1: the weights, or none in particular. */
} hg_hypergradient_result;

/* Trains from w_0, evaluates, and carries the adjoint back; everything is checked before the first step. On a device or on the host, as the
 * context is, in the run's precision; the context takes no other call meanwhile. Tensors on a device are of the context's device.
 *
 * HG_INVALID_ARGUMENT: the message names the quantity and the remedy. HG_DIVERGED: training diverged, or the hypergradient is not finite;
 * the result tells where. HG_INTERNAL: the state did not come back to what it was, which is a fault of the library or of the machine. The
 * tensors of the result are written when all of it is known, and left alone by a call that fails. */
HG_API hg_status hg_hypergradient_compute(hg_handle context, const hg_hypergradient_request* request, hg_hypergradient_result* result);

#ifdef __cplusplus
}
#endif

#endif
