// The sessions that a test opens on a training run, on the host or on a device.
#pragma once

#include <vector>

#include "run.h"

namespace hypergrad::testing {

// Where the sessions of the tests compute: on the host, or on the device that HYPERGRAD_TEST_DEVICE in the environment numbers.
constexpr int32_t host = -1;
int32_t executor_under_test();
hg_status create_context(hg_handle* context, int32_t executor = executor_under_test());
bool is_simulated();  // so that a long run would take too long

// A call's status, once what it queued is done.
inline hg_status and_wait(hg_handle session, hg_status status) { return status == HG_OK ? hg_session_synchronize(session) : status; }

// A context and a session on it, destroyed with it.
class OpenRun {
 public:
  explicit OpenRun(const TrainingRun& run, int32_t executor = executor_under_test());
  ~OpenRun();
  OpenRun(const OpenRun&) = delete;
  OpenRun& operator=(const OpenRun&) = delete;

  hg_handle vector();
  void write(hg_handle vector, const std::vector<double>& values, int32_t replica = 0);
  std::vector<double> read(hg_handle vector, int32_t replica = 0);
  void start();          // w ← initial, slots ← 0, all replicas
  void start_exactly();  // the same in the exact state

  const TrainingRun& run;
  hg_handle context = 0, session = 0, weights = 0, gradient = 0, state = 0;
  std::vector<hg_handle> slots;
};

// An adjoint of a session's state, with a table for every coefficient.
class OpenAdjoint {
 public:
  explicit OpenAdjoint(OpenRun& open);

  std::vector<double> table(int32_t coefficient, int32_t replica = 0) const;

  OpenRun& open;
  hg_handle weights = 0;
  std::vector<hg_handle> slots, coefficients;
  hg_adjoint parts{};
};

}  // namespace hypergrad::testing
