/* A network as a program: operations in the order in which they are done, on values and parameters. */
#ifndef HYPERGRAD_PROGRAM_H
#define HYPERGRAD_PROGRAM_H

#include "hypergrad/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* φ(z): tanh z; max(z, 0); 1/(1 + e^−z); log(1 + e^z); z Φ(z), exact; z. */
typedef enum hg_activation { HG_TANH = 0, HG_RELU = 1, HG_SIGMOID = 2, HG_SOFTPLUS = 3, HG_GELU = 4, HG_IDENTITY = 5 } hg_activation;

/* What an operation does; below, the fields of hg_operation that it reads beside input and output. */
typedef enum hg_operation_kind {
  HG_AFFINE = 0,          /* out = φ(aW + b), row by row: first W [inputs × outputs], second b, activation, window (0: no patches). */
  HG_ACTIVATE = 1,        /* out = φ(a): activation. */
  HG_POOL = 2,            /* The largest number (is_maximum 1; the first of equals, row by row) or the mean of each window. */
  HG_ADD = 3,             /* out = a + b: other. */
  HG_ADD_PARAMETER = 4,   /* out = a + p for every example: first. */
  HG_NORMALIZE = 5,       /* scale ∘ (a − mean)/√(variance + 1e-5) + shift: first, second, positions, groups. */
  HG_EMBED = 6,           /* The rows of a table that tokens name; it reads value 0: first [vocabulary × width]. */
  HG_BATCHED_PRODUCT = 7, /* out_h = s A_h B_h, or s A_h B_hᵀ: other, heads, rows, columns, depth, strides, is_transposed, factor. */
  HG_ROW_SOFTMAX = 8,     /* Softmax of rows: columns; is_causal 1: row i of each rows × rows matrix sees its first i + 1 numbers. */
  HG_DROP_UNITS = 9       /* mask ∘ a / (1 − rate) in training, a otherwise: rate, ordinal. */
} hg_operation_kind;

/* How windows lie on images [height × width × channels]: those of a convolution or a pooling. */
typedef struct hg_window {
  int32_t struct_size; /* sizeof(hg_window). */
  int32_t input_height;
  int32_t input_width;
  int32_t channels;
  int32_t kernel_height;
  int32_t kernel_width;
  int32_t stride_height;
  int32_t stride_width;
  int32_t padding_height; /* Rows of zeros above and below; 0 for a pooling. */
  int32_t padding_width;
} hg_window;

/* What an operation reads or writes: [batch × numbers]. */
typedef struct hg_value {
  int32_t struct_size; /* sizeof(hg_value). */
  int32_t numbers;     /* Of one example, at least 1. */
} hg_value;

/* A tensor of weights. */
typedef struct hg_parameter {
  int32_t struct_size; /* sizeof(hg_parameter). */
  int32_t rows;        /* At least 1. */
  int32_t columns;     /* At least 1. */
  int32_t reserved;    /* 0. */
  const char* name;    /* UTF-8, for messages; null for "tensor <number>". */
} hg_parameter;

/* One operation. Fields that its kind does not read are not checked. Values are read after they were written, and written once; value 0 is
 * the input of the network. */
typedef struct hg_operation {
  int32_t struct_size;     /* sizeof(hg_operation). */
  int32_t kind;            /* hg_operation_kind. */
  int32_t input;           /* Value. */
  int32_t other;           /* Value: a second input. */
  int32_t output;          /* Value. */
  int32_t first;           /* Parameter. */
  int32_t second;          /* Parameter. */
  int32_t activation;      /* hg_activation. */
  int32_t is_maximum;      /* 0 or 1. */
  int32_t is_transposed;   /* 0 or 1. */
  int32_t is_causal;       /* 0 or 1. */
  int32_t positions;       /* Positions that share a mean: 1, or the pixels. */
  int32_t groups;          /* Groups of channels, each of its own mean. */
  int32_t heads;           /* Products per example. */
  int32_t rows;            /* Of the result, or of each matrix of a softmax. */
  int32_t columns;         /* Of the result, or of a softmax. */
  int32_t depth;           /* The length of the product's sums. */
  int32_t left_row_stride; /* Within one example's numbers: from row to row of A_h, and from A_h to A_{h+1}; likewise B and the result. */
  int32_t left_head_stride;
  int32_t right_row_stride;
  int32_t right_head_stride;
  int32_t result_row_stride;
  int32_t result_head_stride;
  int32_t ordinal;         /* Which dropout of the program, from 0: masks of Philox stream replica · 2³² + 2¹⁶ + ordinal. */
  double factor;           /* s. */
  double rate;             /* The part that becomes 0, at least 0 and below 1. */
  const hg_window* window; /* Or null. */
} hg_operation;

#ifdef __cplusplus
}
#endif

#endif
