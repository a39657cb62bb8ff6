// Sessions, their passes and their bodies.
#include "abi/entry.h"

using namespace hypergrad;

namespace {

template <class T>
std::shared_ptr<Session> open_session(const std::shared_ptr<Context>& context, const hg_session_description& description, hg_handle parent,
                                      hg_handle* handle) {
  const auto session = std::make_shared<SessionOf<T>>(context, description);
  HandleTable& table = HandleTable::instance();
  const hg_handle opened = table.insert(Kind::session, session, parent);
  session->weights_handle = table.insert(Kind::vector, session->weights, opened);
  session->velocity_handle = table.insert(Kind::vector, session->velocity, opened);
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

}  // namespace

hg_status hg_session_create(hg_handle context, const hg_session_description* description, hg_handle* session) {
  return guarded([&] {
    require_pointer(description, "description");
    require_pointer(session, "session");
    const auto found = HandleTable::instance().find<Context>(context, Kind::context, "context");
    const ContextLock lock(*found);
    if (description->precision == HG_DOUBLE)
      open_session<double>(found, *description, context, session);
    else
      open_session<float>(found, *description, context, session);
  });
}

hg_status hg_session_weight_count(hg_handle session, int32_t* count) {
  return with_session(session, [&](Session& s) {
    require_pointer(count, "count");
    *count = s.layout.weight_count;
  });
}

hg_status hg_session_weights(hg_handle session, hg_handle* vector) { return give_vector(session, vector, &Session::weights_handle); }

hg_status hg_session_velocity(hg_handle session, hg_handle* vector) { return give_vector(session, vector, &Session::velocity_handle); }

hg_status hg_session_gradient(hg_handle session, hg_handle* vector) { return give_vector(session, vector, &Session::gradient_handle); }

hg_status hg_session_fault(hg_handle session, int32_t* step, int32_t* tensor, int32_t* fault) {
  return with_session(session, [&](Session& s) {
    require_pointer(step, "step");
    require_pointer(tensor, "tensor");
    require_pointer(fault, "fault");
    *step = s.fault_step;
    *tensor = s.fault_tensor;
    *fault = s.fault_reason;
  });
}

hg_status hg_session_synchronize(hg_handle session) {
  return with_session(session, [](Session& s) { s.synchronize(); });
}

hg_status hg_session_evaluate_gradient(hg_handle session, int32_t step) {
  return with_typed_session(session, [&](auto& s) { s.evaluate_gradient(step); });
}

hg_status hg_session_evaluate_gradient_and_tangent(hg_handle session, int32_t step, hg_handle direction, hg_handle product,
                                                   hg_handle data) {
  return with_typed_session(session, [&](auto& s) {
    const auto u = vector_of(s, session, direction, "direction");
    const auto hu = vector_of(s, session, product, "product");
    const auto gathered = data == 0 ? nullptr : object_of<DataVector>(session, data, Kind::data_vector, "data");
    require(hu != u && hu != s.weights && hu != s.gradient,
            "The product is the direction, the weights or the gradient; give it a vector of its own.");
    require(u != s.gradient, "The direction is the gradient, which is overwritten; copy it first.");
    s.evaluate_gradient_and_tangent(step, u, hu, gathered);
  });
}

hg_status hg_session_subtract_penalty_tangent(hg_handle session, hg_handle direction, hg_handle l2, hg_handle l1) {
  return with_typed_session(session, [&](auto& s) {
    const auto u = vector_of(s, session, direction, "direction");
    const auto to_l2 = optional_vector_of(s, session, l2, "l2"), to_l1 = optional_vector_of(s, session, l1, "l1");
    for (const auto& target : {to_l2, to_l1})
      require(target == nullptr || (target != u && target != s.weights),
              "l2 or l1 is the direction or the weights; give it a vector of its own.");
    require(to_l2 == nullptr || to_l2 != to_l1, "l2 and l1 are one vector; give each its own.");
    s.subtract_penalty_tangent(u, to_l2, to_l1);
  });
}

hg_status hg_session_momentum_step(hg_handle session, int32_t step) {
  return with_typed_session(session, [&](auto& s) { s.momentum_step(step); });
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
                            int32_t target_type, hg_handle* dataset) {
  return with_session(session, [&](Session& s) {
    create_object(s, session, Kind::dataset, dataset, [&] {
      require(examples >= 1, "There are ", examples, " examples; there must be at least 1.");
      auto made = std::make_shared<ExampleTable>();
      made->count = examples;
      made->inputs = Table(s.context, inputs, input_type, examples, s.layout.input_size(), "inputs");
      made->targets = Table(s.context, targets, target_type, examples, s.layout.output_size(), "targets");
      return made;
    });
  });
}

hg_status hg_session_evaluate(hg_handle session, hg_handle dataset, hg_handle gradient, double* losses, double* error_rates) {
  return with_typed_session(session, [&](auto& s) {
    require_pointer(losses, "losses");
    require_pointer(error_rates, "error_rates");
    s.require_not_recording("An evaluation");
    const auto examples = object_of<ExampleTable>(session, dataset, Kind::dataset, "dataset");
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
