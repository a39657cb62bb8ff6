#include "run.h"

#include <algorithm>
#include <cmath>

namespace hypergrad::testing {

namespace {

// The ratio n/d nearest to a number that is not 0, of a given d.
void push_ratio(CoefficientNumbers& into, double value, int32_t denominator) {
  const int32_t numerator = std::max(value == 0 ? 0 : 1, static_cast<int32_t>(std::nearbyint(value * denominator)));
  into.numerators.push_back(numerator);
  into.denominators.push_back(denominator);
  into.values.push_back(numerator / static_cast<double>(denominator));
}

hg_update update(int32_t kind, int32_t target, int32_t coefficient) {
  hg_update u{};
  u.struct_size = sizeof u;
  u.kind = kind;
  u.target = target;
  u.coefficient = coefficient;
  return u;
}

}  // namespace

TrainingRun& TrainingRun::complete(uint32_t random_seed) {
  std::mt19937 generator(random_seed);
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> uniform;
  if (program.operations.empty()) {
    program = TestProgram(layers.front());
    int32_t value = 0;
    for (size_t layer = 0; layer + 1 < layers.size(); layer++)
      value = program.affine(value, layers[layer], layers[layer + 1], layer + 2 < layers.size() ? activation : HG_IDENTITY);
  }
  if (outputs == 0) outputs = output_size();
  patterns.clear();
  weights = groups = 0;
  for (const hg_parameter& parameter : program.parameters) {
    const int32_t columns = parameter.columns, count = parameter.rows * columns, size = sizeof(hg_group_pattern);
    switch (sharing) {
      case Sharing::all:
        patterns.push_back({size, 0, 1, 1});
        break;
      case Sharing::tensor:
        patterns.push_back({size, groups, 1, 1});
        break;
      case Sharing::unit:
        patterns.push_back({size, parameter.rows > 1 || groups == 0 ? groups : groups - columns, columns, 1});
        break;
      case Sharing::weight:
        patterns.push_back({size, groups, count, 1});
        break;
    }
    groups = std::max(groups, patterns.back().first + patterns.back().period);
    weights += count;
  }
  const auto fill = [&](std::vector<double>& values, int64_t count, auto draw) {
    if (values.empty())
      for (int64_t i = 0; i < count; i++) values.push_back(draw());
  };
  if (program.vocabulary > 0)
    fill(inputs, static_cast<int64_t>(examples) * input_size(), [&] { return static_cast<double>(generator() % program.vocabulary); });
  fill(inputs, static_cast<int64_t>(examples) * input_size(), [&] { return normal(generator); });
  if (class_targets)
    fill(targets, static_cast<int64_t>(examples) * positions(), [&] { return static_cast<double>(generator() % outputs); });
  if (targets.empty())
    for (int32_t row = 0; row < examples * positions(); row++)
      for (int32_t c = 0; c < outputs; c++) targets.push_back(c == row % outputs ? 0.9 : 0.1 / outputs);
  if (weighted) fill(example_weights, examples, [&] { return 0.5 + uniform(generator); });
  const int64_t entries = static_cast<int64_t>(steps) * groups;
  const bool is_adam = optimizer == OptimizerKind::adamw;
  fill(learning_rates, entries, [&] { return is_adam ? 0.01 + 0.03 * uniform(generator) : 0.1 + 0.3 * uniform(generator); });
  fill(momenta, entries, [&] { return std::round((0.3 + 0.6 * uniform(generator)) * 65536) / 65536; });
  if (penalties) {
    fill(l2, weights, [&] { return 0.01 * uniform(generator); });
    fill(l1, weights, [&] { return 0.01 * uniform(generator); });
  }
  fill(initial, weights, [&] { return 0.5 * normal(generator); });
  fill(weight_decays, entries, [&] { return 0.5 * uniform(generator); });
  fill(beta2, entries, [&] { return 0.9 + 0.09 * uniform(generator); });
  if (sampling == HG_EXPLICIT_BATCHES && offsets.empty()) {
    offsets.push_back(0);
    for (int32_t step = 0; step < steps; step++) {
      const int32_t size = 1 + (batch_size + step) % batch_size;
      for (int32_t i = 0; i < size; i++) batch_examples.push_back(static_cast<int32_t>(generator() % static_cast<uint32_t>(examples)));
      offsets.push_back(static_cast<int64_t>(batch_examples.size()));
    }
  }
  lower();
  return *this;
}

void TrainingRun::lower() {
  slots.clear();
  coefficients.clear();
  updates.clear();
  const size_t entries = learning_rates.size();
  if (optimizer != OptimizerKind::adamw) {
    slots = {{sizeof(hg_slot), 0, "velocity"}};
    CoefficientNumbers decay{"momentum", {}, {}, {}}, kick{"undampened", {}, {}, {}}, drift{"learning rate", learning_rates, {}, {}};
    for (size_t i = 0; i < entries; i++) {
      push_ratio(decay, momenta[i], 65536);
      kick.values.push_back(-(65536 - decay.numerators[i]) / 65536.0);
    }
    coefficients = {decay, kick, drift};
    updates = {update(HG_DECAY, 0, 0), update(HG_KICK, 0, 1), update(HG_DRIFT, -1, 2)};
    if (optimizer == OptimizerKind::momentum) return;
    CoefficientNumbers ahead{"step along the gradient", {}, {}, {}};
    for (size_t i = 0; i < entries; i++) {
      ahead.values.push_back(learning_rates[i] * kick.values[i]);
      coefficients[2].values[i] *= decay.values[i];
    }
    coefficients.push_back(ahead);
    updates.push_back(update(HG_KICK, -1, 3));
    return;
  }
  slots = {{sizeof(hg_slot), 0, "first moment"}, {sizeof(hg_slot), 1, "second moment"}};
  CoefficientNumbers kept{"weight decay", {}, {}, {}}, beta{"beta1", {}, {}, {}}, rest{"1 - beta1", {}, {}, {}},
      square{"beta2", {}, {}, {}}, square_rest{"1 - beta2", {}, {}, {}}, rate{"learning rate", {}, {}, {}},
      first{"first correction", {}, {}, {}}, second{"second correction", {}, {}, {}}, epsilon{"epsilon", {}, {}, {}};
  for (size_t i = 0; i < entries; i++) {
    push_ratio(kept, 1 - learning_rates[i] * weight_decays[i], 4000037);
    push_ratio(beta, momenta[i], 65536);
    push_ratio(square, beta2[i], 1 << 22);
    rest.values.push_back((65536 - beta.numerators[i]) / 65536.0);
    square_rest.values.push_back(((1 << 22) - square.numerators[i]) / 4194304.0);
    rate.values.push_back(-learning_rates[i]);
    const size_t group_count = static_cast<size_t>(groups);
    first.values.push_back(1 - (i < group_count ? 1 : 1 - first.values[i - group_count]) * beta.values[i]);
    second.values.push_back(1 - (i < group_count ? 1 : 1 - second.values[i - group_count]) * square.values[i]);
    epsilon.values.push_back(1e-3);
  }
  coefficients = {kept, beta, rest, square, square_rest, rate, first, second, epsilon};
  hg_update kick = update(HG_KICK, 1, 4), drift = update(HG_DRIFT, -1, 5);
  kick.function = HG_SQUARE;
  drift.direction = HG_ADAM_DIRECTION;
  drift.second_slot = 1;
  drift.correction = 6;
  drift.second_correction = 7;
  drift.epsilon = 8;
  updates = {update(HG_DECAY, -1, 0), update(HG_DECAY, 0, 1), update(HG_KICK, 0, 2), update(HG_DECAY, 1, 3), kick, drift};
}

const hg_session_description& TrainingRun::description() const {
  described_.clear();
  for (const CoefficientNumbers& c : coefficients)
    described_.push_back({sizeof(hg_coefficient), groups, patterns.data(), c.values.data(),
                          c.numerators.empty() ? nullptr : c.numerators.data(), c.denominators.empty() ? nullptr : c.denominators.data(),
                          c.name});
  hg_session_description& d = description_;
  d = {};
  d.struct_size = sizeof d;
  d.values = program.values.data();
  d.parameters = program.parameters.data();
  d.operations = program.operations.data();
  d.slots = slots.data();
  d.coefficients = described_.data();
  d.updates = updates.data();
  d.inputs = inputs.data();
  d.targets = targets.data();
  d.example_weights = weighted ? example_weights.data() : nullptr;
  d.batch_offsets = offsets.data();
  d.batch_examples = batch_examples.data();
  d.l2 = penalties ? l2.data() : nullptr;
  d.l1 = penalties ? l1.data() : nullptr;
  d.seed = seed;
  d.dropout_seed = dropout_seed;
  d.value_count = static_cast<int32_t>(program.values.size());
  d.parameter_count = static_cast<int32_t>(program.parameters.size());
  d.operation_count = static_cast<int32_t>(program.operations.size());
  d.slot_count = static_cast<int32_t>(slots.size());
  d.coefficient_count = static_cast<int32_t>(coefficients.size());
  d.update_count = static_cast<int32_t>(updates.size());
  d.output = d.value_count - 1;
  d.outputs = outputs;
  d.vocabulary = program.vocabulary;
  d.has_class_targets = class_targets;
  d.loss = loss;
  d.precision = precision;
  d.allow_tf32 = allow_tf32;
  d.input_type = d.target_type = HG_DOUBLE;
  d.examples = examples;
  d.sampling = sampling;
  d.batch_size = batch_size;
  d.steps = steps;
  d.replicas = replicas;
  return d;
}

int32_t TrainingRun::tensor_of(int32_t weight, int32_t* within) const {
  for (int32_t t = 0;; t++) {
    const hg_parameter& parameter = program.parameters[static_cast<size_t>(t)];
    *within = weight;
    if (weight < parameter.rows * parameter.columns) return t;
    weight -= parameter.rows * parameter.columns;
  }
}

int32_t TrainingRun::group_of(int32_t weight) const {
  int32_t within = 0;
  const hg_group_pattern& pattern = patterns[static_cast<size_t>(tensor_of(weight, &within))];
  return pattern.first + within / pattern.divisor % pattern.period;
}

std::vector<int32_t> TrainingRun::batch(int32_t step) const {
  return {batch_examples.begin() + offsets[step], batch_examples.begin() + offsets[step + 1]};
}

}  // namespace hypergrad::testing
