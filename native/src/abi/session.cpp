// Sessions, their passes and their bodies.
#include <set>

#include "abi/entry.h"
#include "runtime/blocks.h"
#include "runtime/structs.h"
#include "updates/pull_back.h"

using namespace hypergrad;

namespace {

template <class T>
std::shared_ptr<Session> open_session(const std::shared_ptr<Context>& context, const hg_session_description& description, hg_handle parent,
                                      hg_handle* handle) {
  const auto session = std::make_shared<SessionOf<T>>(context, description);
  HandleTable& table = HandleTable::instance();
  const hg_handle opened = table.insert(Kind::session, session, parent);
  session->weights_handle = table.insert(Kind::vector, session->weights, opened);
  for (const auto& slot : session->slots) session->slot_handles.push_back(table.insert(Kind::vector, slot, opened));
  session->gradient_handle = table.insert(Kind::vector, session->gradient, opened);
  *handle = opened;
  return session;
}

hg_status give_vector(hg_handle session, hg_handle* vector, hg_handle Session::*which) {
  return with_session(session, [&](Session& s) {
    require_pointer(vector, "vector");
    *vector = s.*which;
  });
}

// A dataset of the session, or one of its context that fits it.
std::shared_ptr<const ExampleTable> dataset_of(const Session& s, hg_handle session, hg_handle dataset) {
  if (dataset != 0 && HandleTable::instance().parent_of(dataset) == HandleTable::instance().parent_of(session)) {
    const auto shared = find_shared_examples(*s.context, dataset);
    s.require_fit(*shared);
    return shared;
  }
  return object_of<ExampleTable>(session, dataset, Kind::dataset, "dataset");
}

// An adjoint's vectors, which must be none of the session's own, and all different.
template <class T>
std::shared_ptr<Adjoint<T>> adjoint_of(const SessionOf<T>& s, hg_handle session, const hg_adjoint* pointer) {
  require_pointer(pointer, "adjoint");
  const hg_adjoint given = take_struct(pointer, "hg_adjoint");
  const int32_t slot_count = s.optimizer.slot_count(), coefficient_count = static_cast<int32_t>(s.optimizer.coefficients.size());
  require(given.slot_count == slot_count && given.coefficient_count == coefficient_count, "The adjoint has ", given.slot_count,
          " slots and ", given.coefficient_count, " coefficients; the optimizer has ", slot_count, " and ", coefficient_count, ".");
  if (slot_count > 0) require_pointer(given.slots, "slots");
  require_pointer(given.coefficients, "coefficients");
  std::vector<std::shared_ptr<Vector<T>>> all{vector_of(s, session, given.weights, "weights")};
  for (int32_t i = 0; i < slot_count; i++) all.push_back(vector_of(s, session, given.slots[i], "slots"));
  std::set<const Vector<T>*> taken{s.weights.get(), s.gradient.get()};
  for (const auto& slot : s.slots) taken.insert(slot.get());
  for (const auto& vector : all)
    require(taken.insert(vector.get()).second,
            "A vector of the adjoint is there twice, or is one of the session's own; give each part a vector of its own.");
  std::vector<std::shared_ptr<CoefficientVector>> tables;
  for (int32_t i = 0; i < coefficient_count; i++) {
    const hg_handle handle = given.coefficients[i];
    tables.push_back(handle == 0 ? nullptr : object_of<CoefficientVector>(session, handle, Kind::coefficient_vector, "coefficients"));
    require(handle == 0 || tables.back()->coefficient == i, "The table of coefficient ", i, " is of another coefficient.");
  }
  const auto weights = all.front();
  all.erase(all.begin());
  return std::make_shared<Adjoint<T>>(s, weights, all, tables);
}

}  // namespace

hg_status hg_session_create(hg_handle context, const hg_session_description* description, hg_handle* session) {
  return guarded([&] {
    require_pointer(description, "description");
    require_pointer(session, "session");
    const auto found = HandleTable::instance().find<Context>(context, Kind::context, "context");
    const ContextLock lock(*found);
    const BlockScope small_arrays(*found);
    const hg_session_description taken = with_dataset(*found, take_struct(description, "hg_session_description"));
    if (taken.precision == HG_DOUBLE)
      open_session<double>(found, taken, context, session);
    else
      open_session<float>(found, taken, context, session);
  });
}

hg_status hg_session_weight_count(hg_handle session, int32_t* count) {
  return with_session(session, [&](Session& s) {
    require_pointer(count, "count");
    *count = s.layout.weight_count;
  });
}

hg_status hg_session_weights(hg_handle session, hg_handle* vector) { return give_vector(session, vector, &Session::weights_handle); }

hg_status hg_session_slot(hg_handle session, int32_t slot, hg_handle* vector) {
  return with_session(session, [&](Session& s) {
    require_pointer(vector, "vector");
    require(slot >= 0 && slot < s.optimizer.slot_count(), "There are ", s.optimizer.slot_count(), " slots, numbered from 0; slot ", slot,
            " was asked for.");
    *vector = s.slot_handles[static_cast<size_t>(slot)];
  });
}

hg_status hg_session_gradient(hg_handle session, hg_handle* vector) { return give_vector(session, vector, &Session::gradient_handle); }

hg_status hg_session_fault(hg_handle session, int32_t* step, int32_t* parameter, int32_t* slot, int32_t* fault) {
  return with_session(session, [&](Session& s) {
    require_pointer(step, "step");
    require_pointer(parameter, "parameter");
    require_pointer(slot, "slot");
    require_pointer(fault, "fault");
    *step = s.fault_step;
    *parameter = s.fault_tensor;
    *slot = s.fault_slot;
    *fault = s.fault_reason;
  });
}

hg_status hg_session_synchronize(hg_handle session) {
  return with_session(session, [](Session& s) { s.synchronize(); });
}

hg_status hg_session_evaluate_gradient(hg_handle session, int32_t step) {
  return with_typed_session(session, [&](auto& s) { s.evaluate_gradient(step); });
}

hg_status hg_session_evaluate_tangent(hg_handle session, int32_t step, hg_handle direction, hg_handle product, hg_handle data) {
  return with_typed_session(session, [&](auto& s) {
    const auto u = vector_of(s, session, direction, "direction");
    const auto hu = vector_of(s, session, product, "product");
    const auto gathered = data == 0 ? nullptr : object_of<DataVector>(session, data, Kind::data_vector, "data");
    require(hu != u && hu != s.weights && hu != s.gradient,
            "The product is the direction, the weights or the gradient; give it a vector of its own.");
    s.evaluate_tangent(step, u, hu, gathered);
  });
}

hg_status hg_session_add_penalty_tangent(hg_handle session, hg_handle direction, hg_handle l2, hg_handle l1) {
  return with_typed_session(session, [&](auto& s) {
    const auto u = vector_of(s, session, direction, "direction");
    const auto to_l2 = optional_vector_of(s, session, l2, "l2"), to_l1 = optional_vector_of(s, session, l1, "l1");
    for (const auto& target : {to_l2, to_l1})
      require(target == nullptr || (target != u && target != s.weights),
              "l2 or l1 is the direction or the weights; give it a vector of its own.");
    require(to_l2 == nullptr || to_l2 != to_l1, "l2 and l1 are one vector; give each its own.");
    s.add_penalty_tangent(u, to_l2, to_l1);
  });
}

hg_status hg_session_advance(hg_handle session, int32_t step) {
  return with_typed_session(session, [&](auto& s) { s.advance(step); });
}

hg_status hg_session_pull_back_drifts(hg_handle session, int32_t step, const hg_adjoint* adjoint) {
  return with_typed_session(session, [&](auto& s) { pull_back_drifts(s, step, adjoint_of(s, session, adjoint)); });
}

hg_status hg_session_pull_back_kicks(hg_handle session, int32_t step, const hg_adjoint* adjoint, hg_handle direction, int32_t add) {
  return with_typed_session(session, [&](auto& s) {
    const auto of_state = adjoint_of(s, session, adjoint);
    const auto u = vector_of(s, session, direction, "direction");
    require(add == 0 || add == 1, "add is ", add, "; it must be 0 or 1.");
    require(!of_state->has(*u) && u != s.gradient, "The direction is the gradient or a vector of the adjoint; give it one of its own.");
    pull_back_kicks(s, step, of_state, u, add == 1);
  });
}

hg_status hg_session_pull_back_decays(hg_handle session, int32_t step, const hg_adjoint* adjoint) {
  return with_typed_session(session, [&](auto& s) { pull_back_decays(s, step, adjoint_of(s, session, adjoint)); });
}

hg_status hg_session_training_losses(hg_handle session, int32_t replica, double* losses) {
  return with_session(session, [&](Session& s) {
    require_pointer(losses, "losses");
    s.require_replica(replica);
    s.require_not_recording("Reading");
    s.context->copy_out(losses, s.training_losses.data() + static_cast<int64_t>(replica) * s.steps,
                        static_cast<size_t>(s.steps) * sizeof(double));
    s.synchronize();
  });
}

hg_status hg_session_minibatch(hg_handle session, int32_t step, int32_t replica, int32_t capacity, int32_t* examples, int32_t* size) {
  return with_typed_session(session, [&](auto& s) {
    require_pointer(size, "size");
    s.require_replica(replica);
    s.require_not_recording("Reading");
    require(step >= 0 && step < s.steps, "Step ", step, " was asked for; they go from 0 to ", s.steps - 1, ".");
    *size = s.host_plan.size(step);
    if (examples == nullptr) return;
    require(capacity >= *size, "Step ", step, " has ", *size, " examples; there is room for ", capacity, ".");
    s.read_minibatch(step, replica, examples);
  });
}

hg_status hg_dataset_create(hg_handle session, int32_t examples, const void* inputs, int32_t input_type, const void* targets,
                            int32_t target_type, int32_t has_class_targets, hg_handle* dataset) {
  return with_session(session, [&](Session& s) {
    require(has_class_targets == 0 || has_class_targets == 1, "has_class_targets is ", has_class_targets, "; it must be 0 or 1.");
    create_object(s, session, Kind::dataset, dataset, [&] {
      return std::make_shared<ExampleTable>(
          s.table_of_examples(examples, inputs, input_type, targets, target_type, has_class_targets == 1));
    });
  });
}

hg_status hg_shared_dataset_create(hg_handle context, int32_t examples, int32_t input_numbers, const void* inputs, int32_t input_type,
                                   int32_t target_numbers, const void* targets, int32_t target_type, int32_t has_class_targets,
                                   hg_handle* dataset) {
  return guarded([&] {
    require_pointer(dataset, "dataset");
    require(has_class_targets == 0 || has_class_targets == 1, "has_class_targets is ", has_class_targets, "; it must be 0 or 1.");
    const auto found = HandleTable::instance().find<Context>(context, Kind::context, "context");
    const ContextLock lock(*found);
    *dataset = HandleTable::instance().insert(
        Kind::dataset,
        shared_examples(found, examples, input_numbers, inputs, input_type, target_numbers, targets, target_type, has_class_targets == 1),
        context);
  });
}

hg_status hg_session_evaluate(hg_handle session, hg_handle dataset, hg_handle gradient, double* losses, double* error_rates) {
  return with_typed_session(session, [&](auto& s) {
    require_pointer(losses, "losses");
    require_pointer(error_rates, "error_rates");
    s.require_not_recording("An evaluation");
    const auto examples = dataset_of(s, session, dataset);
    const auto into = optional_vector_of(s, session, gradient, "gradient");
    require(into != s.weights, "The gradient is to go where the weights are; give it another vector.");
    s.evaluate(*examples, into.get(), losses, error_rates);
  });
}

hg_status hg_body_begin(hg_handle session) {
  return with_session(session, [](Session& s) { s.begin_body(); });
}

hg_status hg_body_end(hg_handle session, hg_handle* body) {
  return with_session(session, [&](Session& s) {
    require_pointer(body, "body");
    *body = HandleTable::instance().insert(Kind::body, s.end_body(), session);
  });
}

hg_status hg_body_cancel(hg_handle session) {
  return with_session(session, [](Session& s) { s.cancel_body(); });
}

hg_status hg_body_run(hg_handle session, hg_handle body, int32_t first, int32_t end, int32_t backward) {
  return with_session(session, [&](Session& s) {
    const auto found = object_of<Body>(session, body, Kind::body, "body");
    require(backward == 0 || backward == 1, "backward is ", backward, "; it must be 0 or 1.");
    s.run_body(*found, first, end, backward == 1);
  });
}
