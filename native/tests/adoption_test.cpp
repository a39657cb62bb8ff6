// Memory that the caller keeps in the place of a vector, and where the session's own vectors are.
#include "open_run.h"

namespace hypergrad::testing {
namespace {

template <class T>
void expect_adopted_vectors_to_work(int32_t precision) {
  TrainingRun run;
  run.layers = {3, 5, 3};  // 38 weights: the session's own vectors are padded
  run.precision = precision;
  run.complete();
  OpenRun open(run, host);
  const size_t count = static_cast<size_t>(run.weights);
  // One number more than the vector has on either side: it stays as it is.
  std::vector<T> x(count + 2, T(0.5)), y(count + 2, T(0.25));
  for (size_t i = 0; i < count; i++) x[i + 1] = static_cast<T>(run.initial[i]);
  const int64_t bytes = static_cast<int64_t>(count * sizeof(T));
  int64_t live_before = -1, live = -1;
  HG_ASSERT_OK(hg_live_bytes(&live_before));
  hg_handle a = 0, b = 0;
  HG_ASSERT_OK(hg_vector_adopt(open.session, x.data() + 1, bytes, &a));
  HG_ASSERT_OK(hg_vector_adopt(open.session, y.data() + 1, bytes, &b));
  HG_ASSERT_OK(hg_live_bytes(&live));
  EXPECT_EQ(live, live_before) << "adopted memory is not the library's";
  EXPECT_EQ(x[1], static_cast<T>(run.initial[0])) << "adopting clears nothing";

  HG_ASSERT_OK(hg_vector_add(open.session, a, b));
  for (size_t i = 0; i < count; i++) ASSERT_NEAR(y[i + 1], 0.25 + x[i + 1], 1e-6) << "weight " << i;
  HG_ASSERT_OK(hg_vector_copy(open.session, a, open.weights));
  HG_ASSERT_OK(hg_session_evaluate_gradient(open.session, 0));
  HG_ASSERT_OK(hg_vector_copy(open.session, open.gradient, b));
  const std::vector<double> gradient = open.read(open.gradient);
  for (size_t i = 0; i < count; i++) ASSERT_EQ(static_cast<double>(y[i + 1]), gradient[i]);
  HG_ASSERT_OK(hg_session_evaluate_tangent(open.session, 0, a, b, 0));
  HG_ASSERT_OK(hg_session_add_penalty_tangent(open.session, a, b, 0));
  HG_ASSERT_OK(hg_vector_copy(open.session, a, b));
  HG_ASSERT_OK(hg_vector_add(open.session, a, b));
  for (size_t i = 0; i < count; i++) ASSERT_EQ(y[i + 1], x[i + 1] + x[i + 1]);
  HG_ASSERT_OK(hg_vector_copy(open.session, a, b));
  HG_ASSERT_OK(hg_vector_clear(open.session, a));
  for (size_t i = 0; i < count; i++) ASSERT_EQ(x[i + 1], T(0));
  EXPECT_EQ(x.front(), T(0.5));
  EXPECT_EQ(x.back(), T(0.5));
  EXPECT_EQ(y.front(), T(0.25));
  EXPECT_EQ(y.back(), T(0.25));

  HG_ASSERT_OK(hg_live_bytes(&live_before));
  HG_ASSERT_OK(hg_destroy(b));
  EXPECT_EQ(y[1], static_cast<T>(run.initial[0])) << "destroying leaves the memory alone";
  HG_ASSERT_OK(hg_live_bytes(&live));
  EXPECT_EQ(live, live_before);
}

TEST(Adoption, OfMemoryInTheSessionsPrecision) {
  expect_adopted_vectors_to_work<double>(HG_DOUBLE);
  expect_adopted_vectors_to_work<float>(HG_SINGLE);
}

TEST(Adoption, OfWorkInABody) {
  TrainingRun run;
  run.complete();
  OpenRun open(run, host);
  std::vector<double> sum(static_cast<size_t>(run.weights));
  hg_handle adopted = 0, body = 0;
  HG_ASSERT_OK(hg_vector_adopt(open.session, sum.data(), static_cast<int64_t>(sum.size() * sizeof(double)), &adopted));
  open.write(open.weights, run.initial);
  HG_ASSERT_OK(hg_body_begin(open.session));
  HG_ASSERT_OK(hg_vector_add(open.session, open.weights, adopted));
  HG_ASSERT_OK(hg_body_end(open.session, &body));
  HG_ASSERT_OK(hg_body_run(open.session, body, 0, 3, 0));
  for (size_t i = 0; i < sum.size(); i++) ASSERT_NEAR(sum[i], 3 * run.initial[i], 1e-12);
}

TEST(Adoption, OfReplicasThatNeedNoPadding) {
  TrainingRun run;
  run.layers = {7, 4};  // 32 weights
  run.replicas = 2;
  run.complete();
  OpenRun open(run, host);
  std::vector<double> numbers(64, 1.0);
  hg_handle adopted = 0;
  HG_ASSERT_OK(hg_vector_adopt(open.session, numbers.data(), 64 * sizeof(double), &adopted));
  numbers[32] = 5;
  double second = 0;
  HG_ASSERT_OK(hg_vector_read(open.session, adopted, 1, 0, 1, &second));
  EXPECT_EQ(second, 5);
}

TEST(Adoption, IsRefusedWhereTheMemoryDoesNotFit) {
  TrainingRun run;
  run.complete();
  OpenRun open(run, host);
  const int64_t bytes = run.weights * static_cast<int64_t>(sizeof(double));
  std::vector<double> memory(static_cast<size_t>(run.weights) + 1);
  hg_handle made = 0;
  for (const int64_t wrong : {bytes - 8, bytes + 8, bytes / 2, int64_t{0}, int64_t{-8}})
    expect_refused(hg_vector_adopt(open.session, memory.data(), wrong, &made), HG_INVALID_ARGUMENT,
                   "The memory has " + std::to_string(wrong) + " bytes; a vector of 1 replicas");
  void* odd = reinterpret_cast<char*>(memory.data()) + 4;
  expect_refused(hg_vector_adopt(open.session, odd, bytes, &made), HG_INVALID_ARGUMENT, "not aligned to its numbers of 8 bytes");
  expect_refused(hg_vector_adopt(open.session, nullptr, bytes, &made), HG_NULL_ARGUMENT, "'values' is null");
  expect_refused(hg_vector_adopt(open.session, memory.data(), bytes, nullptr), HG_NULL_ARGUMENT, "'vector' is null");
  expect_refused(hg_vector_adopt(0, memory.data(), bytes, &made), HG_NULL_ARGUMENT, "is 0");
  expect_refused(hg_vector_adopt(open.context, memory.data(), bytes, &made), HG_INVALID_HANDLE, "not of a session");
  HG_ASSERT_OK(hg_body_begin(open.session));
  expect_refused(hg_vector_adopt(open.session, memory.data(), bytes, &made), HG_WRONG_ORDER, "Making an object");
  HG_ASSERT_OK(hg_body_cancel(open.session));
  EXPECT_EQ(made, 0u);

  TrainingRun padded;
  padded.layers = {3, 5, 3};  // 38 weights
  padded.replicas = 2;
  padded.complete();
  OpenRun two(padded, host);
  std::vector<double> both(76);
  expect_refused(hg_vector_adopt(two.session, both.data(), 76 * sizeof(double), &made), HG_UNSUPPORTED, "38 weights are padded to 64");
}

TEST(Adoption, AnAdoptedVectorBelongsToItsSession) {
  TrainingRun run;
  run.complete();
  OpenRun first(run, host), second(run, host);
  std::vector<double> memory(static_cast<size_t>(run.weights));
  hg_handle adopted = 0;
  void* values = nullptr;
  int64_t stride = 0;
  HG_ASSERT_OK(hg_vector_adopt(first.session, memory.data(), static_cast<int64_t>(memory.size() * sizeof(double)), &adopted));
  expect_refused(hg_vector_clear(second.session, adopted), HG_INVALID_HANDLE, "belongs to another session");
  expect_refused(hg_vector_address(second.session, adopted, &values, &stride), HG_INVALID_HANDLE, "belongs to another session");
  HG_EXPECT_OK(hg_vector_address(first.session, adopted, &values, &stride));
  EXPECT_EQ(values, memory.data());
}

TEST(Adoption, AnAddressIsOfTheSessionsOwnMemory) {
  TrainingRun run;
  run.replicas = 2;
  run.complete();
  OpenRun open(run, host);
  void* values = nullptr;
  int64_t stride = 0;
  HG_ASSERT_OK(hg_vector_address(open.session, open.slots[0], &values, &stride));
  EXPECT_GE(stride, run.weights);
  static_cast<double*>(values)[stride + 4] = 7;
  double back = 0;
  HG_ASSERT_OK(hg_vector_read(open.session, open.slots[0], 1, 4, 1, &back));
  EXPECT_EQ(back, 7);
  const double in = 9;
  HG_ASSERT_OK(hg_vector_write(open.session, open.slots[0], 1, 5, 1, &in));
  EXPECT_EQ(static_cast<double*>(values)[stride + 5], 9);

  expect_refused(hg_vector_address(open.session, open.slots[0], nullptr, &stride), HG_NULL_ARGUMENT, "'values' is null");
  expect_refused(hg_vector_address(open.session, open.slots[0], &values, nullptr), HG_NULL_ARGUMENT, "'stride' is null");
  expect_refused(hg_vector_address(open.session, 0, &values, &stride), HG_NULL_ARGUMENT, "is 0");
  expect_refused(hg_vector_address(0, open.slots[0], &values, &stride), HG_NULL_ARGUMENT, "is 0");
  expect_refused(hg_vector_address(open.session, open.session, &values, &stride), HG_INVALID_HANDLE, "not of a vector");
}

TEST(Adoption, OfADeviceIsRefusedWhereThereIsNone) {
  int32_t count = -1;
  HG_ASSERT_OK(hg_device_count(&count));
  hg_handle context = 0;
  expect_refused(hg_context_adopt_device(0, nullptr, nullptr, nullptr, nullptr), HG_NULL_ARGUMENT, "'context' is null");
  expect_refused(hg_context_adopt_device(-1, nullptr, nullptr, nullptr, &context), HG_INVALID_ARGUMENT, "Device -1 was asked for");
  EXPECT_EQ(hg_context_adopt_device(count, nullptr, nullptr, nullptr, &context), count == 0 ? HG_UNSUPPORTED : HG_INVALID_ARGUMENT);
  EXPECT_STRNE(hg_last_error(), "");
  EXPECT_EQ(context, 0u);
}

TEST(Adoption, OfADevicesOwnParts) {
  int32_t count = 0;
  HG_ASSERT_OK(hg_device_count(&count));
  if (count == 0) GTEST_SKIP() << "There is no device: " << hg_last_error();
  TrainingRun run;
  run.complete();
  const hg_session_description& description = run.description();
  hg_handle lender = 0, context = 0, session = 0, weights = 0, adopted = 0, made = 0;
  void *stream = nullptr, *same = nullptr, *values = nullptr;
  int64_t stride = 0;
  HG_ASSERT_OK(hg_context_create_device(0, &lender));
  HG_ASSERT_OK(hg_context_stream(lender, &stream));
  HG_ASSERT_OK(hg_context_adopt_device(0, nullptr, stream, nullptr, &context));
  HG_ASSERT_OK(hg_context_stream(context, &same));
  EXPECT_EQ(same, stream);
  HG_ASSERT_OK(hg_session_create(context, &description, &session));
  HG_ASSERT_OK(hg_session_weights(session, &weights));
  HG_ASSERT_OK(hg_vector_write(session, weights, 0, 0, run.weights, run.initial.data()));
  HG_ASSERT_OK(hg_session_evaluate_gradient(session, 0));
  HG_ASSERT_OK(hg_vector_address(session, weights, &values, &stride));
  const int64_t bytes = run.weights * static_cast<int64_t>(sizeof(double));
  HG_ASSERT_OK(hg_vector_adopt(session, values, bytes, &adopted));
  std::vector<double> back(run.initial.size());
  HG_ASSERT_OK(hg_vector_read(session, adopted, 0, 0, run.weights, back.data()));
  EXPECT_EQ(back, run.initial) << "the two are one memory";
  expect_refused(hg_vector_adopt(session, back.data(), bytes, &made), HG_INVALID_ARGUMENT, "not device or managed memory of device 0");
  HG_ASSERT_OK(hg_destroy(session));
  HG_ASSERT_OK(hg_destroy(context));
  HG_EXPECT_OK(hg_context_synchronize(lender)) << "an adopted stream is not destroyed";
  HG_ASSERT_OK(hg_destroy(lender));
}

TEST(Adoption, AHostContextHasNoStream) {
  hg_handle context = 0;
  void* stream = nullptr;
  HG_ASSERT_OK(hg_context_create_host(&context));
  expect_refused(hg_context_stream(context, &stream), HG_UNSUPPORTED, "on the host");
  expect_refused(hg_context_stream(context, nullptr), HG_NULL_ARGUMENT, "'stream' is null");
  expect_refused(hg_context_stream(0, &stream), HG_NULL_ARGUMENT, "is 0");
  HG_EXPECT_OK(hg_destroy(context));
  expect_refused(hg_context_stream(context, &stream), HG_INVALID_HANDLE, "destroyed");
}

}  // namespace
}  // namespace hypergrad::testing
