// The table of operations, by hg_operation_kind.
#include "operations/registry.h"

namespace hypergrad {

#define HG_OPERATION(kind, operation) extern const OperationKind operation_##operation;
#include "operations/kinds.inc"
#undef HG_OPERATION

namespace {

const OperationKind* const kinds[] = {
#define HG_OPERATION(kind, operation) &operation_##operation,
#include "operations/kinds.inc"
#undef HG_OPERATION
};

constexpr int32_t kind_count = sizeof kinds / sizeof *kinds;

// Every kind stands at its number.
constexpr bool are_in_order() {
  int32_t next = 0;
  bool in_order = true;
#define HG_OPERATION(kind, operation) in_order = in_order && kind == next++;
#include "operations/kinds.inc"
#undef HG_OPERATION
  return in_order && next == kind_count;
}

static_assert(are_in_order(), "kinds.inc lists the operations in the order of hg_operation_kind");

}  // namespace

int32_t count_operation_kinds() { return kind_count; }

const OperationKind& kind_of_operation(int32_t kind) { return *kinds[kind]; }

}  // namespace hypergrad
