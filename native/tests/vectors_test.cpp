// Vector work against its definition.
#include "open_run.h"

namespace hypergrad::testing {
namespace {

TEST(Vectors, WorkByTheirDefinitions) {
  TrainingRun run;
  run.layers = {40, 60, 3};
  run.complete();
  OpenRun open(run);
  const hg_handle a = open.vector(), b = open.vector();
  const std::vector<double> x = run.initial, y(x.rbegin(), x.rend());
  open.write(a, x);
  open.write(b, y);
  HG_ASSERT_OK(hg_vector_add(open.session, a, b));
  const std::vector<double> sum = open.read(b);
  for (size_t i = 0; i < x.size(); i++) ASSERT_EQ(sum[i], x[i] + y[i]);
  HG_ASSERT_OK(hg_vector_copy(open.session, a, b));
  EXPECT_EQ(open.read(b), x);
  HG_ASSERT_OK(hg_vector_clear(open.session, b));
  EXPECT_EQ(open.read(b), std::vector<double>(x.size()));
}

TEST(Vectors, PiecesGoInAndOut) {
  TrainingRun run;
  run.replicas = 2;
  run.complete();
  OpenRun open(run);
  const double piece[] = {7, 8};
  double back[3] = {};
  HG_ASSERT_OK(hg_vector_write(open.session, open.slots[0], 1, 4, 2, piece));
  HG_ASSERT_OK(hg_vector_read(open.session, open.slots[0], 1, 3, 3, back));
  EXPECT_EQ(std::vector<double>(back, back + 3), (std::vector<double>{0, 7, 8}));
  HG_ASSERT_OK(hg_vector_read(open.session, open.slots[0], 0, 3, 3, back));
  EXPECT_EQ(back[1], 0) << "the other replica is untouched";
}

}  // namespace
}  // namespace hypergrad::testing
