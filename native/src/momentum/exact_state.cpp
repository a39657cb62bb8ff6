#include "momentum/exact_state.h"

#include <cmath>

#include "arithmetic/spill_schedule.h"

namespace hypergrad {

namespace {

// The fixed-point number that a weight starts from. A float session starts from the float nearest to it, as every other trajectory of it
// does.
template <class T>
int64_t start_of(double weight, int32_t index) {
  const double value = static_cast<double>(static_cast<T>(weight));
  require(std::fabs(value) < fixed_range, "The initial weight ", index, " is ", weight, "; the exact arithmetic holds weights up to ±",
          fixed_range, ". Lower the initial scale.");
  return fixed_from_double(value);
}

void check_advance(Progress& progress, int32_t step, int32_t) {
  if (progress.phase != Progress::forward || progress.position != step)
    fail(HG_WRONG_ORDER, "Step ", step, " cannot be taken now; ",
         progress.phase == Progress::forward ? "the next step is " + std::to_string(progress.position) : "start the exact state first",
         ".");
  progress.position++;
}

void check_begin_retreat(Progress& progress, int32_t, int32_t steps) {
  if (progress.phase != Progress::forward || progress.position != steps)
    fail(HG_WRONG_ORDER, "The way back begins after the last step, ", steps - 1, ", and begins once.");
  progress.phase = Progress::backward;
}

void check_retreat(Progress& progress, int32_t step, int32_t) {
  if (progress.phase != Progress::backward || progress.position != static_cast<int64_t>(step) + 1)
    fail(HG_WRONG_ORDER, "Step ", step, " cannot be undone now; ",
         progress.phase == Progress::backward ? "steps left to undo: " + std::to_string(progress.position) : "begin the way back first",
         ".");
  progress.position--;
}

}  // namespace

ExactState::ExactState(const Session& session) {
  const Grouping& grouping = session.momentum_grouping;
  const size_t groups = static_cast<size_t>(grouping.count());
  for (size_t i = 0; i < session.host_numerators.size(); i++)
    require(session.host_numerators[i] != 0, "The momentum of step ", i / groups, ", group ", i % groups,
            " is 0, which cannot be reversed: a step without momentum forgets its velocity. Use the checkpointed method, or a momentum "
            "above 0.");
  const SpillSchedule schedule(session.host_numerators, grouping.count());
  plane_starts.assign(1, 0);
  for (size_t group = 0; group < groups; group++)
    plane_starts.push_back(plane_starts.back() + static_cast<int64_t>(schedule.totals[group]) * grouping.sizes[group]);
  positions = session.array<int64_t>(session.layout.size());
  velocities = session.array<int64_t>(session.layout.size());
  digits = session.array<uint16_t>(session.layout.size());
  planes = session.array<uint8_t>(plane_starts.back() * session.replicas);
  device_plane_starts_ = Array<int64_t>(session.context, plane_starts);
  group_sizes_ = Array<int32_t>(session.context, grouping.sizes);
  spills_ = Array<uint8_t>(session.context, schedule.bytes);
  before_ = Array<int32_t>(session.context, schedule.before);
  constexpr int32_t hash_piece = 1 << 14;
  hash_pieces = (session.layout.weight_count + hash_piece - 1) / hash_piece;
  piece_hashes = session.array<uint64_t>(static_cast<int64_t>(hash_pieces) * session.replicas);
  hashes = session.array<uint64_t>(session.replicas);
}

ExactView ExactState::view(const Session& session) {
  return {session.schedules(), session.layout.stride,       positions.data(),    velocities.data(), digits.data(), planes.data(),
          plane_starts.back(), device_plane_starts_.data(), group_sizes_.data(), spills_.data(),    before_.data()};
}

template <class T>
void start_exactly(SessionOf<T>& session, ExactState& state, int32_t replica, int32_t first, int32_t count, const double* initial) {
  Progress& progress = *state.progress;
  const int64_t place = static_cast<int64_t>(replica) * session.layout.weight_count + first;
  if (place != 0 && (progress.phase != Progress::starting || progress.position != place))
    fail(HG_WRONG_ORDER, "The start comes in order, from replica 0, weight 0 on; weight ", first, " of replica ", replica, " is not next.");
  std::vector<int64_t> fixed(static_cast<size_t>(count));
  std::vector<T> real(static_cast<size_t>(count));
  for (int32_t i = 0; i < count; i++) {
    const size_t at = static_cast<size_t>(i);
    fixed[at] = start_of<T>(initial[i], first + i);
    real[at] = static_cast<T>(fixed_to_double(fixed[at]));
  }
  const int64_t at = replica * session.layout.stride + first;
  const Context& context = *session.context;
  context.copy_in(state.positions.data() + at, fixed.data(), fixed.size() * sizeof(int64_t));
  context.copy_in(session.weights->data() + at, real.data(), real.size() * sizeof(T));
  context.clear(state.velocities.data() + at, fixed.size() * sizeof(int64_t));
  context.clear(state.digits.data() + at, fixed.size() * sizeof(uint16_t));
  const bool complete = place + count == static_cast<int64_t>(session.layout.weight_count) * session.replicas;
  progress.phase = complete ? Progress::forward : Progress::starting;
  progress.position = complete ? 0 : place + count;
}

template <class T>
bool equals_start(SessionOf<T>& session, const ExactState& state, int32_t replica, int32_t first, int32_t count, const double* initial) {
  std::vector<int64_t> x(static_cast<size_t>(count)), v(x.size());
  std::vector<uint16_t> s(x.size());
  const int64_t at = replica * session.layout.stride + first;
  session.context->copy_out(x.data(), state.positions.data() + at, x.size() * sizeof(int64_t));
  session.context->copy_out(v.data(), state.velocities.data() + at, v.size() * sizeof(int64_t));
  session.context->copy_out(s.data(), state.digits.data() + at, s.size() * sizeof(uint16_t));
  for (int32_t i = 0; i < count; i++) {
    const size_t place = static_cast<size_t>(i);
    if (x[place] != start_of<T>(initial[i], first + i) || v[place] != 0 || s[place] != 0) return false;
  }
  return true;
}

template <class T>
void advance(SessionOf<T>& session, std::shared_ptr<ExactState> state, int32_t step) {
  session.perform(
      step, session.steps,
      [&session, state](StepReference t) {
        for_each_weight(*session.context, session.layout,
                        AdvanceWeight<T>{state->view(session), t, session.fault_note(), session.gradient->data(), session.weights->data()});
      },
      state->progress, check_advance);
}

template <class T>
void begin_retreat(SessionOf<T>& session, std::shared_ptr<ExactState> state) {
  session.perform(
      0, 1,
      [&session, state](StepReference) {
        for_each_weight(*session.context, session.layout,
                        BeginRetreat<T>{state->view(session), session.steps - 1, session.weights->data(), session.velocity->data()});
      },
      state->progress, check_begin_retreat);
}

template <class T>
void retreat(SessionOf<T>& session, std::shared_ptr<ExactState> state, int32_t step) {
  session.perform(
      step, session.steps,
      [&session, state](StepReference t) {
        for_each_weight(
            *session.context, session.layout,
            RetreatWeight<T>{state->view(session), t, session.gradient->data(), session.weights->data(), session.velocity->data()});
      },
      state->progress, check_retreat);
}

#define HG_INSTANTIATE(T)                                                                                 \
  template void start_exactly(SessionOf<T>&, ExactState&, int32_t, int32_t, int32_t, const double*);      \
  template bool equals_start(SessionOf<T>&, const ExactState&, int32_t, int32_t, int32_t, const double*); \
  template void advance(SessionOf<T>&, std::shared_ptr<ExactState>, int32_t);                             \
  template void begin_retreat(SessionOf<T>&, std::shared_ptr<ExactState>);                                \
  template void retreat(SessionOf<T>&, std::shared_ptr<ExactState>, int32_t)
HG_INSTANTIATE(float);
HG_INSTANTIATE(double);
#undef HG_INSTANTIATE

}  // namespace hypergrad
