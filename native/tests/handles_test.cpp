// Handles: used after their object was destroyed, of another kind, of another session; and nothing left when all is destroyed.
#include "open_run.h"

namespace hypergrad::testing {
namespace {

TEST(Handles, AreRefusedAfterDestruction) {
  TrainingRun run;
  run.complete();
  OpenRun open(run);
  const hg_handle vector = open.vector();
  HG_EXPECT_OK(hg_destroy(vector));
  expect_refused(hg_destroy(vector), HG_INVALID_HANDLE, "destroyed");
  const hg_handle other = open.vector();  // takes the same place
  EXPECT_NE(other, vector);
  expect_refused(hg_vector_clear(open.session, vector), HG_INVALID_HANDLE, "destroyed");
  HG_EXPECT_OK(hg_vector_clear(open.session, other));
}

TEST(Handles, AreRefusedForAnotherKindOrSession) {
  TrainingRun run;
  run.complete();
  OpenRun first(run), second(run);
  expect_refused(hg_vector_clear(first.session, first.session), HG_INVALID_HANDLE, "is of a session, not of a vector");
  expect_refused(hg_vector_clear(first.session, second.weights), HG_INVALID_HANDLE, "belongs to another session");
  expect_refused(hg_vector_clear(first.weights, first.weights), HG_INVALID_HANDLE, "not of a session");
  expect_refused(hg_destroy(0), HG_NULL_ARGUMENT, "is 0");
  expect_refused(hg_destroy(0x0123456789ABCDEFu), HG_INVALID_HANDLE, "no object");
  expect_refused(hg_destroy(~hg_handle{0}), HG_INVALID_HANDLE, "no object");
}

TEST(Handles, ASessionTakesItsObjectsAlong) {
  int64_t before = -1, during = -1, after = -1;
  HG_EXPECT_OK(hg_live_bytes(&before));
  hg_handle vector = 0, body = 0;
  {
    TrainingRun run;
    run.complete();
    OpenRun open(run);
    open.start_exactly();
    vector = open.vector();
    HG_EXPECT_OK(hg_body_begin(open.session));
    HG_EXPECT_OK(hg_vector_clear(open.session, vector));
    HG_EXPECT_OK(hg_body_end(open.session, &body));
    HG_EXPECT_OK(hg_live_bytes(&during));
    expect_refused(hg_destroy(open.context), HG_WRONG_ORDER, "The context has 1 sessions");
    for (const hg_handle own : {open.weights, open.gradient, open.slots[0]})
      expect_refused(hg_destroy(own), HG_INVALID_ARGUMENT, "destroy the session");
  }
  expect_refused(hg_destroy(vector), HG_INVALID_HANDLE, "destroyed");
  expect_refused(hg_destroy(body), HG_INVALID_HANDLE, "destroyed");
  HG_EXPECT_OK(hg_live_bytes(&after));
  EXPECT_GT(during, before);
  EXPECT_EQ(after, before);
}

TEST(Handles, ABodyKeepsWhatItWorksOn) {
  TrainingRun run;
  run.complete();
  OpenRun open(run);
  const hg_handle vector = open.vector();
  hg_handle body = 0;
  HG_EXPECT_OK(hg_body_begin(open.session));
  HG_EXPECT_OK(hg_vector_add(open.session, open.weights, vector));
  HG_EXPECT_OK(hg_body_end(open.session, &body));
  HG_EXPECT_OK(hg_destroy(vector));
  HG_EXPECT_OK(hg_body_run(open.session, body, 0, run.steps, 0));
}

}  // namespace
}  // namespace hypergrad::testing
