#include "agents/society.hpp"

#include <algorithm>

#include "agents/world.hpp"

namespace fingers {

namespace {

/// Events that became known in (from, to], of at least so much harm.
std::uint32_t incidents_between(const Events& events, double from, double to,
                                double at_least_musd) {
  std::uint32_t n = 0;
  for (std::size_t after = events.count(); after > 0 && events.time[after - 1] > from; --after) {
    const std::size_t i = after - 1;
    const bool harm = (events.flags[i] & kAverted) == 0;
    const bool seen = static_cast<double>(events.seen_at[i]) <= to;  // false for NaN
    n += harm && seen && static_cast<double>(events.severity_musd[i]) >= at_least_musd ? 1U : 0U;
  }
  return n;
}

/// The same for events of this month, which are not recorded yet.
std::uint32_t incidents_of_month(const World& world, double from, double at_least_musd) {
  return static_cast<std::uint32_t>(
      std::ranges::count_if(world.month.events, [&](const Event& event) {
        return (event.flags & kAverted) == 0 && event.seen_year != kNever && event.year > from &&
               event.severity_musd >= at_least_musd;
      }));
}

/// What policies may look at this month, but for a model's own age.
Situation situation_now(const World& world) {
  const double year = world.year();
  return {.year = year,
          .months_since_release = 0,
          .frontier_oom = frontier_oom(world),
          .incidents_last_year =
              static_cast<double>(incidents_between(world.events, year - 1.0, year, 0.0))};
}

void switch_regime(World& world, const PendingSwitch& pending) {
  GroupStates& groups = world.society.groups;
  for (std::size_t g = 0; g < groups.regime.size(); ++g) {
    if (groups.follows[g] == 0) {
      continue;
    }
    groups.regime[g] = pending.to_regime;
    if (pending.freeze) {
      groups.frozen_year[g] = std::min(groups.frozen_year[g], pending.year);
    }
  }
}

}  // namespace

void make_society(World& world) {
  const Scenario& scenario = *world.scenario;
  GroupStates& groups = world.society.groups;
  for (const LabGroup& group : scenario.labs) {
    groups.follows.push_back(group.regime.empty() ? 1 : 0);
    groups.regime.push_back(group.regime.empty() ? scenario.study_regime
                                                 : scenario.regime_number(group.regime));
    groups.pace_years.push_back(0);
    groups.frozen_year.push_back(kNever);
    groups.rules.emplace_back();
  }
  world.society.counted_from = world.clock.start_year;
}

Rules rules_for_model(const World& world, std::uint32_t group, double months_since_release) {
  if (!world.scenario->ai) {
    return {};  // without AI there is nothing that a regime could rule
  }
  const Regime& regime = world.scenario->regimes[world.society.groups.regime[group]];
  Situation situation = world.society.situation;
  situation.months_since_release = months_since_release;
  return rules_of(regime, situation);
}

void set_rules(World& world) {
  Society& society = world.society;
  if (!society.pending.empty() && world.year() + kDueSlackYears >= society.pending.front().year) {
    const PendingSwitch pending = society.pending.front();
    society.pending.clear();
    society.counted_from = world.year();
    switch_regime(world, pending);
  }
  society.situation = situation_now(world);
  for (std::uint32_t g = 0; g < society.groups.rules.size(); ++g) {
    society.groups.rules[g] = rules_for_model(world, g, 0);
  }
}

void respond(World& world) {
  if (!world.scenario->mechanisms.response.enabled || !world.society.pending.empty()) {
    return;
  }
  const GroupStates& groups = world.society.groups;
  for (std::size_t g = 0; g < groups.rules.size(); ++g) {
    const ResponseRules& response = groups.rules[g].response;
    if (groups.follows[g] == 0 || response.after_incidents == 0 ||
        response.to_regime == kNoRegime) {
      continue;
    }
    const double now = world.end_of_step();
    const double from =
        std::max(now - response.within_months / kMonthsPerYear, world.society.counted_from);
    if (incidents_between(world.events, from, now, response.at_least_musd) +
            incidents_of_month(world, from, response.at_least_musd) >=
        response.after_incidents) {
      world.society.pending.push_back({.year = now + response.lag_months / kMonthsPerYear,
                                       .to_regime = response.to_regime,
                                       .freeze = response.freeze});
      return;
    }
  }
}

}  // namespace fingers
