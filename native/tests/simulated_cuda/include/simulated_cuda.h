// What a test may ask of the simulated devices beyond CUDA's own calls. See README.md here.
#pragma once

#include <cstdint>

#if defined(__GNUC__)
#define SIMULATED_CUDA_EXPORT __attribute__((visibility("default")))
#else
#define SIMULATED_CUDA_EXPORT
#endif

extern "C" {

// The allocation after `successes` more fails, once; −1: none fails.
SIMULATED_CUDA_EXPORT void simulated_cuda_fail_allocation(int64_t successes);

// How many allocations there are now, streams, cuBLAS handles, graphs and executable graphs included; primary contexts that are retained
// too.
SIMULATED_CUDA_EXPORT int64_t simulated_cuda_live_objects();

// How many devices have a primary context, which each gets when it is first asked for something that takes one, and keeps.
SIMULATED_CUDA_EXPORT int64_t simulated_cuda_primary_contexts();

// How deep this thread's stack of driver contexts is.
SIMULATED_CUDA_EXPORT int64_t simulated_cuda_context_depth();

// What was done since the program began.
SIMULATED_CUDA_EXPORT int64_t simulated_cuda_kernels_run();
SIMULATED_CUDA_EXPORT int64_t simulated_cuda_graphs_launched();
SIMULATED_CUDA_EXPORT int64_t simulated_cuda_synchronizations();

// How many operations the graph has that was made last, and how many of them at most come one after the other.
SIMULATED_CUDA_EXPORT int64_t simulated_cuda_graph_operations();
SIMULATED_CUDA_EXPORT int64_t simulated_cuda_graph_depth();

// Makes a second driver context on a device and a stream of it, and a cuBLAS handle, as a program that lends them has; and destroys them.
SIMULATED_CUDA_EXPORT void* simulated_cuda_make_context(int32_t device);
SIMULATED_CUDA_EXPORT void* simulated_cuda_make_stream(void* context);
SIMULATED_CUDA_EXPORT void* simulated_cuda_make_blas(void* context);
SIMULATED_CUDA_EXPORT void simulated_cuda_set_blas_version(void* blas, int32_t version);  // as one of another library says it
SIMULATED_CUDA_EXPORT int32_t simulated_cuda_atomics_allowed(void* blas);                 // as they are when it is made
SIMULATED_CUDA_EXPORT void simulated_cuda_destroy(void* context, void* stream, void* blas);
}
