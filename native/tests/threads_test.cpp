// Contexts of several threads know nothing of each other; calls on one of them take turns.
#include <thread>

#include "sweep.h"

namespace hypergrad::testing {
namespace {

TEST(Threads, HaveContextsOfTheirOwn) {
  TrainingRun run;
  run.complete();
  const Hypergradient alone = sweep(run, Method::reversible);
  std::vector<Hypergradient> together(4);
  std::vector<std::thread> threads;
  for (Hypergradient& result : together) threads.emplace_back([&result, own = run] { result = sweep(own, Method::reversible); });
  for (std::thread& thread : threads) thread.join();
  for (const Hypergradient& result : together) {
    EXPECT_TRUE(result.is_exact);
    EXPECT_EQ(result.weights, alone.weights);
    EXPECT_EQ(result.coefficients, alone.coefficients);
    EXPECT_EQ(result.inputs, alone.inputs);
  }
}

TEST(Threads, TakeTurnsOnASession) {
  TrainingRun run;
  run.complete();
  OpenRun open(run);
  open.write(open.weights, run.initial);
  const hg_handle sum = open.vector();
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; i++)
    threads.emplace_back([&] {
      for (int call = 0; call < 50; call++) {
        hg_handle own = 0;
        HG_EXPECT_OK(hg_vector_create(open.session, &own));
        HG_EXPECT_OK(hg_vector_add(open.session, open.weights, sum));
        HG_EXPECT_OK(hg_session_evaluate_gradient(open.session, call % run.steps));
        EXPECT_NE(hg_vector_clear(open.session, 0), HG_OK);
        EXPECT_NE(std::string(hg_last_error()).find("is 0"), std::string::npos) << "an error is the thread's own";
        HG_EXPECT_OK(hg_destroy(own));
      }
    });
  for (std::thread& thread : threads) thread.join();
  const std::vector<double> total = open.read(sum);
  for (size_t i = 0; i < total.size(); i++) EXPECT_NEAR(total[i], 200 * run.initial[i], 1e-10);
}

}  // namespace
}  // namespace hypergrad::testing
