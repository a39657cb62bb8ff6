// What lets one function be compiled for the host and for the device.
#pragma once

#include <cstdint>

#if defined(__CUDACC__)
#define HG_BOTH __host__ __device__
#else
#define HG_BOTH
#endif
