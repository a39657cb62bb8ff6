/* Numbers of a caller, where they are and as they are: DLPack's tensors. */
#ifndef HYPERGRAD_TENSOR_H
#define HYPERGRAD_TENSOR_H

#include "hypergrad/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Where a tensor's memory is; DLPack's numbers. */
typedef enum hg_tensor_device {
  HG_TENSOR_CPU = 1,          /* This program's memory. */
  HG_TENSOR_CUDA = 2,         /* A CUDA device's. */
  HG_TENSOR_CUDA_HOST = 3,    /* Pinned memory of this program. */
  HG_TENSOR_CUDA_MANAGED = 13 /* CUDA's managed memory. */
} hg_tensor_device;

/* What a tensor's numbers are; DLPack's numbers. */
typedef enum hg_tensor_code {
  HG_TENSOR_INTEGER = 0,  /* Of 8, 16, 32 or 64 bits. */
  HG_TENSOR_UNSIGNED = 1, /* Of 8, 16, 32 or 64 bits. */
  HG_TENSOR_FLOAT = 2     /* Of 32 or 64 bits. */
} hg_tensor_code;

/* A tensor. It has the layout of DLPack's DLTensor, so that the address of one, or of a DLManagedTensor, which begins with one, is that of
 * an hg_tensor; and like a DLTensor it does not begin with its size. The library reads tensors that are packed, row-major and aligned to
 * their numbers, and keeps nothing of them after the call. On a device the memory is read and written in the order of the context's stream:
 * what fills it must be done, or ordered before. */
typedef struct hg_tensor {
  void* data;             /* Of the tensor's device. */
  int32_t device_type;    /* hg_tensor_device. */
  int32_t device_id;      /* Which one, from 0. */
  int32_t dimensions;     /* At least 0. */
  uint8_t code;           /* hg_tensor_code. */
  uint8_t bits;           /* Of a number. */
  uint16_t lanes;         /* 1. */
  const int64_t* shape;   /* [dimensions]. */
  const int64_t* strides; /* [dimensions], in numbers; null: packed and row-major. */
  uint64_t byte_offset;   /* From data to the first number. */
} hg_tensor;

#ifdef __cplusplus
}
#endif

#endif
