// Labs (M1): budgets, training runs at fixed slots, race and safety share, their own presses of the
// button; and the trends of hardware and algorithms that carry them.
#pragma once

#include <cstdint>
#include <vector>

#include "agents/models.hpp"

namespace fingers {

struct Labs {
  std::vector<std::uint64_t> identity;  ///< (group's name, rank)
  std::vector<std::uint32_t> group;     ///< number in Scenario::labs
  std::vector<double> rank;             ///< 1 for the largest budget
  std::vector<double> phase_months;     ///< of its training slots, 0 to cadence
  std::vector<double> best_oom;         ///< best of its own models, -infinity before the first
  std::vector<double> learnt_oom;       ///< what it learnt from others (k of M3.3)
  std::vector<ModelId> newest;          ///< its newest model, kNone before the first

  [[nodiscard]] std::uint32_t count() const { return static_cast<std::uint32_t>(identity.size()); }
};

/// What carries all labs.
struct Trends {
  double algorithms_oom = 0;         ///< a_b of M1.2, 0 in mid-2024
  double openness = 0;               ///< O of M1.2
  std::vector<double> frontier_oom;  ///< best of the groups that train on their own, per step
};

/// Labs of all groups, with their initial models.
void make_labs(World& world);

/// M1.1, M1.2: one month of hardware and algorithms.
void advance_trends(World& world);

/// M1.3 to M1.6: labs whose slot is in this month train, evaluate, release and test.
void train_and_release(World& world);

/// FLOP that a dollar buys at y years after the start.
double flop_per_usd(const World& world, double y);

}  // namespace fingers
