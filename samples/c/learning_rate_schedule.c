/* Tunes a learning-rate schedule, a rate for every step and layer, by its hypergradient: trains a small network on two interleaved spirals,
 * asks for the gradient of the validation loss with respect to all rates at once, and descends their logarithms. */
#include <hypergrad/hypergrad.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { UNITS = 16, CLASSES = 2, EXAMPLES = 200, STEPS = 60, GROUPS = 2, META_STEPS = 30 };
enum { WEIGHTS = 2 * UNITS + UNITS + UNITS * CLASSES + CLASSES, MOMENTUM_NUMERATOR = 58982, MOMENTUM_DENOMINATOR = 65536 };

static void check(hg_status status) {
  if (status == HG_OK) return;
  fprintf(stderr, "%s\n", hg_last_error());
  exit(1);
}

/* A number from 0 to 1, of a small generator of our own, so that every machine prints the same. */
static double draw(void) {
  static uint64_t state = 1;
  state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (double)(state >> 11) / 9007199254740992.0;
}

/* Points of two spirals, one after the other in turn. */
static void make_spirals(double inputs[EXAMPLES][2], int32_t classes[EXAMPLES]) {
  for (int i = 0; i < EXAMPLES; i++) {
    const double along = draw(), angle = 4.5 * along + 3.14159265 * (i % 2);
    classes[i] = i % 2;
    inputs[i][0] = 2 * along * cos(angle) + 0.1 * (draw() - 0.5);
    inputs[i][1] = 2 * along * sin(angle) + 0.1 * (draw() - 0.5);
  }
}

/* Numbers of this program as a tensor of at most two dimensions. */
static hg_tensor tensor_of(void* data, uint8_t code, uint8_t bits, const int64_t* shape, int32_t dimensions) {
  hg_tensor tensor = {0};
  tensor.data = data;
  tensor.device_type = HG_TENSOR_CPU;
  tensor.dimensions = dimensions;
  tensor.code = code;
  tensor.bits = bits;
  tensor.lanes = 1;
  tensor.shape = shape;
  return tensor;
}

int main(void) {
  static double inputs[EXAMPLES][2], validation_inputs[EXAMPLES][2], weights[WEIGHTS];
  static int32_t classes[EXAMPLES], validation_classes[EXAMPLES];
  if (hg_abi_version() != HG_ABI_VERSION) {
    fprintf(stderr, "The library has ABI version %d, and this program was compiled for %d.\n", hg_abi_version(), HG_ABI_VERSION);
    return 1;
  }
  make_spirals(inputs, classes);
  make_spirals(validation_inputs, validation_classes);
  for (int i = 0; i < WEIGHTS; i++) weights[i] = draw() - 0.5;

  /* The network: value 1 = tanh(value 0 · W1 + b1), value 2 = value 1 · W2 + b2. */
  const hg_value values[] = {{sizeof(hg_value), 2}, {sizeof(hg_value), UNITS}, {sizeof(hg_value), CLASSES}};
  const hg_parameter parameters[] = {{sizeof(hg_parameter), 2, UNITS, 0, "W1"},
                                     {sizeof(hg_parameter), 1, UNITS, 0, "b1"},
                                     {sizeof(hg_parameter), UNITS, CLASSES, 0, "W2"},
                                     {sizeof(hg_parameter), 1, CLASSES, 0, "b2"}};
  const hg_operation operations[] = {
      {.struct_size = sizeof(hg_operation), .kind = HG_AFFINE, .input = 0, .output = 1, .first = 0, .second = 1, .activation = HG_TANH},
      {.struct_size = sizeof(hg_operation), .kind = HG_AFFINE, .input = 1, .output = 2, .first = 2, .second = 3,
       .activation = HG_IDENTITY}};

  /* Momentum: v ← γ v, v ← v − (1 − γ) g, w ← w + α v; α a number for every step and layer, γ one for all. */
  static double momentum[STEPS], kick[STEPS], rates[STEPS][GROUPS];
  static int32_t numerators[STEPS], denominators[STEPS];
  const hg_group_pattern one_group[] = {{sizeof(hg_group_pattern), 0, 1, 1},
                                        {sizeof(hg_group_pattern), 0, 1, 1},
                                        {sizeof(hg_group_pattern), 0, 1, 1},
                                        {sizeof(hg_group_pattern), 0, 1, 1}};
  const hg_group_pattern layers[] = {{sizeof(hg_group_pattern), 0, 1, 1},
                                     {sizeof(hg_group_pattern), 0, 1, 1},
                                     {sizeof(hg_group_pattern), 1, 1, 1},
                                     {sizeof(hg_group_pattern), 1, 1, 1}};
  for (int t = 0; t < STEPS; t++) {
    numerators[t] = MOMENTUM_NUMERATOR;
    denominators[t] = MOMENTUM_DENOMINATOR;
    momentum[t] = (double)MOMENTUM_NUMERATOR / MOMENTUM_DENOMINATOR;
    kick[t] = momentum[t] - 1;
    for (int k = 0; k < GROUPS; k++) rates[t][k] = 0.2;
  }
  const hg_slot velocity = {sizeof(hg_slot), 0, "velocity"};
  const hg_coefficient coefficients[] = {{sizeof(hg_coefficient), 1, one_group, momentum, numerators, denominators, "momentum"},
                                         {sizeof(hg_coefficient), 1, one_group, kick, NULL, NULL, "momentum"},
                                         {sizeof(hg_coefficient), GROUPS, layers, &rates[0][0], NULL, NULL, "learning rate"}};
  const hg_update updates[] = {
      {.struct_size = sizeof(hg_update), .kind = HG_DECAY, .target = 0, .coefficient = 0},
      {.struct_size = sizeof(hg_update), .kind = HG_KICK, .target = 0, .coefficient = 1, .function = HG_GRADIENT},
      {.struct_size = sizeof(hg_update), .kind = HG_DRIFT, .target = -1, .coefficient = 2, .direction = HG_SLOT_DIRECTION, .slot = 0}};

  const hg_session_description run = {
      .struct_size = sizeof run,
      .values = values, .value_count = 3, .parameters = parameters, .parameter_count = 4, .operations = operations, .operation_count = 2,
      .slots = &velocity, .slot_count = 1, .coefficients = coefficients, .coefficient_count = 3, .updates = updates, .update_count = 3,
      .output = 2, .outputs = CLASSES, .has_class_targets = 1, .loss = HG_SOFTMAX_CROSS_ENTROPY, .precision = HG_DOUBLE,
      .examples = EXAMPLES, .sampling = HG_SHUFFLED, .batch_size = 50, .seed = 1, .steps = STEPS, .replicas = 1};

  /* What goes in and what comes out, as tensors over this program's arrays. */
  static double rate_gradient[STEPS][GROUPS];
  const int64_t input_shape[] = {EXAMPLES, 2}, example_shape[] = {EXAMPLES}, weight_shape[] = {WEIGHTS}, rate_shape[] = {STEPS, GROUPS};
  const hg_tensor start = tensor_of(weights, HG_TENSOR_FLOAT, 64, weight_shape, 1);
  const hg_tensor training_inputs = tensor_of(inputs, HG_TENSOR_FLOAT, 64, input_shape, 2);
  const hg_tensor training_targets = tensor_of(classes, HG_TENSOR_INTEGER, 32, example_shape, 1);
  const hg_tensor held_out_inputs = tensor_of(validation_inputs, HG_TENSOR_FLOAT, 64, input_shape, 2);
  const hg_tensor held_out_targets = tensor_of(validation_classes, HG_TENSOR_INTEGER, 32, example_shape, 1);
  const hg_tensor rate_output = tensor_of(rate_gradient, HG_TENSOR_FLOAT, 64, rate_shape, 2);
  const hg_tensor* const wanted[] = {NULL, NULL, &rate_output};
  const hg_hypergradient_request request = {
      .struct_size = sizeof request, .run = &run, .initial_weights = &start, .inputs = &training_inputs, .targets = &training_targets,
      .validation_inputs = &held_out_inputs, .validation_targets = &held_out_targets, .validation_has_class_targets = 1,
      .method = HG_REVERSIBLE};

  hg_handle context;
  check(hg_context_create_host(&context));
  double first = 0, last = 0;
  for (int meta_step = 0; meta_step <= META_STEPS; meta_step++) {
    hg_hypergradient_result result = {.struct_size = sizeof result, .coefficients = wanted};
    check(hg_hypergradient_compute(context, &request, &result));
    last = result.validation_loss;
    if (meta_step == 0) first = last;
    if (meta_step % 5 == 0)
      printf("meta-step %2d: validation loss %.6f, %.1f bits stored a weight, reversed %s\n", meta_step, last,
             result.resident_bits_per_weight + STEPS * result.bits_per_weight_step, result.is_exact ? "to the bit" : "inexactly");
    if (!result.is_exact) return 1;

    /* α ← α e^(−η α ∂F/∂α / ‖α ∂F/∂α‖∞): a step of at most η along the gradient by log α. */
    double largest = 0;
    for (int t = 0; t < STEPS; t++)
      for (int k = 0; k < GROUPS; k++) largest = fmax(largest, fabs(rates[t][k] * rate_gradient[t][k]));
    for (int t = 0; t < STEPS; t++)
      for (int k = 0; k < GROUPS; k++) rates[t][k] *= exp(-0.2 * rates[t][k] * rate_gradient[t][k] / largest);
  }
  check(hg_destroy(context));
  printf("first layer's rate at the first, middle and last step: %.3f %.3f %.3f\n", rates[0][0], rates[STEPS / 2][0], rates[STEPS - 1][0]);
  printf("validation loss %.6f before, %.6f after\n", first, last);
  return last < first ? 0 : 1;
}
