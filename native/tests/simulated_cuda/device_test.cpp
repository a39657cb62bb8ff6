// What the library does to a device and to the program it is in, seen from the simulated devices: contexts, streams and handles that it was
// lent, what it leaves behind, how often it waits, and every allocation failing once.
#include <cuda_runtime.h>

#include <cstdlib>

#include "../open_run.h"
#include "simulated_cuda.h"

namespace hypergrad::testing {
namespace {

class Device : public ::testing::Test {
 protected:
  Device() : depth(simulated_cuda_context_depth()), objects(simulated_cuda_live_objects()) {}

  ~Device() override {
    EXPECT_EQ(simulated_cuda_context_depth(), depth) << "the thread's contexts are as they were";
    EXPECT_EQ(simulated_cuda_live_objects(), objects) << "nothing is left on the devices";
  }

  const int64_t depth, objects;
};

TEST_F(Device, IsLeftAsItWas) {
  TrainingRun run;
  run.complete();
  {
    const OpenRun open(run, 1);
    EXPECT_EQ(simulated_cuda_context_depth(), depth);
    EXPECT_GT(simulated_cuda_live_objects(), objects);
  }
  hg_device_properties properties{};
  properties.struct_size = sizeof properties;
  HG_EXPECT_OK(hg_device_query(1, &properties));
  EXPECT_EQ(properties.major, 9);
  EXPECT_EQ(properties.usable, 1);
  EXPECT_EQ(properties.blas_version, CUDART_VERSION / 1000 * 1000);
}

TEST_F(Device, IsAskedAboutWithoutAContext) {
  const int64_t contexts = simulated_cuda_primary_contexts();
  int32_t count = 0;
  HG_EXPECT_OK(hg_device_count(&count));
  ASSERT_EQ(count, 2);
  for (int32_t device = 0; device < count; device++) {
    hg_device_properties properties{};
    properties.struct_size = sizeof properties;
    HG_EXPECT_OK(hg_device_query(device, &properties));
    EXPECT_EQ(properties.usable, 1);
    EXPECT_EQ(properties.total_memory, int64_t{1} << 30);
    EXPECT_EQ(properties.free_memory, -1);
  }
  EXPECT_EQ(simulated_cuda_primary_contexts(), contexts);
}

TEST(DeviceDeathTest, ThatAnotherProgramHoldsIsNoOtherDevicesTrouble) {
  ::testing::FLAGS_gtest_death_test_style = "threadsafe";
  setenv("SIMULATED_CUDA_HELD", "0", 1);
  EXPECT_EXIT(
      {
        hg_device_properties properties{};
        properties.struct_size = sizeof properties;
        for (int32_t device = 0; device < 2; device++) HG_EXPECT_OK(hg_device_query(device, &properties));
        EXPECT_EQ(simulated_cuda_primary_contexts(), 0);
        hg_handle context = 0;
        expect_refused(hg_context_create_device(0, &context), HG_DEVICE_ERROR, "(another program holds it exclusively)");
        EXPECT_EQ(simulated_cuda_live_objects(), 0);
        HG_EXPECT_OK(hg_context_create_device(1, &context));
        HG_EXPECT_OK(hg_destroy(context));
        HG_EXPECT_OK(hg_context_create_host(&context));
        std::exit(::testing::Test::HasFailure() ? 1 : 0);
      },
      ::testing::ExitedWithCode(0), "");
  unsetenv("SIMULATED_CUDA_HELD");
}

void record_gradient(hg_handle session, hg_handle* body) {
  HG_ASSERT_OK(hg_body_begin(session));
  HG_ASSERT_OK(hg_session_evaluate_gradient(session, HG_BODY_STEP));
  HG_ASSERT_OK(hg_body_end(session, body));
}

TEST_F(Device, ABodyIsOneGraphAndOneWait) {
  TrainingRun run;
  run.steps = 40;
  run.complete();
  OpenRun open(run, 1);
  open.start_exactly();
  hg_handle forward = 0;
  HG_ASSERT_OK(hg_body_begin(open.session));
  HG_ASSERT_OK(hg_session_evaluate_gradient(open.session, HG_BODY_STEP));
  HG_ASSERT_OK(hg_reversible_advance(open.session, open.state, HG_BODY_STEP));
  HG_ASSERT_OK(hg_body_end(open.session, &forward));
  const int64_t graphs = simulated_cuda_graphs_launched(), waits = simulated_cuda_synchronizations();
  HG_ASSERT_OK(hg_body_run(open.session, forward, 0, 20, 0));
  EXPECT_EQ(simulated_cuda_graphs_launched() - graphs, 19) << "the first step is launched, to load the kernels";
  HG_ASSERT_OK(hg_body_run(open.session, forward, 20, 40, 0));
  EXPECT_EQ(simulated_cuda_graphs_launched() - graphs, 19 + 1 + 4) << "by now 16 steps are a graph too, and the rest goes by single ones";
  EXPECT_EQ(simulated_cuda_synchronizations(), waits);
  hg_handle again = 0;
  record_gradient(open.session, &again);
  for (int32_t step = 0; step < 10; step++) HG_ASSERT_OK(hg_body_run(open.session, again, step, step + 1, 0));
  EXPECT_EQ(simulated_cuda_graphs_launched() - graphs, 24 + 7) << "a body that is run step by step becomes a graph too";
  // In flight: CUDA frees it when it has ended.
  HG_ASSERT_OK(hg_destroy(forward));
  HG_ASSERT_OK(hg_session_synchronize(open.session));
}

// What parameters get goes beside the way back, matrices in one lane and biases in another.
TEST_F(Device, WorksBesideOnTheWayBack) {
  TrainingRun run;
  run.layers = {3, 5, 4, 6, 2};
  run.penalties = false;
  run.complete();
  OpenRun open(run, 1);
  open.start_exactly();
  hg_handle forward = 0;
  record_gradient(open.session, &forward);
  HG_ASSERT_OK(hg_body_run(open.session, forward, 0, run.steps, 0));
  // Three that load the minibatch, two for each layer out, two for the losses; back, for each layer its δ (not the last one's), the
  // gradients of matrix and bias (two), and the δ before it (not the first one's); and the step's number.
  EXPECT_EQ(simulated_cuda_graph_operations(), 3 + 2 * 4 + 2 + (5 * 4 - 2) + 1);
  // Out as before; back, a loss and the biases' sums, which take longer than the deltas.
  EXPECT_EQ(simulated_cuda_graph_depth(), 3 + 2 * 4 + 1 + (1 + 2 * 4) + 1);
  HG_ASSERT_OK(hg_destroy(forward));
}

TEST_F(Device, WaitsForNoLandmark) {
  TrainingRun run;
  run.steps = 40;
  run.complete();
  OpenRun open(run, 1);
  open.start_exactly();
  HG_ASSERT_OK(hg_reversible_reserve_landmarks(open.session, open.state, 3));
  const int64_t waits = simulated_cuda_synchronizations();
  for (int32_t number = 0; number < 3; number++) HG_ASSERT_OK(hg_reversible_set_landmark(open.session, open.state, number));
  for (int32_t number = 0; number < 3; number++) HG_ASSERT_OK(hg_reversible_meet_landmark(open.session, open.state, number));
  EXPECT_EQ(simulated_cuda_synchronizations(), waits);
  int32_t unmet = 0;
  HG_ASSERT_OK(hg_reversible_unmet_landmark(open.session, open.state, &unmet));
  EXPECT_EQ(unmet, -1);
}

TEST_F(Device, ThatIsLentIsGivenBackAsItWas) {
  void *context = simulated_cuda_make_context(1), *stream = simulated_cuda_make_stream(context), *blas = simulated_cuda_make_blas(context);
  TrainingRun run;
  run.complete();
  const hg_session_description& description = run.description();
  hg_handle adopted = 0, refused = 0, session = 0, weights = 0;
  void* same = nullptr;
  expect_refused(hg_context_adopt_device(0, context, nullptr, nullptr, &refused), HG_INVALID_ARGUMENT, "is of device 1, not of device 0");
  expect_refused(hg_context_adopt_device(1, nullptr, stream, nullptr, &refused), HG_INVALID_ARGUMENT, "is not of the driver context");
  expect_refused(hg_context_adopt_device(1, context, reinterpret_cast<void*>(1), nullptr, &refused), HG_INVALID_ARGUMENT,
                 "default streams");
  expect_refused(hg_context_adopt_device(1, &refused, nullptr, nullptr, &refused), HG_INVALID_ARGUMENT, "cannot be made current");
  simulated_cuda_set_blas_version(blas, 120402);
  expect_refused(hg_context_adopt_device(1, context, stream, blas, &refused), HG_INVALID_ARGUMENT, "it says 120402");
  simulated_cuda_set_blas_version(blas, CUDART_VERSION / 1000 * 1000);
  EXPECT_EQ(simulated_cuda_context_depth(), depth);
  HG_ASSERT_OK(hg_context_adopt_device(1, context, stream, blas, &adopted));
  HG_ASSERT_OK(hg_context_stream(adopted, &same));
  EXPECT_EQ(same, stream);
  HG_ASSERT_OK(hg_session_create(adopted, &description, &session));
  HG_ASSERT_OK(hg_session_weights(session, &weights));
  HG_ASSERT_OK(hg_vector_write(session, weights, 0, 0, run.weights, run.initial.data()));
  HG_ASSERT_OK(hg_session_evaluate_gradient(session, 0));
  EXPECT_EQ(simulated_cuda_atomics_allowed(blas), 1) << "the handle's settings are put back after every call";
  hg_handle body = 0;
  HG_ASSERT_OK(hg_body_begin(session));
  HG_ASSERT_OK(hg_session_evaluate_gradient(session, HG_BODY_STEP));
  HG_ASSERT_OK(hg_session_advance(session, HG_BODY_STEP));
  HG_ASSERT_OK(hg_body_end(session, &body));
  HG_ASSERT_OK(hg_body_run(session, body, 0, run.steps, 0));
  HG_ASSERT_OK(hg_session_synchronize(session));
  EXPECT_EQ(simulated_cuda_context_depth(), depth);
  HG_ASSERT_OK(hg_destroy(session));
  HG_ASSERT_OK(hg_destroy(adopted));
  simulated_cuda_destroy(context, stream, blas);
}

// Everything that a hypergradient of two replicas makes, with the n-th allocation failing, for every n.
TEST_F(Device, EveryAllocationMayFail) {
  TrainingRun run;
  run.replicas = 2;
  run.complete();
  const hg_session_description& description = run.description();
  int failed = 0;
  for (int64_t allocation = 0;; allocation++) {
    simulated_cuda_fail_allocation(allocation);
    hg_handle context = 0, session = 0, made = 0, history = 0, state = 0, vector = 0, data = 0;
    hg_status status = hg_context_create_device(1, &context);
    const auto then = [&](auto call) {
      if (status == HG_OK) status = call();
    };
    const std::vector<int32_t> knots{0, run.steps};
    then([&] { return hg_session_create(context, &description, &session); });
    then([&] { return hg_vector_create(session, &vector); });
    then([&] { return hg_vector_create(session, &made); });
    then([&] { return hg_history_create(session, 3, &history); });
    then([&] { return hg_reversible_create(session, &state); });
    then([&] { return hg_line_path_create(session, 2, knots.data(), &history); });
    then([&] { return hg_coefficient_vector_create(session, 0, &history); });
    then([&] { return hg_data_vector_create(session, HG_INPUTS | HG_TARGETS | HG_EXAMPLE_WEIGHTS, &data); });
    const hg_handle no_tables[3] = {};
    const hg_adjoint adjoint{sizeof adjoint, 1, 3, 0, vector, &made, no_tables};
    then([&] { return hg_session_pull_back_drifts(session, 0, &adjoint); });
    then(
        [&] { return hg_dataset_create(session, run.examples, run.inputs.data(), HG_DOUBLE, run.targets.data(), HG_DOUBLE, 0, &history); });
    then([&] { return hg_session_evaluate_gradient(session, 0); });
    then([&] { return hg_session_evaluate_tangent(session, 0, vector, made, data); });
    if (status != HG_OK) {
      EXPECT_EQ(status, HG_OUT_OF_MEMORY) << hg_last_error();
      failed++;
    }
    if (session != 0) {
      HG_EXPECT_OK(hg_destroy(session));
    }
    if (context != 0) {
      HG_EXPECT_OK(hg_destroy(context));
    }
    ASSERT_EQ(simulated_cuda_live_objects(), objects) << "after the failure of allocation " << allocation;
    ASSERT_EQ(simulated_cuda_context_depth(), depth);
    if (status == HG_OK) break;
  }
  simulated_cuda_fail_allocation(-1);
  EXPECT_GT(failed, 40);
}

// A session's small arrays are parts of few allocations, and everything else is as it was.
TEST_F(Device, HasSmallArraysInBlocks) {
  TrainingRun run;
  run.complete();
  const hg_session_description& description = run.description();
  hg_handle context = 0;
  HG_ASSERT_OK(hg_context_create_device(1, &context));
  const int64_t before = simulated_cuda_live_objects();
  int64_t allocations[2] = {}, bytes[2] = {}, bytes_before = 0, bytes_after = 0;
  std::vector<double> gradients[2];
  HG_ASSERT_OK(hg_live_bytes(&bytes_before));
  for (const int blocks : {0, 1}) {
    if (blocks == 1) setenv("SIMULATED_CUDA_BLOCKS", "1", 1);
    hg_handle session = 0, state = 0, weights = 0, gradient = 0, direction = 0, product = 0;
    HG_ASSERT_OK(hg_session_create(context, &description, &session));
    HG_ASSERT_OK(hg_reversible_create(session, &state));
    allocations[blocks] = simulated_cuda_live_objects() - before;
    HG_ASSERT_OK(hg_live_bytes(&bytes[blocks]));
    HG_ASSERT_OK(hg_session_weights(session, &weights));
    HG_ASSERT_OK(hg_session_gradient(session, &gradient));
    HG_ASSERT_OK(hg_reversible_start(session, state, 0, 0, run.weights, run.initial.data()));
    for (int32_t step = 0; step < run.steps; step++) {
      HG_ASSERT_OK(hg_session_evaluate_gradient(session, step));
      HG_ASSERT_OK(hg_reversible_advance(session, state, step));
    }
    HG_ASSERT_OK(hg_vector_create(session, &direction));
    HG_ASSERT_OK(hg_vector_create(session, &product));
    HG_ASSERT_OK(hg_vector_copy(session, weights, direction));
    HG_ASSERT_OK(hg_session_evaluate_gradient(session, 0));
    HG_ASSERT_OK(hg_session_evaluate_tangent(session, 0, direction, product, 0));
    gradients[blocks].resize(static_cast<size_t>(run.weights));
    HG_ASSERT_OK(hg_vector_read(session, product, 0, 0, run.weights, gradients[blocks].data()));
    HG_ASSERT_OK(hg_destroy(state));
    HG_ASSERT_OK(hg_session_evaluate_gradient(session, 1));
    HG_ASSERT_OK(hg_destroy(session));
    EXPECT_EQ(simulated_cuda_live_objects(), before);
    HG_ASSERT_OK(hg_live_bytes(&bytes_after));
    EXPECT_EQ(bytes_after, bytes_before);
  }
  EXPECT_GT(allocations[0], 40);
  EXPECT_LE(allocations[1], 4);
  EXPECT_EQ(bytes[1], bytes[0]);
  EXPECT_EQ(gradients[1], gradients[0]);
  for (int64_t successes = 0; successes < allocations[1]; successes++) {
    hg_handle session = 0, state = 0;
    simulated_cuda_fail_allocation(successes);
    hg_status status = hg_session_create(context, &description, &session);
    if (status == HG_OK) status = hg_reversible_create(session, &state);
    EXPECT_EQ(status, HG_OUT_OF_MEMORY);
    if (session != 0) {
      HG_EXPECT_OK(hg_destroy(session));
    }
    EXPECT_EQ(simulated_cuda_live_objects(), before);
  }
  simulated_cuda_fail_allocation(-1);
  unsetenv("SIMULATED_CUDA_BLOCKS");
  HG_ASSERT_OK(hg_destroy(context));
}

TEST_F(Device, MoreMemoryThanItHasIsRefused) {
  TrainingRun run;
  run.layers = {12000, 12000, 2};
  run.examples = 2;
  run.steps = 1;
  run.penalties = false;
  run.precision = HG_SINGLE;
  run.inputs.assign(24000, 0.5);
  run.initial.assign(1, 0);
  run.complete();
  const hg_session_description& description = run.description();
  hg_handle context = 0, session = 0;
  HG_ASSERT_OK(hg_context_create_device(0, &context));
  expect_refused(hg_session_create(context, &description, &session), HG_OUT_OF_MEMORY, "bytes free; an array of 576");
  HG_ASSERT_OK(hg_destroy(context));
}

TEST_F(Device, WithoutADriverThatWillDoIsNotThere) {
  for (const auto& [driver, words] : {std::pair<const char*, const char*>{"0", "no CUDA driver is installed"},
                                      {"11020", "the driver is too old: it supports CUDA 11.2, and the library was built with "}}) {
    setenv("SIMULATED_CUDA_DRIVER", driver, 1);
    int32_t count = -1;
    hg_handle context = 0;
    HG_EXPECT_OK(hg_device_count(&count));
    EXPECT_EQ(count, 0);
    EXPECT_NE(std::string(hg_last_error()).find(words), std::string::npos) << hg_last_error();
    expect_refused(hg_context_create_device(0, &context), HG_UNSUPPORTED, words);
    unsetenv("SIMULATED_CUDA_DRIVER");
  }
}

}  // namespace
}  // namespace hypergrad::testing
