// Random numbers and minibatches: known answers of Philox, and the plans against their definition.
#include <algorithm>
#include <set>

#include "data/keyed_permutation.h"
#include "open_run.h"

namespace hypergrad::testing {
namespace {

std::vector<int32_t> minibatch(const OpenRun& open, int32_t step, int32_t replica) {
  std::vector<int32_t> examples(1000);
  int32_t size = 0;
  HG_EXPECT_OK(hg_session_minibatch(open.session, step, replica, 1000, examples.data(), &size));
  examples.resize(static_cast<size_t>(size));
  return examples;
}

TEST(Philox, KnownAnswers) {
  // From the paper's own test vectors, philox4x32-10.
  const PhiloxBlock zeros = Philox{0, 0}.block(0);
  EXPECT_EQ(zeros.words[0], 0x6627E8D5u);
  EXPECT_EQ(zeros.words[1], 0xE169C58Du);
  EXPECT_EQ(zeros.words[2], 0xBC57AC4Cu);
  EXPECT_EQ(zeros.words[3], 0x9B00DBD8u);
  const PhiloxBlock ones = Philox{~uint64_t{0}, ~uint64_t{0}}.block(~uint64_t{0});
  EXPECT_EQ(ones.words[0], 0x408F276Du);
  EXPECT_EQ(ones.words[3], 0x6D5451FDu);
}

TEST(KeyedPermutation, IsAPermutation) {
  for (const int32_t count : {1, 2, 5, 63, 64, 65, 1000}) {
    const KeyedPermutation order(count, {7, 4}, 3);
    std::set<int32_t> seen;
    for (int32_t i = 0; i < count; i++) seen.insert(order[i]);
    EXPECT_EQ(seen.size(), static_cast<size_t>(count));
    EXPECT_LT(*seen.rbegin(), count);
  }
}

TEST(Minibatches, WithReplacement) {
  TrainingRun run;
  run.sampling = HG_WITH_REPLACEMENT;
  run.replicas = 2;
  run.examples = 100;
  run.batch_size = 11;
  run.seed = 42;
  run.complete();
  const OpenRun open(run);
  for (int32_t replica = 0; replica < 2; replica++)
    for (int32_t step = 0; step < run.steps; step++) {
      const std::vector<int32_t> examples = minibatch(open, step, replica);
      ASSERT_EQ(examples.size(), 11u);
      const Philox philox{42, static_cast<uint64_t>(replica) << 32 | 2};
      for (int32_t i = 0; i < 11; i++)
        EXPECT_EQ(examples[static_cast<size_t>(i)],
                  static_cast<int32_t>(uint64_t{philox.word(static_cast<uint64_t>(step) * 11 + i)} * 100 >> 32));
    }
}

TEST(Minibatches, ShuffledGoThroughEveryEpoch) {
  TrainingRun run;
  run.sampling = HG_SHUFFLED;
  run.examples = 10;
  run.batch_size = 4;
  run.steps = 10;
  run.complete();
  const OpenRun open(run);
  std::vector<int32_t> all;
  for (int32_t step = 0; step < run.steps; step++)
    for (int32_t example : minibatch(open, step, 0)) all.push_back(example);
  for (size_t epoch = 0; epoch < 4; epoch++)
    EXPECT_EQ(std::set<int32_t>(all.begin() + 10 * epoch, all.begin() + 10 * (epoch + 1)).size(), 10u);
  EXPECT_FALSE(std::equal(all.begin(), all.begin() + 10, all.begin() + 10)) << "each epoch has an order of its own";
}

TEST(Minibatches, ExplicitAndFull) {
  TrainingRun run;
  run.complete();
  const OpenRun open(run);
  for (int32_t step = 0; step < run.steps; step++) EXPECT_EQ(minibatch(open, step, 0), run.batch(step));
  TrainingRun full;
  full.sampling = HG_FULL_BATCH;
  full.complete();
  EXPECT_EQ(minibatch(OpenRun(full), 3, 0), (std::vector<int32_t>{0, 1, 2, 3, 4, 5, 6}));
}

}  // namespace
}  // namespace hypergrad::testing
