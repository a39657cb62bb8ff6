/* Devices, and contexts: where sessions compute. */
#ifndef HYPERGRAD_CONTEXT_H
#define HYPERGRAD_CONTEXT_H

#include "hypergrad/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A CUDA device. */
typedef struct hg_device_properties {
  int32_t struct_size;     /* sizeof(hg_device_properties), set by the caller. */
  char name[256];          /* UTF-8, ends with a zero. */
  int64_t total_memory;    /* Bytes. */
  int64_t free_memory;     /* Bytes; −1: not known, as asking for it takes a context on the device. */
  int32_t major;           /* Compute capability, such as 9 of 9.0. */
  int32_t minor;           /* Compute capability, such as 0 of 9.0. */
  int32_t multiprocessors; /* How many. */
  int32_t driver_version;  /* The newest CUDA that the driver supports: 1000 major + 10 minor. */
  int32_t runtime_version; /* The CUDA runtime that the library was built with, likewise. */
  int32_t usable;          /* 1 when the library can compute on it; 0 when not, and hg_last_error then says why. */
  int32_t blas_version;    /* The cuBLAS that multiplies, likewise: 11.x, 12.x or 13.x; 0: none was found. */
} hg_device_properties;

/* The number of CUDA devices: 0 without CUDA in the build, a driver or a device. It never fails for their absence; hg_last_error then says
 * why. */
HG_API hg_status hg_device_count(int32_t* count);

/* The properties of device number 0 … count − 1; no context is made on it. HG_UNSUPPORTED: there is no CUDA here. */
HG_API hg_status hg_device_query(int32_t device, hg_device_properties* properties);

/* A context on a CUDA device: its stream, its cuBLAS handle and workspace. HG_UNSUPPORTED: there is no CUDA here. */
HG_API hg_status hg_context_create_device(int32_t device, hg_handle* context);

/* A context over what a program has already: a driver context (CUcontext) of the device, a stream of that (CUstream, the same as a
 * cudaStream_t), a cuBLAS handle (cublasHandle_t) of it. Null: the device's primary context; a stream of our own; a cuBLAS handle of our
 * own. Nothing adopted is destroyed with the context; all of it must outlive the context. While a call of ours runs, the driver context is
 * the thread's current one; afterwards the one before is again. Work of the program on the stream falls in line with ours; during a call of
 * ours the program must leave stream and handle alone, as running a body captures the stream. An adopted handle's stream, pointer mode,
 * math mode and atomics mode are put back at the end of a call; its workspace is then cuBLAS's own, as cuBLAS does not tell what it was.
 * HG_INVALID_ARGUMENT: no such device, the driver context is not of it, the stream is not of the driver context, is being captured, or
 * is one of CUDA's default streams, the handle is of another major of cuBLAS than the one that the library took. That is told as far as it
 * can be: a cuBLAS that the program has loaded already is taken before another, and where the library had to load one itself while the
 * program has another major, the handle is of that one. HG_UNSUPPORTED: there is no CUDA here. */
HG_API hg_status hg_context_adopt_device(int32_t device, void* driver_context, void* stream, void* blas_handle, hg_handle* context);

/* A context on this machine's processor. */
HG_API hg_status hg_context_create_host(hg_handle* context);

/* 1 when the context is on a CUDA device, 0 on the host. */
HG_API hg_status hg_context_is_device(hg_handle context, int32_t* is_device);

/* The context's stream (cudaStream_t, the same as a CUstream), for ordering other work after ours. HG_UNSUPPORTED: a host context. */
HG_API hg_status hg_context_stream(hg_handle context, void** stream);

/* How matrices are multiplied here, for people: "cuBLAS 12.4", "CBLAS", "blocked loops". A constant string. */
HG_API hg_status hg_context_products(hg_handle context, const char** description);

/* Waits for everything queued. */
HG_API hg_status hg_context_synchronize(hg_handle context);

#ifdef __cplusplus
}
#endif

#endif
