#include "updates/exact_state.h"

#include <algorithm>
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

void require_undoable(const Progress& progress, int32_t step) {
  if (progress.phase == Progress::backward || progress.phase == Progress::weights_undone) {
    if (progress.position == static_cast<int64_t>(step) + 1) return;
    fail(HG_WRONG_ORDER, "Step ", step, " cannot be undone now; steps left to undo: ", progress.position, ".");
  }
  fail(HG_WRONG_ORDER, "Step ", step, " cannot be undone now; begin the way back first.");
}

void check_retreat_weights(Progress& progress, int32_t step, int32_t) {
  require_undoable(progress, step);
  if (progress.phase == Progress::weights_undone)
    fail(HG_WRONG_ORDER, "The weights of step ", step, " are undone already; its slots come next.");
  progress.phase = Progress::weights_undone;
}

void check_retreat_slots(Progress& progress, int32_t step, int32_t) {
  require_undoable(progress, step);
  if (progress.phase != Progress::weights_undone)
    fail(HG_WRONG_ORDER, "The slots of step ", step, " cannot be undone now; undo its weights first.");
  progress.phase = Progress::backward;
  progress.position--;
}

}  // namespace

DecayStores::DecayStores(const Session& session, const Coefficient& coefficient) {
  const Grouping& grouping = coefficient.grouping;
  plane_starts.assign(static_cast<size_t>(grouping.count()) + 1, 0);
  const std::vector<DecayRatio>& ratios = coefficient.host_ratios;
  if (std::all_of(ratios.begin(), ratios.end(), [](const DecayRatio& ratio) { return ratio.numerator == ratio.denominator; })) return;
  const SpillSchedule schedule(ratios, grouping.count());
  for (size_t group = 0; group + 1 < plane_starts.size(); group++)
    plane_starts[group + 1] = plane_starts[group] + static_cast<int64_t>(schedule.totals[group]) * grouping.sizes[group];
  if (word_bits(ratios) == 16)
    narrow = session.array<uint16_t>(session.layout.size());
  else
    wide = session.array<uint32_t>(session.layout.size());
  planes = session.array<uint8_t>(plane_starts.back() * session.replicas);
  device_plane_starts_ = Array<int64_t>(session.context, plane_starts);
  group_sizes_ = Array<int32_t>(session.context, grouping.sizes);
  spills_ = Array<uint8_t>(session.context, schedule.bytes);
  before_ = Array<int32_t>(session.context, schedule.before);
}

StoreView DecayStores::view() {
  return {narrow.data(),       wide.data(),    planes.data(), plane_starts.back(), device_plane_starts_.data(),
          group_sizes_.data(), spills_.data(), before_.data()};
}

ExactState::ExactState(const Session& session) : weight_count_(session.layout.weight_count) {
  const Optimizer& optimizer = session.optimizer;
  optimizer.require_reversible();
  positions = session.array<int64_t>(session.layout.size());
  std::vector<int64_t*> uppers;
  std::vector<uint64_t*> lowers;
  for (const Slot& slot : optimizer.slots) {
    slots.push_back({session.array<int64_t>(session.layout.size()),
                     slot.is_second_moment ? session.array<uint64_t>(session.layout.size()) : Array<uint64_t>()});
    uppers.push_back(slots.back().upper.data());
    lowers.push_back(slots.back().lower.data());
  }
  std::vector<StoreView> views(optimizer.updates.size());
  for (size_t i = 0; i < views.size(); i++) {
    if (optimizer.updates[i].kind != HG_DECAY) continue;
    decays.emplace_back(session, optimizer.coefficients[static_cast<size_t>(optimizer.updates[i].coefficient)]);
    views[i] = decays.back().view();
  }
  uppers_ = Array<int64_t*>(session.context, uppers);
  lowers_ = Array<uint64_t*>(session.context, lowers);
  stores_ = Array<StoreView>(session.context, views);
  constexpr int32_t hash_piece = 1 << 14;
  hash_pieces = (session.layout.weight_count + hash_piece - 1) / hash_piece;
  piece_hashes = session.array<uint64_t>(static_cast<int64_t>(hash_pieces) * session.replicas);
  hashes = session.array<uint64_t>(session.replicas);
}

ExactView ExactState::view(const Session& session) {
  return {session.optimizer.device_views.data(),
          session.optimizer.update_count(),
          positions.data(),
          uppers_.data(),
          lowers_.data(),
          stores_.data()};
}

int64_t ExactState::spilled_bytes() const {
  int64_t bytes = 0;
  for (const DecayStores& stores : decays) bytes += stores.spilled_bytes();
  return bytes;
}

int64_t ExactState::resident_bytes() const {
  int64_t bytes = 0;
  for (const DecayStores& stores : decays)
    bytes += static_cast<int64_t>(weight_count_) * (stores.narrow.data() != nullptr ? 2 : stores.wide.data() != nullptr ? 4 : 0);
  return bytes;
}

DecayStores& ExactState::decay(int32_t number) {
  require(number >= 0 && number < static_cast<int32_t>(decays.size()), "There are ", decays.size(), " decays, numbered from 0; decay ",
          number, " was asked for.");
  return decays[static_cast<size_t>(number)];
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
  const auto clear = [&](auto& array) {
    if (array.data() != nullptr) context.clear(array.data() + at, fixed.size() * sizeof(*array.data()));
  };
  for (ExactSlot& slot : state.slots) {
    clear(slot.upper);
    clear(slot.lower);
  }
  for (DecayStores& stores : state.decays) {
    clear(stores.narrow);
    clear(stores.wide);
  }
  const bool complete = place + count == static_cast<int64_t>(session.layout.weight_count) * session.replicas;
  progress.phase = complete ? Progress::forward : Progress::starting;
  progress.position = complete ? 0 : place + count;
}

template <class T>
bool equals_start(SessionOf<T>& session, ExactState& state, int32_t replica, int32_t first, int32_t count, const double* initial) {
  std::vector<int64_t> positions(static_cast<size_t>(count));
  for (int32_t i = 0; i < count; i++) positions[static_cast<size_t>(i)] = start_of<T>(initial[i], first + i);
  return differences_from_start(session, state, replica, first, positions) == 0;
}

template <class T>
void advance_exactly(SessionOf<T>& session, std::shared_ptr<ExactState> state, int32_t step) {
  session.perform(
      step, session.steps,
      [&session, state](StepReference t) {
        for_each_range(*session.context, session.layout,
                       AdvanceExactly<T>{state->view(session), t, session.fault_note(), session.gradient->data(), session.weights->data()});
      },
      state->progress, check_advance);
}

template <class T>
void begin_retreat(SessionOf<T>& session, std::shared_ptr<ExactState> state) {
  session.perform(
      0, 1,
      [&session, state](StepReference) {
        for_each_range(*session.context, session.layout,
                       BeginRetreat<T>{state->view(session), session.state().slots, session.optimizer.slot_count()});
      },
      state->progress, check_begin_retreat);
}

template <class T>
void retreat_weights(SessionOf<T>& session, std::shared_ptr<ExactState> state, int32_t step) {
  session.perform(
      step, session.steps,
      [&session, state](StepReference t) {
        for_each_range(*session.context, session.layout, RetreatWeights<T>{state->view(session), t, session.weights->data()});
      },
      state->progress, check_retreat_weights);
}

template <class T>
void retreat_slots(SessionOf<T>& session, std::shared_ptr<ExactState> state, int32_t step) {
  session.perform(
      step, session.steps,
      [&session, state](StepReference t) {
        for_each_range(
            *session.context, session.layout,
            RetreatSlots<T>{state->view(session), t, session.gradient->data(), session.state().slots, session.optimizer.slot_count()});
      },
      state->progress, check_retreat_slots);
}

#define HG_INSTANTIATE(T)                                                                            \
  template void start_exactly(SessionOf<T>&, ExactState&, int32_t, int32_t, int32_t, const double*); \
  template bool equals_start(SessionOf<T>&, ExactState&, int32_t, int32_t, int32_t, const double*);  \
  template void advance_exactly(SessionOf<T>&, std::shared_ptr<ExactState>, int32_t);                \
  template void begin_retreat(SessionOf<T>&, std::shared_ptr<ExactState>);                           \
  template void retreat_weights(SessionOf<T>&, std::shared_ptr<ExactState>, int32_t);                \
  template void retreat_slots(SessionOf<T>&, std::shared_ptr<ExactState>, int32_t)
HG_INSTANTIATE(float);
HG_INSTANTIATE(double);
#undef HG_INSTANTIATE

}  // namespace hypergrad
