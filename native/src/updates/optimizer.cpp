#include "updates/optimizer.h"

#include <cmath>
#include <set>

#include "runtime/structs.h"

namespace hypergrad {

namespace {

constexpr int32_t most_slots = 31;  // as a fault notes them

const char* name_of_kind(int32_t kind) { return kind == HG_DECAY ? "decay" : kind == HG_KICK ? "kick" : "drift"; }

}  // namespace

Coefficient::Coefficient(const std::shared_ptr<Context>& context, const Layout& layout, const hg_coefficient& given, int32_t index,
                         int32_t steps) {
  name = given.name != nullptr ? given.name : "coefficient " + std::to_string(index);
  require_pointer(given.patterns, "patterns");
  require_pointer(given.values, "values");
  grouping = Grouping(context, layout, given.patterns, given.groups, name);
  host_values.assign(given.values, given.values + static_cast<int64_t>(steps) * given.groups);
  for (size_t i = 0; i < host_values.size(); i++)
    require(std::isfinite(host_values[i]), "The ", name, " of ", entry_text(i), " is ", host_values[i], "; it must be finite.");
  values_ = Array<double>(context, host_values);
  if (given.numerators == nullptr) return;
  require_pointer(given.denominators, "denominators");
  for (size_t i = 0; i < host_values.size(); i++) {
    const DecayRatio ratio{given.numerators[i], given.denominators[i]};
    require(
        ratio.denominator >= 1 && ratio.denominator <= largest_denominator && ratio.numerator >= 0 && ratio.numerator <= ratio.denominator,
        "The ", name, " of ", entry_text(i), " is the ratio ", ratio.numerator, "/", ratio.denominator,
        "; the denominator must be from 1 to ", largest_denominator, ", and the numerator from 0 to it.");
    require(ratio.value() == host_values[i], "The ", name, " of ", entry_text(i), " is ", host_values[i], ", and its ratio ",
            ratio.numerator, "/", ratio.denominator, "; the value must be that of the ratio.");
    host_ratios.push_back(ratio);
  }
  ratios_ = Array<DecayRatio>(context, host_ratios);
}

std::string Coefficient::entry_text(size_t entry) const {
  const size_t groups = static_cast<size_t>(grouping.count());
  return "step " + std::to_string(entry / groups) + ", group " + std::to_string(entry % groups);
}

Optimizer::Optimizer(const std::shared_ptr<Context>& context, const Layout& layout, const hg_session_description& d) {
  require(d.slot_count >= 0 && d.slot_count <= most_slots, "The optimizer has ", d.slot_count, " slots; there may be from 0 to ",
          most_slots, ".");
  if (d.slot_count > 0) require_pointer(d.slots, "slots");
  const StructArray given_slots(d.slots, "hg_slot");
  for (int32_t i = 0; i < d.slot_count; i++) {
    const hg_slot slot = given_slots[i];
    require(slot.is_second_moment == 0 || slot.is_second_moment == 1, "Slot ", i, " says ", slot.is_second_moment,
            " to being a second moment; it must be 0 or 1.");
    slots.push_back({slot.name != nullptr ? slot.name : "slot " + std::to_string(i), slot.is_second_moment == 1});
  }
  require(d.coefficient_count >= 1, "The optimizer has ", d.coefficient_count, " coefficients; it needs at least 1.");
  require_pointer(d.coefficients, "coefficients");
  const StructArray given_coefficients(d.coefficients, "hg_coefficient");
  for (int32_t i = 0; i < d.coefficient_count; i++) coefficients.emplace_back(context, layout, given_coefficients[i], i, d.steps);
  take_updates(d);
  device_views = Array<UpdateView>(context, views);
}

void Optimizer::take_updates(const hg_session_description& d) {
  require(d.update_count >= 1 && d.update_count <= 1024, "The optimizer has ", d.update_count, " updates; it needs from 1 to 1024.");
  require_pointer(d.updates, "updates");
  const StructArray given_updates(d.updates, "hg_update");
  for (int32_t i = 0; i < d.update_count; i++) {
    const hg_update update = given_updates[i];
    check(update, i);
    updates.push_back(update);
    const bool is_drift = update.kind == HG_DRIFT, is_adam = is_drift && update.direction == HG_ADAM_DIRECTION;
    const auto view_of = [&](bool used, int32_t number) {
      return used ? coefficients[static_cast<size_t>(number)].view() : CoefficientView{};
    };
    views.push_back({update.kind, is_drift ? -1 : update.target, update.function, update.direction, update.slot, update.second_slot,
                     view_of(true, update.coefficient), view_of(is_adam, update.correction), view_of(is_adam, update.second_correction),
                     view_of(is_adam, update.epsilon)});
  }
  check_order();
}

const Coefficient& Optimizer::coefficient(int32_t number, int32_t update, const char* what) const {
  require(number >= 0 && number < static_cast<int32_t>(coefficients.size()), "Update ", update, " has the ", what, " ", number,
          "; there are ", coefficients.size(), " coefficients, numbered from 0.");
  return coefficients[static_cast<size_t>(number)];
}

void Optimizer::require_slot(int32_t slot, int32_t update, const char* what) const {
  require(slot >= 0 && slot < slot_count(), "Update ", update, " has the ", what, " ", slot, "; there are ", slot_count(),
          " slots, numbered from 0.");
}

void Optimizer::check(const hg_update& update, int32_t index) const {
  require(update.kind >= HG_DECAY && update.kind <= HG_DRIFT, "Update ", index, " is of kind ", update.kind, "; it must be from 0 to 2.");
  const Coefficient& factor = coefficient(update.coefficient, index, "coefficient");
  if (update.kind == HG_DRIFT) {
    require(update.direction == HG_SLOT_DIRECTION || update.direction == HG_ADAM_DIRECTION, "Update ", index, " drifts along direction ",
            update.direction, "; it must be 0 or 1.");
    require_slot(update.slot, index, "slot");
    if (update.direction == HG_SLOT_DIRECTION) {
      require(!slots[static_cast<size_t>(update.slot)].is_second_moment, "Update ", index, " drifts along ",
              slots[static_cast<size_t>(update.slot)].name, ", a second moment; a drift along a slot takes another one.");
      return;
    }
    require_slot(update.second_slot, index, "second slot");
    require(!slots[static_cast<size_t>(update.slot)].is_second_moment && slots[static_cast<size_t>(update.second_slot)].is_second_moment,
            "Update ", index, " has the slots ", update.slot, " and ", update.second_slot,
            " for Adam's direction; the second one alone must be a second moment.");
    coefficient(update.correction, index, "correction");
    coefficient(update.second_correction, index, "second correction");
    coefficient(update.epsilon, index, "epsilon");
    return;
  }
  if (update.target != -1) require_slot(update.target, index, "target");
  const bool is_second_moment = update.target >= 0 && slots[static_cast<size_t>(update.target)].is_second_moment;
  if (update.kind == HG_DECAY) {
    require(factor.is_decay(), "Update ", index, " decays by ", factor.name,
            ", which has no ratios; give its numerators and denominators.");
    return;
  }
  require(update.function == HG_GRADIENT || update.function == HG_SQUARE, "Update ", index, " kicks by function ", update.function,
          "; it must be 0 or 1.");
  require((update.function == HG_SQUARE) == is_second_moment, "Update ", index, " kicks ", name_of_target(update.target), " by ",
          update.function == HG_SQUARE ? "squares" : "gradients", "; second moments are kicked by squares, and nothing else is.");
  for (size_t i = 0; is_second_moment && i < factor.host_values.size(); i++)
    require(factor.host_values[i] >= 0, "The ", factor.name, " of ", factor.entry_text(i), " is ", factor.host_values[i],
            "; a second moment is kicked by at least 0.");
}

const std::string& Optimizer::name_of_target(int32_t target) const {
  static const std::string weights = "the weights";
  return target < 0 ? weights : slots[static_cast<size_t>(target)].name;
}

void Optimizer::check_order() const {
  std::set<int32_t> kicked;
  bool drifted = false;
  for (size_t i = 0; i < updates.size(); i++) {
    const hg_update& update = updates[i];
    const bool misplaced = update.kind == HG_DECAY  ? kicked.count(update.target) > 0 || (update.target < 0 && drifted)
                           : update.kind == HG_KICK ? drifted && update.target >= 0
                                                    : false;
    require(!misplaced, "Update ", i, ", a ", name_of_kind(update.kind), " of ",
            name_of_target(update.kind == HG_DRIFT ? -1 : update.target),
            ", is out of order: decays come before kicks, and kicks of slots before drifts.");
    if (update.kind == HG_KICK) kicked.insert(update.target);
    drifted |= update.kind == HG_DRIFT;
  }
}

void Optimizer::require_reversible() const {
  for (size_t i = 0; i < updates.size(); i++) {
    const hg_update& update = updates[i];
    require(
        update.kind != HG_KICK || update.target >= 0, "Update ", i,
        " kicks the weights, which cannot be reversed: its step reads the gradient where it moves the weights. Use a method that stores "
        "states.");
    if (update.kind != HG_DECAY) continue;
    const Coefficient& factor = coefficients[static_cast<size_t>(update.coefficient)];
    for (size_t entry = 0; entry < factor.host_ratios.size(); entry++)
      require(factor.host_ratios[entry].numerator != 0, "The ", factor.name, " of ", factor.entry_text(entry),
              " is 0, which cannot be reversed: a step without it forgets ", name_of_target(update.target),
              ". Use the checkpointed method, or a ", factor.name, " above 0.");
  }
}

}  // namespace hypergrad
