/* An optimizer as a list of updates, over slots and with coefficients. */
#ifndef HYPERGRAD_OPTIMIZER_H
#define HYPERGRAD_OPTIMIZER_H

#include "hypergrad/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How the weights of one tensor fall into groups: weight i of the tensor belongs to group first + (i / divisor) mod period.
 * period · divisor divides the number of weights of the tensor. */
typedef struct hg_group_pattern {
  int32_t struct_size; /* sizeof(hg_group_pattern). */
  int32_t first;       /* At least 0; first + period is at most the number of groups. */
  int32_t period;      /* At least 1. */
  int32_t divisor;     /* At least 1. */
} hg_group_pattern;

/* One number per weight beside the weights. */
typedef struct hg_slot {
  int32_t struct_size;      /* sizeof(hg_slot). */
  int32_t is_second_moment; /* 1: a mean of squares, never negative, of 96 fractional bits in the exact arithmetic. Otherwise 0. */
  const char* name;         /* UTF-8, for messages, such as "velocity"; null for "slot <number>". */
} hg_slot;

/* A number for each step and group of weights. */
typedef struct hg_coefficient {
  int32_t struct_size;              /* sizeof(hg_coefficient). */
  int32_t groups;                   /* At least 1. */
  const hg_group_pattern* patterns; /* [parameters]. */
  const double* values;             /* [steps × groups], finite. */
  const int32_t* numerators;        /* [steps × groups] n, from 0 to d, for the coefficient of a decay; null for others. */
  const int32_t* denominators;      /* [steps × groups] d, from 1 to 2²²; null with numerators. */
  const char* name;                 /* UTF-8, for messages, such as "learning rate"; null for "coefficient <number>". */
} hg_coefficient;

/* x ← c·x; x ← x + c·φ(g); w ← w + a·ψ(slots). */
typedef enum hg_update_kind { HG_DECAY = 0, HG_KICK = 1, HG_DRIFT = 2 } hg_update_kind;

/* φ: g, or g². */
typedef enum hg_gradient_function { HG_GRADIENT = 0, HG_SQUARE = 1 } hg_gradient_function;

/* ψ: a slot; (m/b₁)/(√(s/b₂) + ε). */
typedef enum hg_direction { HG_SLOT_DIRECTION = 0, HG_ADAM_DIRECTION = 1 } hg_direction;

/* One update of a step. A slot's decays come before its kicks, the weights' decays before drifts, kicks of slots before drifts. A second
 * moment is kicked by squares, with a coefficient of at least 0, and nothing else is. */
typedef struct hg_update {
  int32_t struct_size;       /* sizeof(hg_update). */
  int32_t kind;              /* hg_update_kind. */
  int32_t target;            /* What a decay or kick moves: a slot, or −1 for the weights. */
  int32_t coefficient;       /* c or a. */
  int32_t function;          /* hg_gradient_function, of a kick. */
  int32_t direction;         /* hg_direction, of a drift. */
  int32_t slot;              /* The slot of a drift; m of Adam's. */
  int32_t second_slot;       /* s of Adam's direction. */
  int32_t correction;        /* The coefficient b₁ of Adam's direction, here and below. */
  int32_t second_correction; /* b₂. */
  int32_t epsilon;           /* ε. */
  int32_t reserved;          /* 0. */
} hg_update;

/* The adjoint of the optimizer's state, and where the gradients of its coefficients are gathered. */
typedef struct hg_adjoint {
  int32_t struct_size;           /* sizeof(hg_adjoint). */
  int32_t slot_count;            /* As many as the session has. */
  int32_t coefficient_count;     /* As many as the session has. */
  int32_t reserved;              /* 0. */
  hg_handle weights;             /* w̄, a vector. */
  const hg_handle* slots;        /* [slot_count] x̄, vectors, all different. */
  const hg_handle* coefficients; /* [coefficient_count] c̄, coefficient vectors; 0 where one is not wanted. */
} hg_adjoint;

#ifdef __cplusplus
}
#endif

#endif
