// What the rest of the library knows of an operation. Its file defines it, what must fit and the four passes in both precisions, and
// kinds.inc lists it.
#pragma once

#include <memory>
#include <type_traits>

#include "operations/checks.h"
#include "operations/operation.h"

namespace hypergrad {

struct OperationKind {
  const char* name;                      // for messages
  void (*check)(const OperationCheck&);  // refuses what does not fit, and notes what it reads
  MakeOperation<float> make_single;
  MakeOperation<double> make_double;

  template <class T>
  std::unique_ptr<Operation<T>> make(const OperationParts<T>& parts) const {
    if constexpr (std::is_same_v<T, float>)
      return make_single(parts);
    else
      return make_double(parts);
  }
};

// How many kinds there are, by hg_operation_kind from 0.
int32_t count_operation_kinds();
const OperationKind& kind_of_operation(int32_t kind);

template <class Class, class T>
std::unique_ptr<Operation<T>> make_operation(const OperationParts<T>& parts) {
  return std::make_unique<Class>(parts);
}

// Defines the operation of a file, which has a function `check` and a class template of the passes.
#define HG_DEFINE_OPERATION(operation, name, Class) \
  extern const OperationKind operation_##operation; \
  const OperationKind operation_##operation{name, check, make_operation<Class<float>, float>, make_operation<Class<double>, double>};

}  // namespace hypergrad
