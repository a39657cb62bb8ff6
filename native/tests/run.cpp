#include "run.h"

#include <cstdlib>
#include <iostream>

namespace hypergrad::testing {

int32_t executor_under_test() {
  const char* device = std::getenv("HYPERGRAD_TEST_DEVICE");
  return device == nullptr ? host : std::atoi(device);
}

hg_status create_context(hg_handle* context, int32_t executor) {
  return executor == host ? hg_context_create_host(context) : hg_context_create_device(executor, context);
}

bool is_simulated() {
  hg_device_properties properties{};
  return executor_under_test() != host && hg_device_query(executor_under_test(), &properties) == HG_OK &&
         std::string(properties.name).rfind("simulated", 0) == 0;
}

namespace {

// Without the device there is nothing to test on it.
class DeviceAtHand : public ::testing::Environment {
  void SetUp() override {
    int32_t count = 0;
    HG_EXPECT_OK(hg_device_count(&count));
    if (executor_under_test() < count) return;
    std::cout << "[  SKIPPED ] There is no device " << executor_under_test() << ": " << hg_last_error() << std::endl;
    GTEST_SKIP();
  }
};

const ::testing::Environment* const device_at_hand = ::testing::AddGlobalTestEnvironment(new DeviceAtHand);

}  // namespace

TrainingRun& TrainingRun::complete(uint32_t random_seed) {
  std::mt19937 generator(random_seed);
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> uniform;
  const int32_t tensors = 2 * (static_cast<int32_t>(layers.size()) - 1);
  patterns.clear();
  weights = groups = 0;
  for (int32_t t = 0; t < tensors; t++) {
    const int32_t rows = t % 2 == 0 ? layers[t / 2] : 1, columns = layers[t / 2 + 1], count = rows * columns;
    switch (sharing) {
      case Sharing::all:
        patterns.push_back({0, 1, 1});
        break;
      case Sharing::tensor:
        patterns.push_back({groups, 1, 1});
        break;
      case Sharing::unit:
        patterns.push_back({t % 2 == 0 ? groups : groups - columns, columns, 1});
        break;
      case Sharing::weight:
        patterns.push_back({groups, count, 1});
        break;
    }
    groups = std::max(groups, patterns.back().first + patterns.back().period);
    weights += count;
  }
  const auto fill = [&](std::vector<double>& values, int64_t count, auto draw) {
    if (values.empty())
      for (int64_t i = 0; i < count; i++) values.push_back(draw());
  };
  fill(inputs, static_cast<int64_t>(examples) * layers.front(), [&] { return normal(generator); });
  if (targets.empty())
    for (int32_t example = 0; example < examples; example++)
      for (int32_t c = 0; c < layers.back(); c++) targets.push_back(c == example % layers.back() ? 0.9 : 0.1 / layers.back());
  if (weighted) fill(example_weights, examples, [&] { return 0.5 + uniform(generator); });
  fill(learning_rates, static_cast<int64_t>(steps) * groups, [&] { return 0.1 + 0.3 * uniform(generator); });
  fill(momenta, static_cast<int64_t>(steps) * groups, [&] { return std::round((0.3 + 0.6 * uniform(generator)) * 65536) / 65536; });
  if (penalties) {
    fill(l2, weights, [&] { return 0.01 * uniform(generator); });
    fill(l1, weights, [&] { return 0.01 * uniform(generator); });
  }
  fill(initial, weights, [&] { return 0.5 * normal(generator); });
  if (sampling == HG_EXPLICIT_BATCHES && offsets.empty()) {
    offsets.push_back(0);
    for (int32_t step = 0; step < steps; step++) {
      const int32_t size = 1 + (batch_size + step) % batch_size;
      for (int32_t i = 0; i < size; i++) batch_examples.push_back(static_cast<int32_t>(generator() % static_cast<uint32_t>(examples)));
      offsets.push_back(static_cast<int64_t>(batch_examples.size()));
    }
  }
  return *this;
}

hg_session_description TrainingRun::description() const {
  hg_session_description d{};
  d.layers = layers.data();
  d.inputs = inputs.data();
  d.targets = targets.data();
  d.example_weights = weighted ? example_weights.data() : nullptr;
  d.batch_offsets = offsets.data();
  d.batch_examples = batch_examples.data();
  d.learning_rate_patterns = d.momentum_patterns = patterns.data();
  d.learning_rates = learning_rates.data();
  d.momenta = momenta.data();
  d.l2 = penalties ? l2.data() : nullptr;
  d.l1 = penalties ? l1.data() : nullptr;
  d.seed = seed;
  d.layer_count = static_cast<int32_t>(layers.size());
  d.activation = activation;
  d.loss = loss;
  d.precision = precision;
  d.input_type = d.target_type = HG_DOUBLE;
  d.examples = examples;
  d.sampling = sampling;
  d.batch_size = batch_size;
  d.steps = steps;
  d.learning_rate_groups = d.momentum_groups = groups;
  d.replicas = replicas;
  return d;
}

int32_t TrainingRun::tensor_of(int32_t weight, int32_t* within) const {
  for (int32_t t = 0;; t++) {
    const int32_t count = (t % 2 == 0 ? layers[t / 2] : 1) * layers[t / 2 + 1];
    *within = weight;
    if (weight < count) return t;
    weight -= count;
  }
}

int32_t TrainingRun::group_of(int32_t weight) const {
  int32_t within = 0;
  const hg_group_pattern& pattern = patterns[tensor_of(weight, &within)];
  return pattern.first + within / pattern.divisor % pattern.period;
}

std::vector<int32_t> TrainingRun::batch(int32_t step) const {
  return {batch_examples.begin() + offsets[step], batch_examples.begin() + offsets[step + 1]};
}

OpenRun::OpenRun(const TrainingRun& given, int32_t executor) : run(given) {
  const hg_session_description description = run.description();
  HG_EXPECT_OK(create_context(&context, executor));
  HG_EXPECT_OK(hg_session_create(context, &description, &session));
  HG_EXPECT_OK(hg_session_weights(session, &weights));
  HG_EXPECT_OK(hg_session_velocity(session, &velocity));
  HG_EXPECT_OK(hg_session_gradient(session, &gradient));
}

OpenRun::~OpenRun() {
  hg_destroy(session);
  hg_destroy(context);
}

hg_handle OpenRun::vector() {
  hg_handle made = 0;
  HG_EXPECT_OK(hg_vector_create(session, &made));
  return made;
}

void OpenRun::write(hg_handle vector, const std::vector<double>& values, int32_t replica) {
  HG_EXPECT_OK(hg_vector_write(session, vector, replica, 0, run.weights, values.data()));
}

std::vector<double> OpenRun::read(hg_handle vector, int32_t replica) {
  std::vector<double> values(static_cast<size_t>(run.weights));
  HG_EXPECT_OK(hg_vector_read(session, vector, replica, 0, run.weights, values.data()));
  return values;
}

void OpenRun::start() {
  for (int32_t replica = 0; replica < run.replicas; replica++) write(weights, run.initial, replica);
  HG_EXPECT_OK(hg_vector_clear(session, velocity));
}

void OpenRun::start_exactly() {
  if (state == 0) {
    HG_EXPECT_OK(hg_reversible_create(session, &state));
  }
  // In two pieces, as a caller with a small buffer would.
  const int32_t half = run.weights / 2;
  for (int32_t replica = 0; replica < run.replicas; replica++) {
    if (half > 0) {
      HG_EXPECT_OK(hg_reversible_start(session, state, replica, 0, half, run.initial.data()));
    }
    HG_EXPECT_OK(hg_reversible_start(session, state, replica, half, run.weights - half, run.initial.data() + half));
  }
}

namespace {

template <class Record>
void run_body(hg_handle session, int32_t first, int32_t end, int32_t backward, const Record& record) {
  hg_handle body = 0;
  HG_EXPECT_OK(hg_body_begin(session));
  record();
  HG_EXPECT_OK(hg_body_end(session, &body));
  HG_EXPECT_OK(hg_body_run(session, body, first, end, backward));
  HG_EXPECT_OK(hg_destroy(body));
}

std::vector<double> read_table(hg_handle session, hg_handle table, int32_t replica, const TrainingRun& run) {
  std::vector<double> values(static_cast<size_t>(run.steps) * run.groups);
  HG_EXPECT_OK(hg_schedule_vector_read(session, table, replica, static_cast<int64_t>(values.size()), values.data()));
  return values;
}

std::vector<double> read_data(hg_handle session, hg_handle data, int32_t part, int32_t replica, size_t count) {
  std::vector<double> values(count);
  HG_EXPECT_OK(hg_data_vector_read(session, data, part, replica, 0, static_cast<int64_t>(count), values.data()));
  return values;
}

}  // namespace

Hypergradient sweep(const TrainingRun& run, Method method, int32_t replica) {
  OpenRun open(run);
  const hg_handle s = open.session, v = open.velocity, g = open.gradient;
  const hg_handle dw = open.vector(), dv = open.vector(), u = open.vector(), hu = open.vector(), l2 = open.vector(), l1 = open.vector();
  hg_handle learning_rate = 0, momentum = 0, data = 0, history = 0, dataset = 0;
  HG_EXPECT_OK(hg_schedule_vector_create(s, HG_LEARNING_RATE, &learning_rate));
  HG_EXPECT_OK(hg_schedule_vector_create(s, HG_MOMENTUM, &momentum));
  HG_EXPECT_OK(hg_data_vector_create(s, HG_INPUTS | HG_TARGETS | HG_EXAMPLE_WEIGHTS, &data));
  HG_EXPECT_OK(hg_history_create(s, run.steps, &history));
  HG_EXPECT_OK(hg_dataset_create(s, run.examples, run.inputs.data(), HG_DOUBLE, run.targets.data(), HG_DOUBLE, &dataset));

  method == Method::reversible ? open.start_exactly() : open.start();
  run_body(s, 0, run.steps, 0, [&] {
    if (method == Method::stored) {
      HG_EXPECT_OK(hg_history_save(s, history, HG_BODY_STEP));
    }
    HG_EXPECT_OK(hg_session_evaluate_gradient(s, HG_BODY_STEP));
    if (method == Method::reversible) {
      HG_EXPECT_OK(hg_reversible_advance(s, open.state, HG_BODY_STEP));
    } else {
      HG_EXPECT_OK(hg_session_momentum_step(s, HG_BODY_STEP));
    }
  });
  Hypergradient result;
  std::vector<double> losses(static_cast<size_t>(run.replicas)), errors(losses);
  HG_EXPECT_OK(hg_session_evaluate(s, dataset, dw, losses.data(), errors.data()));
  result.validation_loss = losses[static_cast<size_t>(replica)];
  result.final_weights = open.read(open.weights, replica);

  if (method == Method::reversible) {
    HG_EXPECT_OK(hg_reversible_begin_retreat(s, open.state));
  }
  run_body(s, 0, run.steps, 1, [&] {
    if (method == Method::stored) {
      HG_EXPECT_OK(hg_history_load_weights(s, history, HG_BODY_STEP));
    }
    HG_EXPECT_OK(hg_group_dot(s, learning_rate, HG_BODY_STEP, dw, v));
    HG_EXPECT_OK(hg_vector_multiply_add(s, HG_LEARNING_RATE, HG_BODY_STEP, dw, dv));
    HG_EXPECT_OK(hg_vector_multiply(s, HG_MOMENTUM_COMPLEMENT, HG_BODY_STEP, dv, u));
    HG_EXPECT_OK(hg_session_evaluate_gradient_and_tangent(s, HG_BODY_STEP, u, hu, data));
    HG_EXPECT_OK(hg_session_subtract_penalty_tangent(s, u, l2, l1));
    if (method == Method::reversible) {
      HG_EXPECT_OK(hg_reversible_retreat(s, open.state, HG_BODY_STEP));
    } else {
      HG_EXPECT_OK(hg_history_load_velocity(s, history, HG_BODY_STEP));
    }
    HG_EXPECT_OK(hg_group_dot(s, momentum, HG_BODY_STEP, dv, v));
    HG_EXPECT_OK(hg_group_dot(s, momentum, HG_BODY_STEP, dv, g));
    HG_EXPECT_OK(hg_vector_subtract(s, hu, dw));
    HG_EXPECT_OK(hg_vector_multiply(s, HG_MOMENTUM, HG_BODY_STEP, dv, dv));
  });
  if (method == Method::reversible) {
    int32_t equal = 0;
    HG_EXPECT_OK(hg_reversible_equals_start(s, open.state, replica, 0, run.weights, run.initial.data(), &equal));
    result.is_exact = equal == 1;
  }
  result.training_losses.resize(static_cast<size_t>(run.steps));
  HG_EXPECT_OK(hg_session_training_losses(s, replica, result.training_losses.data()));
  result.weights = open.read(dw, replica);
  result.velocity = open.read(dv, replica);
  result.l2 = open.read(l2, replica);
  result.l1 = open.read(l1, replica);
  result.learning_rate = read_table(s, learning_rate, replica, run);
  result.momentum = read_table(s, momentum, replica, run);
  result.inputs = read_data(s, data, HG_INPUTS, replica, run.inputs.size());
  result.targets = read_data(s, data, HG_TARGETS, replica, run.targets.size());
  result.example_weights = read_data(s, data, HG_EXAMPLE_WEIGHTS, replica, static_cast<size_t>(run.examples));
  return result;
}

}  // namespace hypergrad::testing
