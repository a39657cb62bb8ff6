// A whole hypergradient: training, the validation loss, the sweep back.
#pragma once

#include "hypergradients/request.h"

namespace hypergrad {

// Computes it on a context; the report's tensors are written, and its other fields filled in, those about a fault also when this fails.
void compute_hypergradient(const std::shared_ptr<Context>& context, const hg_hypergradient_request& request,
                           hg_hypergradient_result& report);

}  // namespace hypergrad
