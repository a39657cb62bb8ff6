// Vector work against its definition.
#include "run.h"

namespace hypergrad::testing {
namespace {

TEST(Vectors, WorkByTheirDefinitions) {
  for (const Sharing sharing : {Sharing::all, Sharing::tensor, Sharing::unit, Sharing::weight}) {
    TrainingRun run;
    run.layers = {40, 60, 3};
    run.sharing = sharing;
    run.complete();
    OpenRun open(run);
    const hg_handle a = open.vector(), b = open.vector();
    std::vector<double> x = run.initial, y(x.rbegin(), x.rend());
    open.write(a, x);
    open.write(b, y);
    HG_ASSERT_OK(hg_vector_subtract(open.session, a, b));
    HG_ASSERT_OK(hg_vector_multiply_add(open.session, HG_MOMENTUM_COMPLEMENT, 2, a, b));
    std::vector<double> actual = open.read(b), sums(static_cast<size_t>(run.groups));
    for (int32_t i = 0; i < run.weights; i++) {
      const double momentum = run.momenta[static_cast<size_t>(2 * run.groups + run.group_of(i))];
      y[static_cast<size_t>(i)] += (1 - momentum) * x[static_cast<size_t>(i)] - x[static_cast<size_t>(i)];
      ASSERT_NEAR(actual[static_cast<size_t>(i)], y[static_cast<size_t>(i)], 1e-14);
      sums[static_cast<size_t>(run.group_of(i))] += x[static_cast<size_t>(i)] * actual[static_cast<size_t>(i)];
    }
    hg_handle table = 0;
    HG_ASSERT_OK(hg_schedule_vector_create(open.session, HG_MOMENTUM, &table));
    HG_ASSERT_OK(hg_group_dot(open.session, table, 3, a, b));
    HG_ASSERT_OK(hg_group_dot(open.session, table, 3, a, b));
    std::vector<double> values(static_cast<size_t>(run.steps) * run.groups);
    HG_ASSERT_OK(hg_schedule_vector_read(open.session, table, 0, static_cast<int64_t>(values.size()), values.data()));
    for (size_t i = 0; i < values.size(); i++) {
      const bool is_here = i / run.groups == 3;
      ASSERT_NEAR(values[i], is_here ? 2 * sums[i % run.groups] : 0, 1e-10) << i;
    }
    HG_ASSERT_OK(hg_vector_copy(open.session, a, b));
    EXPECT_EQ(open.read(b), x);
    HG_ASSERT_OK(hg_vector_clear(open.session, b));
    EXPECT_EQ(open.read(b), std::vector<double>(x.size()));
  }
}

TEST(Vectors, PiecesGoInAndOut) {
  TrainingRun run;
  run.replicas = 2;
  run.complete();
  OpenRun open(run);
  const double piece[] = {7, 8};
  double back[3] = {};
  HG_ASSERT_OK(hg_vector_write(open.session, open.velocity, 1, 4, 2, piece));
  HG_ASSERT_OK(hg_vector_read(open.session, open.velocity, 1, 3, 3, back));
  EXPECT_EQ(std::vector<double>(back, back + 3), (std::vector<double>{0, 7, 8}));
  HG_ASSERT_OK(hg_vector_read(open.session, open.velocity, 0, 3, 3, back));
  EXPECT_EQ(back[1], 0) << "the other replica is untouched";
}

}  // namespace
}  // namespace hypergrad::testing
