#include "agents/trends.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "agents/world.hpp"
#include "engine/arithmetic.hpp"
#include "engine/contract.hpp"

namespace fingers {

namespace {

constexpr double kTrendYear = 2024.5;  ///< where flop_per_usd_2024 and a_b = 0 stand

/// Algorithmic gain per year without brakes and spillovers [OOM] (M1.2).
double algorithm_gain(const TrendParameters& trends) {
  return kMonthsPerYear * portable_log10(2.0) / trends.algorithm_doubling_months;
}

/// The group with the largest budget of those that follow the regime under study, or of all when
/// none does; nullptr without groups.
const LabGroup* leading_group(const Scenario& scenario) {
  const auto rank = [](const LabGroup& group) {
    return std::pair(group.regime.empty(), group.budget_usd_per_year);
  };
  const LabGroup* leading = nullptr;
  for (const LabGroup& group : scenario.labs) {
    if (leading == nullptr || rank(group) > rank(*leading)) {
      leading = &group;
    }
  }
  return leading;
}

/// Budget-weighted mean of the brakes of a bloc's labs (M1.2); 1 without labs.
double mean_pace(const World& world, std::uint32_t bloc) {
  double sum = 0;
  double weight = 0;
  for (LabId lab = 0; lab < world.labs.count(); ++lab) {
    if (world.labs.bloc[lab] == bloc) {
      const double budget = budget_usd(world, lab);
      sum += budget * world.society.groups.rules[world.labs.group[lab]].society.pace;
      weight += budget;
    }
  }
  return weight > 0 ? sum / weight : 1.0;
}

/// O of M1.2: mean over labs of the openness of the newest model in its present form.
double openness(const World& world) {
  double sum = 0;
  for (const ModelId newest : world.labs.newest) {
    sum += newest == kNone ? 0.0 : openness_weight(world.models.form[newest]);
  }
  return world.labs.count() == 0 ? 0.0 : sum / world.labs.count();
}

/// What openness adds to the speed of a bloc's algorithms (M1.2).
double spillover(const World& world, std::uint32_t bloc) {
  const TrendParameters& trends = world.scenario->mechanisms.trends;
  if (!trends.spillover_enabled) {
    return 0;
  }
  const double gained = bloc == world.trends.home_bloc ? 1.0 : trends.spillover_symmetry;
  return trends.openness_spillover * world.trends.openness * gained;
}

/// Best of the labs that train on their own.
double training_frontier(const World& world) {
  double best = kNothing;
  for (LabId lab = 0; lab < world.labs.count(); ++lab) {
    if (world.scenario->labs[world.labs.group[lab]].lag_months == 0) {
      best = std::max(best, world.labs.best_oom[lab]);
    }
  }
  return best;
}

}  // namespace

void make_trends(World& world) {
  const Scenario& scenario = *world.scenario;
  Trends& trends = world.trends;
  const LabGroup* const leading = leading_group(scenario);
  const std::string home = leading == nullptr ? "home" : leading->bloc;
  trends.blocs.push_back(home);
  for (const LabGroup& group : scenario.labs) {
    trends.blocs.push_back(group.bloc);
  }
  for (const State& state : scenario.states) {
    trends.blocs.push_back(state.bloc);
  }
  std::ranges::sort(trends.blocs);
  const auto twice = std::ranges::unique(trends.blocs);
  trends.blocs.erase(twice.begin(), twice.end());
  trends.home_bloc = bloc_number(world, home);
  trends.algorithms_oom.assign(trends.blocs.size(), (world.clock.start_year - kTrendYear) *
                                                        algorithm_gain(scenario.mechanisms.trends));
}

void advance_trends(World& world) {
  Trends& trends = world.trends;
  trends.frontier_oom.push_back(training_frontier(world));
  trends.home_oom.push_back(home_best_oom(world));
  const double growth = world.scenario->mechanisms.reporting.report_growth;
  trends.reporting = portable_pow(growth, world.y());
  if (world.step == 0) {
    return;  // the start holds for the first month
  }
  const double dt = world.clock.dt_years;
  const double gain = algorithm_gain(world.scenario->mechanisms.trends);
  trends.openness = openness(world);
  for (std::uint32_t bloc = 0; bloc < trends.blocs.size(); ++bloc) {
    trends.algorithms_oom[bloc] +=
        dt * gain * mean_pace(world, bloc) * (1.0 + spillover(world, bloc));
  }
  GroupStates& groups = world.society.groups;
  for (std::size_t g = 0; g < groups.pace_years.size(); ++g) {
    groups.pace_years[g] += dt * groups.rules[g].society.pace;
  }
}

std::uint32_t bloc_number(const World& world, const std::string& name) {
  const auto found = std::ranges::find(world.trends.blocs, name);
  EXPECT_CONTRACT(found != world.trends.blocs.end());
  return static_cast<std::uint32_t>(found - world.trends.blocs.begin());
}

double flop_per_usd(const World& world, double y) {  // M1.1
  const TrendParameters& trends = world.scenario->mechanisms.trends;
  const double since = world.clock.start_year + y - kTrendYear;
  return trends.flop_per_usd_2024 * portable_pow(2.0, since / trends.hardware_doubling_years);
}

double home_algorithms_oom(const World& world) {
  return world.trends.algorithms_oom[world.trends.home_bloc];
}

double run_share(const World& world, double y) {
  const TrainingParameters& training = world.scenario->mechanisms.training;
  return std::min(training.run_share_max,
                  training.run_share * portable_pow(training.run_growth, y));
}

double compute_growth_oom(const World& world, double y) {
  double budget_growth = 1;
  const LabGroup* largest = nullptr;
  for (const LabGroup& group : world.scenario->labs) {
    if (largest == nullptr || group.budget_usd_per_year > largest->budget_usd_per_year) {
      largest = &group;
    }
  }
  if (largest != nullptr && largest->budget_usd_per_year > 0) {
    const double start = std::min(largest->cap_usd_per_year, largest->budget_usd_per_year);
    const double grown = largest->budget_usd_per_year * portable_pow(largest->growth, y);
    budget_growth = std::min(largest->cap_usd_per_year, grown) / start;
  }
  return portable_log10(budget_growth * run_share(world, y) / run_share(world, 0) *
                        flop_per_usd(world, y) / flop_per_usd(world, 0));
}

double home_best_oom(const World& world) {
  double best = kNothing;
  for (LabId lab = 0; lab < world.labs.count(); ++lab) {
    if (world.labs.bloc[lab] == world.trends.home_bloc) {
      best = std::max(best, world.labs.best_oom[lab]);
    }
  }
  return best;
}

double home_growth_oom(const World& world) {
  const auto& history = world.trends.home_oom;  // its last entry: the beginning of this step
  const auto steps_per_year = static_cast<std::size_t>(std::llround(1.0 / world.clock.dt_years));
  if (history.size() < steps_per_year) {
    return compute_growth_oom(world, 1.0) + algorithm_gain(world.scenario->mechanisms.trends);
  }
  return home_best_oom(world) - history[history.size() - steps_per_year];
}

double lagged_frontier_oom(const World& world, double lag_months) {
  const double lag_steps = lag_months / (kMonthsPerYear * world.clock.dt_years);
  const auto back = static_cast<std::int64_t>(std::llround(lag_steps));
  const std::int64_t at = static_cast<std::int64_t>(world.step) - back;
  return at < 0 ? kNothing : world.trends.frontier_oom[static_cast<std::size_t>(at)];
}

}  // namespace fingers
