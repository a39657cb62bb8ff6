// Whole hypergradients.
#include "hypergradients/hypergradient.h"

#include "abi/entry.h"
#include "runtime/structs.h"

using namespace hypergrad;

namespace {

// The result with the caller's tensors and nothing else.
hg_hypergradient_result with_tensors_alone(hg_hypergradient_result result) {
  result.validation_loss = result.bits_per_weight_step = result.resident_bits_per_weight = result.entropy_bits_per_weight_step = 0;
  result.adjoint_growth = 0;
  result.adjoint_growth_step = result.is_exact = result.hashes_taken = result.hashes_met = 0;
  result.fault = HG_NO_FAULT;
  result.fault_step = result.fault_parameter = result.fault_slot = -1;
  return result;
}

}  // namespace

hg_status hg_hypergradient_compute(hg_handle context, const hg_hypergradient_request* request, hg_hypergradient_result* result) {
  return guarded([&] {
    require_pointer(request, "request");
    require_pointer(result, "result");
    const hg_hypergradient_request asked = take_struct(request, "hg_hypergradient_request");
    hg_hypergradient_result report = with_tensors_alone(take_struct(result, "hg_hypergradient_result"));
    const auto found = HandleTable::instance().find<Context>(context, Kind::context, "context");
    const ContextLock lock(*found);
    try {
      compute_hypergradient(found, asked, report);
    } catch (...) {
      give_struct(report, result);
      throw;
    }
    give_struct(report, result);
  });
}
