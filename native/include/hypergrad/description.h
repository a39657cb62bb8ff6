/* A training run in plain numbers, from which a session is opened. */
#ifndef HYPERGRAD_DESCRIPTION_H
#define HYPERGRAD_DESCRIPTION_H

#include "hypergrad/optimizer.h"
#include "hypergrad/program.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The floating-point type of vectors, passes and data. */
typedef enum hg_precision { HG_SINGLE = 0, HG_DOUBLE = 1 } hg_precision;

/* The loss at one position of an example, a row of C outputs: −Σ y_c log softmax(f)_c in nats, or ½‖f − y‖². That of an example is the mean
 * over its positions. */
typedef enum hg_loss { HG_SOFTMAX_CROSS_ENTROPY = 0, HG_SQUARED = 1 } hg_loss;

/* How minibatches are chosen; the numbers are those of Hypergrad.Data.MinibatchPlan. */
typedef enum hg_sampling {
  HG_EXPLICIT_BATCHES = 0, /* batch_offsets and batch_examples, the same for every replica. */
  HG_WITH_REPLACEMENT = 1, /* batch_size examples drawn with Philox stream replica · 2³² + 2 of the seed. */
  HG_SHUFFLED = 2,         /* Epoch after epoch in the order of keyed permutations of stream replica · 2³² + 4. */
  HG_FULL_BATCH = 3        /* Every example at every step. */
} hg_sampling;

/* Which products of floats may use TF32 on a device, with 10 bits of mantissa in place of 23. */
typedef enum hg_tf32 {
  HG_TF32_NOWHERE = 0,
  HG_TF32_EVERYWHERE = 1, /* In the gradient, in its tangent and in the evaluation. */
  HG_TF32_IN_TANGENTS = 2 /* In the gradient's tangent alone: training is that without TF32, to the bit, and so is what is reversed. */
} hg_tf32;

/* One elementary training. Everything is copied; nothing is kept of the pointers. P is the number of all weights together: the parameters
 * one after the other, each row-major. The program's value 0 has D numbers an example; its output has N, positions of C each. */
typedef struct hg_session_description {
  int64_t struct_size; /* sizeof(hg_session_description). */

  const hg_value* values;             /* [value_count]. */
  const hg_parameter* parameters;     /* [parameter_count]. */
  const hg_operation* operations;     /* [operation_count]. */
  const hg_slot* slots;               /* [slot_count]; null where there are none. */
  const hg_coefficient* coefficients; /* [coefficient_count]. */
  const hg_update* updates;           /* [update_count]. */

  const void* inputs;            /* [examples × D], of input_type: finite, or with a vocabulary whole numbers below it. */
  const void* targets;           /* [examples × N], of target_type, finite; with class targets [examples × N/C] whole numbers below C. */
  const double* example_weights; /* [examples] ω, finite; null: every example counts 1. */
  const int64_t* batch_offsets;  /* [steps + 1], explicit batches: step t has entries offsets[t] … offsets[t + 1] − 1, at least one. */
  const int32_t* batch_examples; /* [offsets[steps]] example numbers, repeats allowed. */
  const double* l2;              /* [P] λ, finite; null for none. */
  const double* l1;              /* [P] μ, finite; null for none. */
  uint64_t seed;                 /* Of minibatches that are drawn. */
  uint64_t dropout_seed;         /* Of dropout masks. */

  int32_t value_count;       /* At least 2. */
  int32_t parameter_count;   /* At least 1. */
  int32_t operation_count;   /* At least 1. */
  int32_t slot_count;        /* At least 0. */
  int32_t coefficient_count; /* At least 1. */
  int32_t update_count;      /* At least 1. */
  int32_t output;            /* The value that the loss reads. */
  int32_t outputs;           /* C, which divides the output's numbers. */
  int32_t vocabulary;        /* How many tokens there are, at most 2²⁴; 0 where the inputs are numbers. */
  int32_t has_class_targets; /* 1: the targets are class numbers; softmax cross-entropy alone. Otherwise 0. */
  int32_t loss;              /* hg_loss. */
  int32_t precision;         /* hg_precision. */
  int32_t input_type;        /* hg_precision of inputs. */
  int32_t target_type;       /* hg_precision of targets. */
  int32_t examples;          /* At least 1. */
  int32_t sampling;          /* hg_sampling. */
  int32_t batch_size;        /* At least 1 where batches are drawn; otherwise ignored. */
  int32_t steps;             /* T, at least 1. */
  int32_t replicas;          /* R, at least 1: runs side by side, all state is [R × …]. */
  int32_t allow_tf32;        /* hg_tf32. */

  hg_handle dataset; /* The training examples: a dataset of the context (hg_shared_dataset_create); 0: inputs and targets have them. With
                      * one inputs, targets, examples and their types are not read. */
} hg_session_description;

#ifdef __cplusplus
}
#endif

#endif
