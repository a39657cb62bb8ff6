/* A training run in plain numbers, from which a session is opened. */
#ifndef HYPERGRAD_DESCRIPTION_H
#define HYPERGRAD_DESCRIPTION_H

#include "hypergrad/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The floating-point type of vectors, passes and data. */
typedef enum hg_precision { HG_SINGLE = 0, HG_DOUBLE = 1 } hg_precision;

/* What a hidden unit does to its weighted input z: tanh z; max(z, 0); 1/(1 + e^−z); log(1 + e^z); z Φ(z), exact; z. */
typedef enum hg_activation { HG_TANH = 0, HG_RELU = 1, HG_SIGMOID = 2, HG_SOFTPLUS = 3, HG_GELU = 4, HG_IDENTITY = 5 } hg_activation;

/* The loss of one example: −Σ y_c log softmax(f)_c in nats, or ½‖f − y‖². */
typedef enum hg_loss { HG_SOFTMAX_CROSS_ENTROPY = 0, HG_SQUARED = 1 } hg_loss;

/* How minibatches are chosen; the numbers are those of Hypergrad.Data.MinibatchPlan. */
typedef enum hg_sampling {
  HG_EXPLICIT_BATCHES = 0, /* batch_offsets and batch_examples, the same for every replica. */
  HG_WITH_REPLACEMENT = 1, /* batch_size examples drawn with Philox stream replica · 2³² + 2 of the seed. */
  HG_SHUFFLED = 2,         /* Epoch after epoch in the order of keyed permutations of stream replica · 2³² + 4. */
  HG_FULL_BATCH = 3        /* Every example at every step. */
} hg_sampling;

/* A coefficient that changes with the step and the group of a weight: α_t; γ_t; 1 − γ_t, γ being the ratio n/65536. */
typedef enum hg_coefficient { HG_LEARNING_RATE = 0, HG_MOMENTUM = 1, HG_MOMENTUM_COMPLEMENT = 2 } hg_coefficient;

/* How the weights of one tensor fall into groups: weight i of the tensor belongs to group first + (i / divisor) mod period.
 * period · divisor divides the number of weights of the tensor. */
typedef struct hg_group_pattern {
  int32_t first;   /* At least 0; first + period is at most the number of groups. */
  int32_t period;  /* At least 1. */
  int32_t divisor; /* At least 1. */
} hg_group_pattern;

/* One elementary training. Everything is copied; nothing is kept of the pointers. The tensors are W1, b1, W2, b2, …: per layer W, row-major
 * [inputs × outputs], then b; P is the number of all weights together. */
typedef struct hg_session_description {
  const int32_t* layers;         /* [layer_count] sizes, input D first and output C last, each at least 1. */
  const void* inputs;            /* [examples × D], of input_type, finite. */
  const void* targets;           /* [examples × C], of target_type, finite. */
  const double* example_weights; /* [examples] ω, finite; null: every example counts 1. */
  const int64_t* batch_offsets;  /* [steps + 1], explicit batches: step t has entries offsets[t] … offsets[t + 1] − 1, at least one. */
  const int32_t* batch_examples; /* [offsets[steps]] example numbers, repeats allowed. */
  const hg_group_pattern* learning_rate_patterns; /* [2 (layer_count − 1)], one per tensor. */
  const hg_group_pattern* momentum_patterns;      /* [2 (layer_count − 1)], one per tensor. */
  const double* learning_rates;                   /* [steps × learning_rate_groups] α, finite. */
  const double* momenta;                          /* [steps × momentum_groups] γ, in [0, 1]; rounded to n/65536. */
  const double* l2;                               /* [P] λ, finite; null for none. */
  const double* l1;                               /* [P] μ, finite; null for none. */
  uint64_t seed;                                  /* Of minibatches that are drawn. */
  int32_t layer_count;                            /* At least 2. */
  int32_t activation;                             /* hg_activation. */
  int32_t loss;                                   /* hg_loss. */
  int32_t precision;                              /* hg_precision. */
  int32_t input_type;                             /* hg_precision of inputs. */
  int32_t target_type;                            /* hg_precision of targets. */
  int32_t examples;                               /* At least 1. */
  int32_t sampling;                               /* hg_sampling. */
  int32_t batch_size;                             /* At least 1 where batches are drawn; otherwise not looked at. */
  int32_t steps;                                  /* T, at least 1. */
  int32_t learning_rate_groups;                   /* At least 1. */
  int32_t momentum_groups;                        /* At least 1. */
  int32_t replicas;                               /* R, at least 1: runs side by side, all state is [R × …]. */
  int32_t allow_tf32;                             /* 1: products of floats may use TF32 on the device. Otherwise 0. */
} hg_session_description;

#ifdef __cplusplus
}
#endif

#endif
