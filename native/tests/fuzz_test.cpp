// A million calls with arguments at random: most make no sense, none may crash, and the library must still work afterwards. Handles are
// drawn from those that were ever given, so that many are stale; bodies are begun, ended and run in any order.
#include <random>

#include "sweep.h"

namespace hypergrad::testing {
namespace {

class Fuzz {
 public:
  Fuzz() {
    run_.layers = {2, 3, 2};
    run_.steps = 4;
    run_.examples = 5;
    run_.batch_size = 2;
    run_.replicas = 2;
    run_.complete();
    handles_.assign(40, 0);
  }

  void call() {
    const hg_handle s = session();
    switch (random_() % 52) {
      case 0:
        open();
        break;
      case 1:
        if (random_() % 8 == 0) hg_destroy(any());
        break;
      case 2:
        hg_destroy(keep(hg_vector_create, s));
        break;
      case 3:
        keep(hg_vector_create, s);
        break;
      case 4:
        hg_vector_write(s, any(), number(), number(), number(), numbers_);
        break;
      case 5:
        hg_vector_read(s, any(), number(), number(), number(), numbers_);
        break;
      case 6:
        hg_vector_copy(s, any(), any());
        break;
      case 7:
        hg_vector_clear(s, any());
        break;
      case 8:
        hg_vector_add(s, any(), any());
        break;
      case 9:
        hg_session_pull_back_drifts(s, step(), adjoint());
        break;
      case 10:
        hg_session_pull_back_kicks(s, step(), adjoint(), any(), number());
        break;
      case 11:
        hg_coefficient_vector_create(s, number(), slot());
        break;
      case 12:
        hg_coefficient_vector_read(s, any(), number(), static_cast<int64_t>(run_.steps) * run_.groups, numbers_);
        break;
      case 13:
        hg_session_pull_back_decays(s, step(), adjoint());
        break;
      case 14:
        hg_data_vector_create(s, number(), slot());
        break;
      case 15:
        hg_data_vector_read(s, any(), number(), number(), number(), number(), numbers_);
        break;
      case 16:
        hg_history_create(s, number(), slot());
        break;
      case 17:
        hg_history_save(s, any(), step());
        break;
      case 18:
        hg_history_load_weights(s, any(), step());
        break;
      case 19:
        hg_history_load_slots(s, any(), step());
        break;
      case 20:
        hg_line_path_create(s, 2 + static_cast<int32_t>(random_() % 2), knots_, slot());
        break;
      case 21:
        hg_line_path_save_knot(s, any(), number());
        break;
      case 22:
        hg_line_path_recall_weights(s, any(), step());
        break;
      case 23:
        hg_line_path_recall_velocity(s, any(), step());
        break;
      case 24:
        hg_line_path_recall_last_velocity(s, any());
        break;
      case 25:
        keep(hg_reversible_create, s);
        break;
      case 26:
        start(s);
        break;
      case 27:
      case 28:
        hg_reversible_advance(s, any(), step());
        break;
      case 29:
        hg_reversible_begin_retreat(s, any());
        break;
      case 30:
        hg_reversible_retreat_weights(s, any(), step());
        break;
      case 31:
        hg_reversible_retreat_slots(s, any(), step());
        break;
      case 32:
        hg_reversible_hash(s, any(), hashes_);
        break;
      case 33:
        hg_reversible_read_stores(s, any(), number(), number(), number(), number() % 9, words_);
        break;
      case 34:
        hg_reversible_equals_start(s, any(), number(), number(), number(), run_.initial.data(), &integer_);
        break;
      case 35:
        hg_reversible_plane_bytes(s, any(), number(), number(), &wide_);
        break;
      case 36:
        hg_reversible_read_planes(s, any(), number(), number(), number(), number(), number(), bytes_);
        break;
      case 37:
        hg_session_evaluate_gradient(s, step());
        break;
      case 38:
        hg_session_evaluate_tangent(s, step(), any(), any(), random_() % 2 == 0 ? 0 : any());
        break;
      case 39:
        hg_session_add_penalty_tangent(s, any(), any(), any());
        break;
      case 40:
        hg_session_advance(s, step());
        break;
      case 41:
        hg_session_training_losses(s, number(), numbers_);
        break;
      case 42:
        hg_session_minibatch(s, number(), number(), 8, integers_, &integer_);
        break;
      case 43:
        hg_dataset_create(s, number() % 6, numbers_, HG_DOUBLE, numbers_, number() % 2, number() % 2, slot());
        break;
      case 44:
        hg_session_evaluate(s, any(), any(), numbers_, numbers_ + 8);
        break;
      case 45:
        hg_body_begin(s);
        break;
      case 46:
      case 47:
        keep(hg_body_end, s);
        break;
      case 48:
      case 49:
        hg_body_run(s, any(), number(), number(), static_cast<int32_t>(random_() % 2));
        break;
      case 50:
        hg_body_cancel(s);
        break;
      default:
        hg_session_fault(s, &integer_, &integer_, &integer_, &integer_);
        break;
    }
    for (double& value : numbers_)
      if (!(value > -10 && value < 10)) value = 0.5;  // what was read is written again
  }

  void close() {
    for (int pass = 0; pass < 2; pass++)
      for (hg_handle handle : contexts_and_sessions_) hg_destroy(handle);
  }

 private:
  hg_handle any() { return random_() % 64 == 0 ? random_() : handles_[random_() % handles_.size()]; }
  hg_handle session() { return random_() % 16 == 0 || sessions_.empty() ? any() : sessions_[random_() % sessions_.size()]; }
  hg_handle* slot() { return &handles_[random_() % handles_.size()]; }
  int32_t step() { return static_cast<int32_t>(random_() % 7) - 1; }
  int32_t number() {
    static const int32_t odd[] = {-1, INT32_MIN, INT32_MAX, 3000};
    return random_() % 16 == 0 ? odd[random_() % 4] : static_cast<int32_t>(random_() % 8);
  }

  // Handles at random for its parts: now and then all of them fit.
  const hg_adjoint* adjoint() {
    for (hg_handle& handle : parts_) handle = random_() % 4 == 0 ? 0 : any();
    parts_[0] = any();
    const bool is_adam = run_.optimizer == OptimizerKind::adamw;
    adjoint_ = {sizeof adjoint_, is_adam ? 2 : 1, is_adam ? 9 : 3, 0, any(), parts_, parts_ + 2};
    return &adjoint_;
  }

  hg_handle keep(hg_status (*make)(hg_handle, hg_handle*), hg_handle session) {
    hg_handle* where = slot();
    make(session, where);
    return *where;
  }

  void start(hg_handle s) {
    const hg_handle state = any();
    for (int32_t replica = 0; replica < run_.replicas; replica++)
      hg_reversible_start(s, state, replica, 0, run_.weights, run_.initial.data());
  }

  // At most three sessions at a time.
  void open() {
    if (sessions_.size() >= 3) {
      const size_t which = random_() % sessions_.size();
      hg_destroy(sessions_[which]);
      sessions_.erase(sessions_.begin() + static_cast<std::ptrdiff_t>(which));
    }
    run_.precision = static_cast<int32_t>(random_() % 2);
    run_.sampling = static_cast<int32_t>(random_() % 4);
    run_.optimizer = random_() % 2 == 0 ? OptimizerKind::momentum : OptimizerKind::adamw;
    run_.lower();
    const hg_session_description& description = run_.description();
    hg_handle session = 0;
    if (context_ == 0) create_context(&context_);
    ASSERT_EQ(hg_session_create(context_, &description, &session), HG_OK) << hg_last_error();
    sessions_.push_back(session);
    hg_session_weights(session, slot());
    hg_session_slot(session, 0, slot());
    hg_session_gradient(session, slot());
    *slot() = session;
    contexts_and_sessions_.assign(sessions_.begin(), sessions_.end());
    contexts_and_sessions_.push_back(context_);
  }

  std::mt19937_64 random_{1};
  TrainingRun run_;
  std::vector<hg_handle> handles_, sessions_, contexts_and_sessions_;
  hg_handle context_ = 0;
  double numbers_[256] = {};
  int32_t integers_[8] = {}, integer_ = 0;
  int32_t knots_[3] = {0, 4, 4};
  int64_t wide_ = 0;
  uint32_t words_[16] = {};
  hg_handle parts_[16] = {};
  hg_adjoint adjoint_{};
  uint64_t hashes_[8] = {};
  uint8_t bytes_[8] = {};
};

TEST(Fuzz, AMillionCallsAtRandom) {
  int64_t before = -1, after = -1;
  HG_ASSERT_OK(hg_live_bytes(&before));
  {
    Fuzz fuzz;
    const int calls = is_simulated() ? 50000 : 1000000;
    for (int i = 0; i < calls; i++) fuzz.call();
    fuzz.close();
  }
  HG_ASSERT_OK(hg_live_bytes(&after));
  EXPECT_EQ(after, before);
  TrainingRun run;
  run.complete();
  EXPECT_TRUE(sweep(run, Method::reversible).is_exact);
}

}  // namespace
}  // namespace hypergrad::testing
