/* Status codes, handles, errors and what the library says about itself. */
#ifndef HYPERGRAD_BASE_H
#define HYPERGRAD_BASE_H

#include <stdint.h>

#if defined(HYPERGRAD_BINDINGS)
#define HG_API
#elif defined(_WIN32)
#if defined(HYPERGRAD_BUILDING)
#define HG_API __declspec(dllexport)
#else
#define HG_API __declspec(dllimport)
#endif
#else
#define HG_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Counts up with every change that an older caller could not live with. A caller refuses a library whose number is not its own. */
#define HG_ABI_VERSION 2

/* What came of a call. */
typedef enum hg_status {
  HG_OK = 0,
  HG_NULL_ARGUMENT = 1,    /* A pointer or handle that is needed is null. */
  HG_INVALID_ARGUMENT = 2, /* A number out of its range, or arguments that do not fit each other. */
  HG_INVALID_HANDLE = 3,   /* No such object, one destroyed before, or one of another kind or session. */
  HG_WRONG_ORDER = 4,      /* The call makes sense only before or after another one. */
  HG_OUT_OF_MEMORY = 5,
  HG_DIVERGED = 6,     /* Training diverged; hg_session_fault tells where. */
  HG_DEVICE_ERROR = 7, /* CUDA or cuBLAS failed. */
  HG_UNSUPPORTED = 8,  /* This build or machine cannot do it, such as CUDA where there is none. */
  HG_INTERNAL = 9      /* A fault of the library. */
} hg_status;

/* Any object. 0 is none. Structs begin with their size, which the caller sets and the library checks. */
typedef uint64_t hg_handle;

/* The library's version, such as "0.1.0": a constant string. */
HG_API const char* hg_version(void);

/* HG_ABI_VERSION of the library that was loaded. */
HG_API int32_t hg_abi_version(void);

/* 1 when the library was built with CUDA, otherwise 0. */
HG_API int32_t hg_has_cuda(void);

/* What was wrong with the latest call of this thread that did not return HG_OK: UTF-8, never null, valid until the thread's next call. */
HG_API const char* hg_last_error(void);

/* Destroys an object. A session takes what was made from it along. Refused: a context with sessions (HG_WRONG_ORDER); a session's own
 * weights, slots and gradient (HG_INVALID_ARGUMENT); 0 (HG_NULL_ARGUMENT); a handle destroyed before (HG_INVALID_HANDLE). */
HG_API hg_status hg_destroy(hg_handle object);

/* Bytes of all arrays alive in all contexts, on the device or, for host contexts, in memory. 0 once everything is destroyed. */
HG_API hg_status hg_live_bytes(int64_t* bytes);

/* For a test of bindings: the size of a struct (field null), or where a field begins, in bytes. HG_INVALID_ARGUMENT: no such struct or
 * field. */
HG_API hg_status hg_layout(const char* structure, const char* field, int64_t* bytes);

/* For a test of bindings: the name of entry point number index, from 0. HG_INVALID_ARGUMENT beyond the last one. */
HG_API hg_status hg_entry_point(int32_t index, const char** name);

#ifdef __cplusplus
}
#endif

#endif
