#include "session/session.h"

#include <algorithm>
#include <cmath>

namespace hypergrad {

namespace {

// Enough rows to keep a product busy when a whole dataset is evaluated, whatever the batch size, unless the values of that many would take
// more than this: on the host as many as stay in its caches, on a device as many as fill it. A simulated device fills its memory with
// garbage first, which takes longer than the rows save.
constexpr int32_t rows_for_host = 128, rows_for_device = 4096;
constexpr int64_t most_value_bytes = static_cast<int64_t>(256) << 20;
#if defined(HYPERGRAD_SIMULATED_CUDA)
constexpr int64_t most_bytes_for_device_rows = static_cast<int64_t>(128) << 10;
#else
constexpr int64_t most_bytes_for_device_rows = static_cast<int64_t>(64) << 20;
#endif

int32_t capacity_for(const Context& context, const Program& program, int32_t replicas, int32_t batch_size, size_t number_size) {
  int64_t numbers = 0;
  for (const int32_t value : program.values) numbers += value;
  const auto rows = [&](int64_t bytes, int32_t wanted) {
    return static_cast<int32_t>(std::clamp<int64_t>(bytes / (numbers * replicas * static_cast<int64_t>(number_size)), 1, wanted));
  };
  const int32_t for_host = std::max(batch_size, rows(most_value_bytes, rows_for_host));
  return context.on_device() ? std::max(for_host, rows(most_bytes_for_device_rows, rows_for_device)) : for_host;
}

void require_choice(int32_t value, int32_t choices, const char* name) {
  require(value >= 0 && value < choices, "The ", name, " is ", value, "; it must be from 0 to ", choices - 1, ".");
}

const hg_session_description& checked(const hg_session_description& d) {
  require_choice(d.loss, 2, "loss");
  require_choice(d.precision, 2, "precision");
  require_choice(d.sampling, 4, "sampling");
  require_choice(d.allow_tf32, 3, "permission of TF32");
  require_choice(d.has_class_targets, 2, "choice of class targets");
  require(d.examples >= 1, "There are ", d.examples, " training examples; there must be at least 1.");
  require(d.steps >= 1 && d.steps < std::numeric_limits<int32_t>::max(), "The run has ", d.steps, " steps; it needs at least 1.");
  require(d.replicas >= 1 && d.replicas <= 65536, "There are ", d.replicas, " replicas; there must be from 1 to 65536.");
  return d;
}

template <class T>
Array<T> penalty(const Session& session, const double* values, const char* name) {
  if (values == nullptr) return {};
  const int32_t count = session.layout.weight_count;
  bool any = false;
  std::vector<T> numbers(static_cast<size_t>(count));
  for (int32_t i = 0; i < count; i++) {
    require(std::isfinite(values[i]), "The ", name, " penalty of weight ", i, " is ", values[i], "; it must be finite.");
    any |= values[i] != 0;
    numbers[static_cast<size_t>(i)] = static_cast<T>(values[i]);
  }
  return any ? Array<T>(session.context, numbers) : Array<T>();
}

}  // namespace

Session::Session(std::shared_ptr<Context> shared_context, const hg_session_description& d)
    : context(std::move(shared_context)),
      precision(checked(d).precision),
      steps(d.steps),
      replicas(d.replicas),
      loss(d.loss),
      dropout_seed(d.dropout_seed) {
  layout = Layout(context, d.parameters, d.parameter_count, d.replicas);
  program = Program(layout, d);
  if (d.dataset != 0) {
    training_ = find_shared_examples(*context, d.dataset);
    require_fit(*training_);
  } else {
    training_ = std::make_shared<ExampleTable>(
        table_of_examples(d.examples, d.inputs, d.input_type, d.targets, d.target_type, d.has_class_targets == 1));
  }
  if (d.example_weights != nullptr) {
    for (int32_t i = 0; i < d.examples; i++)
      require(std::isfinite(d.example_weights[i]), "The weight of training example ", i, " is ", d.example_weights[i],
              "; it must be finite.");
    example_weights_ = Array<double>(context, d.example_weights, d.examples);
  }
  take_plan(d);
  optimizer = Optimizer(context, layout, d);
  training_losses = array<double>(static_cast<int64_t>(replicas) * steps);
  fault_ = array<uint64_t>(1);
  current_step_ = array<int32_t>(2);
}

void Session::take_plan(const hg_session_description& d) {
  int32_t batch_size = d.sampling == HG_FULL_BATCH ? d.examples : d.batch_size;
  if (d.sampling == HG_EXPLICIT_BATCHES) {
    require_pointer(d.batch_offsets, "batch_offsets");
    require_pointer(d.batch_examples, "batch_examples");
    require(d.batch_offsets[0] == 0, "batch_offsets begins with ", d.batch_offsets[0], "; it must begin with 0.");
    batch_size = 0;
    for (int32_t step = 0; step < steps; step++) {
      const int64_t start = d.batch_offsets[step], end = d.batch_offsets[step + 1];
      require(end > start && end - start <= std::numeric_limits<int32_t>::max(), "The batch of step ", step, " goes from ", start, " to ",
              end, "; it needs at least one example.");
      batch_size = std::max(batch_size, static_cast<int32_t>(end - start));
      for (int64_t i = start; i < end; i++)
        require(d.batch_examples[i] >= 0 && d.batch_examples[i] < d.examples, "The batch of step ", step, " holds example ",
                d.batch_examples[i], "; there are ", d.examples, " training examples, numbered from 0.");
    }
    host_offsets_.assign(d.batch_offsets, d.batch_offsets + steps + 1);
    host_examples_.assign(d.batch_examples, d.batch_examples + host_offsets_.back());
    batch_offsets_ = Array<int64_t>(context, host_offsets_);
    batch_examples_ = Array<int32_t>(context, host_examples_);
  }
  require(batch_size >= 1, "The batch size is ", batch_size, "; a minibatch needs at least 1 example.");
  host_plan = {d.sampling, d.examples, batch_size, d.seed, host_offsets_.data(), host_examples_.data()};
  plan = host_plan;
  plan.offsets = batch_offsets_.data();
  plan.examples = batch_examples_.data();
}

ExampleTable Session::table_of_examples(int32_t count, const void* inputs, int32_t input_type, const void* targets, int32_t target_type,
                                        bool has_classes, const char* inputs_name, const char* targets_name) const {
  require(count >= 1, "There are ", count, " examples; there must be at least 1.");
  require(!has_classes || loss == HG_SOFTMAX_CROSS_ENTROPY,
          "The targets are class numbers, and the squared loss compares numbers; give numbers, or use softmax cross-entropy.");
  ExampleTable table;
  table.count = count;
  table.has_classes = has_classes;
  table.target_columns = has_classes ? program.positions() : program.output_numbers();
  table.inputs = Table(context, inputs, input_type, count, program.input_numbers(), program.vocabulary, inputs_name);
  table.targets = Table(context, targets, target_type, count, table.target_columns, has_classes ? program.outputs : 0, targets_name);
  return table;
}

void Session::require_fit(const ExampleTable& examples) const {
  require(!examples.has_classes || loss == HG_SOFTMAX_CROSS_ENTROPY,
          "The targets are class numbers, and the squared loss compares numbers; give numbers, or use softmax cross-entropy.");
  const int32_t targets = examples.has_classes ? program.positions() : program.output_numbers();
  require(examples.inputs.columns() == program.input_numbers() && examples.target_columns == targets, "The dataset has inputs of ",
          examples.inputs.columns(), " numbers and targets of ", examples.target_columns, "; the program takes ", program.input_numbers(),
          " and ", targets, ".");
  if (program.vocabulary != 0) examples.inputs.require_whole_below(program.vocabulary, "inputs");
  if (examples.has_classes) examples.targets.require_whole_below(program.outputs, "targets");
}

std::shared_ptr<ExampleTable> shared_examples(const std::shared_ptr<Context>& context, int32_t count, int32_t input_numbers,
                                              const void* inputs, int32_t input_type, int32_t target_numbers, const void* targets,
                                              int32_t target_type, bool has_classes) {
  require(count >= 1, "There are ", count, " examples; there must be at least 1.");
  require(input_numbers >= 1 && target_numbers >= 1, "An input has ", input_numbers, " numbers and a target ", target_numbers,
          "; there must be at least 1 of each.");
  auto table = std::make_shared<ExampleTable>();
  table->count = count;
  table->has_classes = has_classes;
  table->target_columns = target_numbers;
  table->inputs = Table(context, inputs, input_type, count, input_numbers, 0, "inputs");
  table->targets = Table(context, targets, target_type, count, target_numbers, 0, "targets");
  table->shared_on = context.get();
  return table;
}

std::shared_ptr<const ExampleTable> find_shared_examples(const Context& context, hg_handle dataset) {
  const auto found = HandleTable::instance().find<ExampleTable>(dataset, Kind::dataset, "dataset");
  if (found->shared_on != &context)
    fail(HG_INVALID_HANDLE, "The dataset belongs to ", found->shared_on == nullptr ? "a session" : "another context",
         "; one that sessions share is made by hg_shared_dataset_create on their context.");
  return found;
}

hg_session_description with_dataset(const Context& context, hg_session_description description) {
  if (description.dataset != 0) description.examples = find_shared_examples(context, description.dataset)->count;
  return description;
}

void Session::require_replica(int32_t replica) const {
  require(replica >= 0 && replica < replicas, "There are ", replicas, " replicas, numbered from 0; replica ", replica, " was asked for.");
}

void Session::require_piece(int32_t replica, int32_t first, int32_t count) const {
  require_replica(replica);
  require(first >= 0 && count >= 0 && static_cast<int64_t>(first) + count <= layout.weight_count, "There are ", layout.weight_count,
          " weights; ", count, " from ", first, " on were asked for.");
}

DataVector::DataVector(const Session& session, int32_t parts) {
  require((parts & HG_INPUTS) == 0 || session.program.vocabulary == 0, "The inputs are tokens, which have no gradient.");
  require((parts & HG_TARGETS) == 0 || !session.training().has_classes, "The targets are class numbers, which have no gradient.");
  const int64_t examples = static_cast<int64_t>(session.replicas) * session.training().count;
  if ((parts & HG_INPUTS) != 0) inputs = session.array<double>(examples * session.program.input_numbers());
  if ((parts & HG_TARGETS) != 0) targets = session.array<double>(examples * session.program.output_numbers());
  if ((parts & HG_EXAMPLE_WEIGHTS) != 0) weights = session.array<double>(examples);
}

template <class T>
SessionOf<T>::SessionOf(std::shared_ptr<Context> shared_context, const hg_session_description& d)
    : Session(std::move(shared_context), d),
      weights(std::make_shared<Vector<T>>(*this)),
      gradient(std::make_shared<Vector<T>>(*this)),
      capacity_(capacity_for(*context, program, replicas, plan.batch_size, sizeof(T))),
      has_tf32_tangents_(d.allow_tf32 != HG_TF32_NOWHERE),
      passes_(context, layout, program, d.allow_tf32 == HG_TF32_EVERYWHERE, capacity_, plan.batch_size) {
  std::vector<T*> pointers;
  for (size_t i = 0; i < optimizer.slots.size(); i++) {
    slots.push_back(std::make_shared<Vector<T>>(*this));
    pointers.push_back(slots.back()->data());
  }
  slot_pointers_ = Array<T*>(context, pointers);
  const int64_t rows = static_cast<int64_t>(replicas) * capacity_;
  examples_ = array<int32_t>(rows);
  factors_ = array<T>(rows);
  targets_ = array<T>(rows * program.output_numbers());
  probabilities_ = array<T>(rows * program.output_numbers());
  losses_ = array<double>(rows * program.positions());
  penalties_.l2 = penalty<T>(*this, d.l2, "L2");
  penalties_.l1 = penalty<T>(*this, d.l1, "L1");
  if (penalties_.any()) penalty_sums_ = array<double>(static_cast<int64_t>(replicas) * static_cast<int64_t>(layout.tiles.size()));
  evaluation_losses_ = array<double>(replicas);
  evaluation_errors_ = array<uint64_t>(replicas);
  if (loss != HG_SQUARED) row_errors_ = array<int32_t>(rows * program.positions());
}

template SessionOf<float>::SessionOf(std::shared_ptr<Context>, const hg_session_description&);
template SessionOf<double>::SessionOf(std::shared_ptr<Context>, const hg_session_description&);

}  // namespace hypergrad
