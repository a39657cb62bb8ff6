// Every operation's four passes against finite differences in doubles: the gradient against the training loss, and the product with the
// Hessian and the derivatives of the data's gradients against gradients.
#include <algorithm>
#include <cmath>
#include <functional>

#include "closeness.h"
#include "open_run.h"

namespace hypergrad::testing {
namespace {

constexpr double difference = 1e-5;

// On a simulated device, where a call takes long, a few of many numbers are compared.
size_t stride_over(size_t count) { return is_simulated() ? std::max<size_t>(1, count / 4) : 1; }

// A program, and what of its run is not as usual.
struct Case {
  const char* name;
  std::function<void(TrainingRun&)> make;
};

void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

int32_t attention(TestProgram& p, int32_t input, int32_t length, int32_t width, int32_t heads, bool is_causal) {
  const int32_t q = p.affine(input, width, width), k = p.affine(input, width, width), v = p.affine(input, width, width);
  const int32_t shares = p.softmax(p.scores(q, k, length, width, heads), length, is_causal);
  return p.affine(p.mix(shares, v, length, width, heads), width, width);
}

// A vector's sum with another one.
double dot(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); i++) sum += a[i] * b[i];
  return sum;
}

class OneStep {
 public:
  explicit OneStep(const TrainingRun& run) : open(run) {}

  double loss(const std::vector<double>& weights) {
    evaluate(weights);
    double result[8] = {};
    HG_EXPECT_OK(hg_session_training_losses(open.session, 0, result));
    return result[step];
  }

  std::vector<double> gradient(const std::vector<double>& weights) {
    evaluate(weights);
    return open.read(open.gradient);
  }

  void evaluate(const std::vector<double>& weights) {
    open.write(open.weights, weights);
    HG_EXPECT_OK(hg_session_evaluate_gradient(open.session, step));
  }

  static constexpr int32_t step = 1;
  OpenRun open;
};

constexpr double tolerance = 1e-7;

// (f(x + h) − f(x − h)) / 2h.
template <class F>
auto central(std::vector<double> at, size_t i, const F& f) {
  const double x = at[i];
  at[i] = x + difference;
  const auto ahead = f(at);
  at[i] = x - difference;
  return (ahead - f(at)) / (2 * difference);
}

class EveryOperation : public ::testing::TestWithParam<Case> {};

TEST_P(EveryOperation, HasTheFourPassesOfItsDefinition) {
  TrainingRun run;
  run.steps = 2;
  run.examples = 4;
  run.batch_size = 5;
  run.batch_examples = {0, 1, 2, 0, 1, 0, 3};  // step 1 has two examples that come twice
  run.offsets = {0, 2, 7};
  GetParam().make(run);
  run.complete(3);
  OneStep one(run);
  std::vector<double> u(run.initial.size());
  for (size_t i = 0; i < u.size(); i++) u[i] = std::sin(3.0 * static_cast<double>(i) + 1);

  const std::vector<double> gradient = one.gradient(run.initial);
  std::vector<double> expected = gradient, along(u.size());
  for (size_t i = 0; i < u.size(); i += stride_over(u.size()))
    expected[i] = central(run.initial, i, [&](const std::vector<double>& w) { return one.loss(w); });
  expect_close("gradient", gradient, expected, tolerance);

  std::vector<double> ahead = run.initial, behind = run.initial;
  for (size_t i = 0; i < u.size(); i++) {
    ahead[i] += difference * u[i];
    behind[i] -= difference * u[i];
  }
  const std::vector<double> g_ahead = one.gradient(ahead), g_behind = one.gradient(behind);
  for (size_t i = 0; i < u.size(); i++) along[i] = (g_ahead[i] - g_behind[i]) / (2 * difference);
  const hg_handle direction = one.open.vector(), product = one.open.vector();
  const bool has_inputs = run.program.vocabulary == 0, has_targets = !run.class_targets;
  hg_handle data = 0;
  HG_ASSERT_OK(
      hg_data_vector_create(one.open.session, (has_inputs ? HG_INPUTS : 0) | (has_targets ? HG_TARGETS : 0) | HG_EXAMPLE_WEIGHTS, &data));
  one.open.write(direction, u);
  one.evaluate(run.initial);
  // Without the data's part, with it, and twice: nothing of an earlier pass is left in the way.
  HG_ASSERT_OK(hg_session_evaluate_tangent(one.open.session, OneStep::step, direction, product, 0));
  expect_close("product without data", one.open.read(product), along, tolerance);
  HG_ASSERT_OK(hg_session_evaluate_tangent(one.open.session, OneStep::step, direction, product, data));
  expect_close("product", one.open.read(product), along, tolerance);

  const auto read = [&](int32_t part, size_t count) {
    std::vector<double> values(count);
    HG_EXPECT_OK(hg_data_vector_read(one.open.session, data, part, 0, 0, static_cast<int64_t>(count), values.data()));
    return values;
  };
  // By the symmetry of second derivatives: ∂_u ∂L/∂x = ∂/∂x (∂L/∂w · u).
  const auto by = [&](std::vector<double> TrainingRun::*numbers, std::vector<double> result) {
    for (size_t i = 0; i < result.size(); i += stride_over(result.size()))
      result[i] = central(run.*numbers, i, [&](const std::vector<double>& changed) {
        TrainingRun other = run;
        other.*numbers = changed;
        return dot(OneStep(other).gradient(run.initial), u);
      });
    return result;
  };
  const auto check = [&](const char* what, int32_t part, std::vector<double> TrainingRun::*numbers) {
    const std::vector<double> actual = read(part, (run.*numbers).size());
    expect_close(what, actual, by(numbers, actual), tolerance);
  };
  if (has_inputs) check("inputs", HG_INPUTS, &TrainingRun::inputs);
  if (has_targets) check("targets", HG_TARGETS, &TrainingRun::targets);
  check("example weights", HG_EXAMPLE_WEIGHTS, &TrainingRun::example_weights);

  // The same to the bit, and the same in every replica (but for dropout, whose masks are each replica's own).
  EXPECT_EQ(one.gradient(run.initial), gradient);
  run.replicas = 2;
  OneStep two(run);
  two.open.write(two.open.weights, run.initial, 1);
  EXPECT_EQ(two.gradient(run.initial), gradient);
  if (std::string(GetParam().name) != "Dropout") {
    EXPECT_EQ(two.open.read(two.open.gradient, 1), gradient);
  }
}

void on_images(TrainingRun& run, const std::function<int32_t(TestProgram&)>& body, int32_t numbers = 5 * 4 * 2) {
  run.program = TestProgram(numbers);
  const int32_t features = body(run.program);
  run.program.affine(features, run.program.values.back().numbers, 3);
}

void on_sequences(TrainingRun& run, const std::function<int32_t(TestProgram&)>& body) {
  run.program = TestProgram(5, 6);
  run.program.affine(body(run.program), 4, 3);
  run.outputs = 3;
  run.class_targets = true;
}

const Case cases[] = {
    {"Tanh",
     [](TrainingRun& run) {
       run.layers = {3, 5, 4, 2};
     }},
    {"Relu",
     [](TrainingRun& run) {
       run.layers = {3, 5, 4, 2};
       run.activation = HG_RELU;
     }},
    {"Sigmoid",
     [](TrainingRun& run) {
       run.layers = {3, 5, 4, 2};
       run.activation = HG_SIGMOID;
     }},
    {"Softplus",
     [](TrainingRun& run) {
       run.layers = {3, 5, 4, 2};
       run.activation = HG_SOFTPLUS;
     }},
    {"Gelu",
     [](TrainingRun& run) {
       run.layers = {3, 5, 4, 2};
       run.activation = HG_GELU;
     }},
    {"SquaredLoss",
     [](TrainingRun& run) {
       run.layers = {3, 5, 2};
       run.loss = HG_SQUARED;
     }},
    {"Activations",
     [](TrainingRun& run) {
       // On a constant, on a value that is read twice, and on one.
       run.program = TestProgram(3);
       const int32_t z = run.program.affine(run.program.activate(0, HG_SOFTPLUS), 3, 4);
       const int32_t sum = run.program.add(run.program.activate(z, HG_GELU), run.program.activate(z, HG_TANH));
       run.program.affine(run.program.activate(sum, HG_SIGMOID), 4, 2);
     }},
    {"Convolution",
     [](TrainingRun& run) {
       on_images(run, [](TestProgram& p) {
         const int32_t first = p.convolution(0, window(5, 4, 2, 3, 1, 1), 3, HG_TANH);
         return p.convolution(first, window(5, 4, 3, 2, 2, 1), 4, HG_GELU);
       });
     }},
    {"ConvolutionOfOnePixel",
     [](TrainingRun& run) {
       on_images(run, [](TestProgram& p) {
         const int32_t first = p.convolution(0, window(5, 4, 2, 1, 1, 0), 3, HG_TANH);
         return p.convolution(first, window(5, 4, 3, 1, 2, 0), 2, HG_TANH);
       });
     }},
    {"MaxPool",
     [](TrainingRun& run) {
       on_images(run, [](TestProgram& p) {
         return p.pool(p.convolution(0, window(5, 4, 2, 2, 1, 1), 3, HG_TANH), window(6, 5, 3, 3, 1, 0), true);
       });
     }},
    {"AveragePool",
     [](TrainingRun& run) {
       on_images(run, [](TestProgram& p) {
         const int32_t below = p.pool(0, window(5, 4, 2, 2, 1, 0), false);
         return p.pool(p.convolution(below, window(4, 3, 2, 1, 1, 0), 3, HG_TANH), window(4, 3, 3, 2, 2, 0), false);
       });
     }},
    {"MaxPoolOfInputs", [](TrainingRun& run) { on_images(run, [](TestProgram& p) { return p.pool(0, window(5, 4, 2, 2, 2, 0), true); }); }},
    {"Residual",
     [](TrainingRun& run) {
       on_images(run, [](TestProgram& p) {
         const int32_t x = p.convolution(0, window(5, 4, 2, 1, 1, 0), 3);
         const int32_t body = p.convolution(p.activate(x, HG_TANH), window(5, 4, 3, 3, 1, 1), 3);
         return p.activate(p.add(body, x), HG_SOFTPLUS);
       });
     }},
    {"AddOfInputs",
     [](TrainingRun& run) {
       on_images(run, [](TestProgram& p) { return p.add(p.add(0, 0), p.convolution(0, window(5, 4, 2, 3, 1, 1), 2, HG_TANH)); });
     }},
    {"AddOfOneValue",
     [](TrainingRun& run) {
       on_images(run, [](TestProgram& p) {
         const int32_t x = p.affine(0, 2, 2, HG_TANH);
         return p.add(x, x);
       });
     }},
    {"SharedParameters",
     [](TrainingRun& run) {
       run.program = TestProgram(3);
       int32_t x = run.program.affine(0, 3, 3, HG_TANH);
       hg_operation again = run.program.operations.back();
       again.input = x;
       x = run.program.emit(again, 3);
       run.program.affine(x, 3, 2);
     }},
    {"LayerNorm",
     [](TrainingRun& run) {
       on_images(run, [](TestProgram& p) { return p.normalize(p.affine(p.normalize(0, 1, 1, 2), 2, 4), 1, 1, 4); });
     }},
    {"GroupNorm",
     [](TrainingRun& run) {
       on_images(run, [](TestProgram& p) {
         return p.activate(p.normalize(p.convolution(0, window(5, 4, 2, 2, 1, 0), 6), 4 * 3, 2, 6), HG_TANH);
       });
     }},
    {"WideNorm",  // sets large enough for a block of threads
     [](TrainingRun& run) {
       on_images(
           run, [](TestProgram& p) { return p.pool(p.normalize(p.affine(0, 2, 4), 64, 2, 4), window(8, 8, 4, 8, 1, 0), false); }, 128);
     }},
    {"Embedding", [](TrainingRun& run) { on_sequences(run, [](TestProgram& p) { return p.activate(p.embed(4), HG_TANH); }); }},
    {"Positions",
     [](TrainingRun& run) { on_sequences(run, [](TestProgram& p) { return p.activate(p.add_parameter(p.embed(4)), HG_TANH); }); }},
    {"PositionsOfInputs", [](TrainingRun& run) { on_images(run, [](TestProgram& p) { return p.activate(p.add_parameter(0), HG_TANH); }); }},
    {"Attention", [](TrainingRun& run) { on_sequences(run, [](TestProgram& p) { return attention(p, p.embed(4), 5, 4, 2, false); }); }},
    {"CausalAttention",
     [](TrainingRun& run) { on_sequences(run, [](TestProgram& p) { return attention(p, p.embed(4), 5, 4, 2, true); }); }},
    {"AttentionOfInputs",
     [](TrainingRun& run) {
       run.program = TestProgram(12);  // three positions of four: scores of the inputs themselves, constant but for v
       TestProgram& p = run.program;
       const int32_t shares = p.softmax(p.scores(0, 0, 3, 4, 2), 3, true);
       const int32_t mixed = p.mix(shares, p.affine(0, 4, 4, HG_TANH), 3, 4, 2);
       p.affine(p.add(mixed, p.mix(shares, 0, 3, 4, 2)), 12, 2);
     }},
    {"ProductOfOneKeyForAllHeads",
     [](TrainingRun& run) {
       on_sequences(run, [](TestProgram& p) {
         const int32_t x = p.embed(4), key = p.affine(x, 4, 3, HG_TANH);
         const int32_t scores = p.scores(p.affine(x, 4, 4), key, 5, 4, 2);
         hg_operation& product = p.operations.back();  // the keys are the first two of three numbers, the same for both heads
         product.right_row_stride = 3;
         product.right_head_stride = 0;
         return p.affine(p.mix(p.softmax(scores, 5), x, 5, 4, 2), 4, 4);
       });
     }},
    {"Dropout",
     [](TrainingRun& run) { on_images(run, [](TestProgram& p) { return p.drop(p.affine(p.drop(0, 0.2), 2, 3, HG_TANH), 0.5); }); }},
    {"SoftTargetsOfPositions",
     [](TrainingRun& run) {
       run.program = TestProgram(6);
       run.program.affine(run.program.affine(0, 2, 4, HG_TANH), 4, 3);
       run.outputs = 3;
     }},
    {"SquaredLossOfPositions",
     [](TrainingRun& run) {
       run.program = TestProgram(6);
       run.program.affine(run.program.affine(0, 2, 4, HG_TANH), 4, 3);
       run.outputs = 3;
       run.loss = HG_SQUARED;
     }},
    // Rows of more numbers than a warp has lanes.
    {"LossOfWideRows",
     [](TrainingRun& run) {
       run.program = TestProgram(2);
       run.program.affine(0, 2, 35);
     }},
    {"SquaredLossOfWideRows",
     [](TrainingRun& run) {
       run.program = TestProgram(2);
       run.program.affine(0, 2, 35, HG_TANH);
       run.loss = HG_SQUARED;
     }},
    {"SoftmaxOfWideRows",
     [](TrainingRun& run) {
       run.program = TestProgram(2);
       run.program.affine(run.program.softmax(run.program.affine(0, 2, 35), 35), 35, 2);
     }},
};

INSTANTIATE_TEST_SUITE_P(Native, EveryOperation, ::testing::ValuesIn(cases),
                         [](const auto& which) { return std::string(which.param.name); });

}  // namespace
}  // namespace hypergrad::testing
