// Where kernels note that training diverged. The earliest step wins, then the first tensor: the same whoever is first to notice.
#pragma once

#include "arithmetic/platform.h"

namespace hypergrad {

// What can go wrong, in the numbers of hg_fault.
enum Fault : int32_t { no_fault = 0, gradient_fault = 1, slot_fault = 2, weight_fault = 3, float_fault = 4 };

struct FaultNote {
  uint64_t* worst;  // 0 while there is none, otherwise all ones minus (step, tensor, slot, reason)

  // The slot is that of a slot_fault or float_fault, from 0 to 30.
  HG_BOTH void report(int32_t step, int32_t tensor, Fault reason, int32_t slot = 31) const {
    const uint64_t key =
        ~(static_cast<uint64_t>(static_cast<uint32_t>(step)) << 32 | static_cast<uint64_t>(static_cast<uint32_t>(tensor)) << 8 |
          static_cast<uint64_t>(slot & 31) << 3 | static_cast<uint64_t>(reason));
#if defined(__CUDA_ARCH__)
    atomicMax(reinterpret_cast<unsigned long long*>(worst), static_cast<unsigned long long>(key));
#else
    if (key > *worst) *worst = key;
#endif
  }
};

}  // namespace hypergrad
