// The optimizer of a session: its slots, coefficients and list of updates, checked and on the context.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "hypergrad/description.h"
#include "updates/update_view.h"

namespace hypergrad {

struct Slot {
  std::string name;
  bool is_second_moment;
};

class Coefficient {
 public:
  Coefficient(const std::shared_ptr<Context>& context, const Layout& layout, const hg_coefficient& given, int32_t index, int32_t steps);

  CoefficientView view() const { return {grouping.device_patterns.data(), values_.data(), ratios_.data(), grouping.count()}; }
  bool is_decay() const { return !host_ratios.empty(); }
  // For messages: "step 3, group 1".
  std::string entry_text(size_t entry) const;

  std::string name;
  Grouping grouping;
  std::vector<double> host_values;      // [steps × groups]
  std::vector<DecayRatio> host_ratios;  // the same, or none

 private:
  Array<double> values_;
  Array<DecayRatio> ratios_;
};

class Optimizer {
 public:
  Optimizer() = default;
  Optimizer(const std::shared_ptr<Context>& context, const Layout& layout, const hg_session_description& description);

  int32_t slot_count() const { return static_cast<int32_t>(slots.size()); }
  int32_t update_count() const { return static_cast<int32_t>(updates.size()); }

  // Refuses a list whose updates cannot be undone.
  void require_reversible() const;
  const std::string& name_of_target(int32_t target) const;

  std::vector<Slot> slots;
  std::vector<Coefficient> coefficients;
  std::vector<hg_update> updates;
  std::vector<UpdateView> views;  // of the updates
  Array<UpdateView> device_views;

 private:
  void take_updates(const hg_session_description& description);
  void check(const hg_update& update, int32_t index) const;
  void check_order() const;
  const Coefficient& coefficient(int32_t number, int32_t update, const char* what) const;
  void require_slot(int32_t slot, int32_t update, const char* what) const;
};

}  // namespace hypergrad
