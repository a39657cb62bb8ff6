#include "open_run.h"

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
  properties.struct_size = sizeof properties;
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

OpenRun::OpenRun(const TrainingRun& given, int32_t executor) : run(given) {
  const hg_session_description& description = run.description();
  HG_EXPECT_OK(create_context(&context, executor));
  HG_EXPECT_OK(hg_session_create(context, &description, &session));
  HG_EXPECT_OK(hg_session_weights(session, &weights));
  slots.resize(run.slots.size());
  for (size_t i = 0; i < slots.size(); i++) HG_EXPECT_OK(hg_session_slot(session, static_cast<int32_t>(i), &slots[i]));
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
  for (const hg_handle slot : slots) HG_EXPECT_OK(hg_vector_clear(session, slot));
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

OpenAdjoint::OpenAdjoint(OpenRun& of) : open(of), weights(of.vector()) {
  for (size_t i = 0; i < open.slots.size(); i++) slots.push_back(open.vector());
  for (size_t i = 0; i < open.run.coefficients.size(); i++) {
    coefficients.push_back(0);
    HG_EXPECT_OK(hg_coefficient_vector_create(open.session, static_cast<int32_t>(i), &coefficients.back()));
  }
  parts = {sizeof parts,       static_cast<int32_t>(slots.size()), static_cast<int32_t>(coefficients.size()), 0, weights, slots.data(),
           coefficients.data()};
}

std::vector<double> OpenAdjoint::table(int32_t coefficient, int32_t replica) const {
  std::vector<double> values(static_cast<size_t>(open.run.steps) * open.run.groups);
  HG_EXPECT_OK(hg_coefficient_vector_read(open.session, coefficients[static_cast<size_t>(coefficient)], replica,
                                          static_cast<int64_t>(values.size()), values.data()));
  return values;
}

}  // namespace hypergrad::testing
