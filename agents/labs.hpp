// Labs (M1): budgets, training runs at fixed slots, race and safety share, their own presses of the
// button; and what they learn from each other (M3.3).
#pragma once

#include <cstdint>
#include <vector>

#include "agents/models.hpp"

namespace fingers {

struct Labs {
  std::vector<std::uint64_t> identity;  ///< (group's name, rank)
  std::vector<std::uint32_t> group;     ///< number in Scenario::labs
  std::vector<std::uint32_t> bloc;      ///< number in Trends::blocs
  std::vector<double> rank;             ///< 1 for the largest budget
  std::vector<double> phase_months;     ///< of its training slots, 0 to cadence
  std::vector<double> best_oom;         ///< best of its own models, -infinity before the first
  std::vector<double> learnt_oom;       ///< what it learnt from others (k of M3.3)
  std::vector<ModelId> newest;          ///< its newest model, kNone before the first

  [[nodiscard]] std::uint32_t count() const { return static_cast<std::uint32_t>(identity.size()); }
};

/// Labs of all groups, with their initial models.
void make_labs(World& world);

/// M1.3 to M1.6: labs whose slot is in this month train, evaluate, release and test.
void train_and_release(World& world);

/// M3.3: what labs learn in a month from weights that are out and from hosted models of others; it
/// appears in their next run.
void learn_from_others(World& world);

/// A lab's yearly budget for compute now (M1.3), in dollars.
double budget_usd(const World& world, LabId lab);

/// Security of a lab's weights: its own level and what its regime adds (M3.1, M3.2).
double security_level(const World& world, LabId lab);

/// M1.6: the staff press the button in a run and in internal use of a new model.
void test_model(World& world, LabId lab, ModelId model);

}  // namespace fingers
