// The whole state of one replicate. A world is made from a scenario and two keys, and changed by
// nothing but `month`.
#pragma once

#include <algorithm>
#include <memory>

#include "agents/access.hpp"
#include "agents/bad_actors.hpp"
#include "agents/community.hpp"
#include "agents/concentration.hpp"
#include "agents/defenders.hpp"
#include "agents/developers.hpp"
#include "agents/diffuse.hpp"
#include "agents/digests.hpp"
#include "agents/events.hpp"
#include "agents/exploits.hpp"
#include "agents/flaws.hpp"
#include "agents/given_models.hpp"
#include "agents/labs.hpp"
#include "agents/models.hpp"
#include "agents/record.hpp"
#include "agents/scenario.hpp"
#include "agents/shocks.hpp"
#include "agents/society.hpp"
#include "agents/states.hpp"
#include "agents/trends.hpp"
#include "engine/model.hpp"

namespace fingers {

/// Sums of months and years are not exact: what is due within half a minute of a step's beginning
/// is due.
inline constexpr double kDueSlackYears = 1e-6;

/// A step, calendar years.
struct StepTimes {
  double begin = 0;
  double end = 0;
  double years = 0;        ///< its length
  double lived_until = 0;  ///< its end, or an absorbing end before it
};

struct World {
  std::shared_ptr<const Scenario> scenario;
  WorldKeys keys;
  /// Of draws that are looked up again and again instead of being kept: what was decided once stays
  /// when a copy of the world goes on under another dynamics key (branch_world).
  StreamKey lasting;
  Clock clock;
  std::uint32_t step = 0;

  Trends trends;
  Labs labs;
  GivenModels given_models;
  Models models;
  FlawTables flaw_tables;
  Access access;
  std::shared_ptr<const Developers> developers;  ///< worlds of a replicate have the same
  std::shared_ptr<Community> community;  ///< shared with other worlds of the replicate, or null
  MonthActs own_acts;                    ///< of this month, without a community
  MonthAttempts own_attempts;            ///< likewise
  Auditors auditors;
  BadActors bad_actors;
  Hosts hosts;
  Misuse misuse;
  Exploits exploits;
  Defenders defenders;
  Defences defences;
  States states;
  Diffuse diffuse;
  Society society;
  Concentration concentration;
  Shocks shocks;
  double paused_until = 0;  ///< calendar year until which community acts pause (M5.3)

  std::vector<Quantity> quantities;  ///< what `record` measures
  Month month;
  Events events;
  Series series;
  MonthDigests digests;  ///< where `output.digests` asks for them
  bool ended = false;

  /// Years since the start, at the beginning of this step.
  [[nodiscard]] double y() const { return clock.y(step); }
  /// Calendar year at the beginning of this step.
  [[nodiscard]] double year() const { return clock.year(step); }
  [[nodiscard]] double end_of_step() const { return clock.year(step) + clock.dt_years; }
  /// All of this step's at once, for loops.
  [[nodiscard]] StepTimes times() const {
    return {.begin = year(),
            .end = end_of_step(),
            .years = clock.dt_years,
            .lived_until = std::min(end_of_step(), month.end_year)};
  }
};

/// `community`: what the world has in common with others of the same people, or null.
World make_world(std::shared_ptr<const Scenario> scenario, const WorldKeys& keys,
                 std::shared_ptr<Community> community = nullptr);

/// From the next step on the world draws anew, from this key: all that was decided stays, also what
/// has yet to show (thresholds, dates, lags, shocks; the draws of `lasting`).
void branch_world(World& world, const StreamKey& dynamics);

}  // namespace fingers
