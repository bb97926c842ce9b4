// Regimes in force (M2.2) and rules that change them in mid-run (M12.2).
#pragma once

#include <cstdint>
#include <vector>

#include "policies/rules.hpp"
#include "policies/situation.hpp"

namespace fingers {

struct World;

/// One row a group of labs.
struct GroupStates {
  std::vector<std::uint32_t> regime;  ///< in force, number in Scenario::regimes
  std::vector<std::uint8_t> follows;  ///< 1: follows the regime under study
  std::vector<double> pace_years;     ///< integral of pace: budgets grow with it
  std::vector<double> frozen_year;    ///< when staged clocks stopped; infinity: they run
  std::vector<Rules> rules;           ///< of this month, for a model on its first day
};

/// A switch that is decided and not yet done.
struct PendingSwitch {
  double year = 0;
  std::uint32_t to_regime = kNoRegime;
  bool freeze = false;
};

struct Society {
  GroupStates groups;
  Situation situation;                 ///< of this month
  std::vector<PendingSwitch> pending;  ///< at most one, for the regime under study
  double counted_from = 0;             ///< incidents before this do not count (after a switch)
};

void make_society(World& world);

/// Rules of the month for every group.
void set_rules(World& world);

/// Rules for a model of a group, with its own months since release.
Rules rules_for_model(const World& world, std::uint32_t group, double months_since_release);

/// M12.2: counts incidents and switches regimes.
void respond(World& world);

}  // namespace fingers
