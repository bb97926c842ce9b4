#include "agents/budget_classes.hpp"

#include <algorithm>
#include <cmath>

#include "agents/freedom.hpp"
#include "agents/world.hpp"
#include "engine/arithmetic.hpp"

namespace fingers {

namespace {

/// Growth of the frontier a year at the start, without brakes [OOM].
double frontier_growth_oom(const World& world) {
  const Mechanisms& m = world.scenario->mechanisms;
  const LabGroup* largest = nullptr;
  for (const LabGroup& group : world.scenario->labs) {
    if (largest == nullptr || group.budget_usd_per_year > largest->budget_usd_per_year) {
      largest = &group;
    }
  }
  const double budgets = largest == nullptr ? 1.0 : largest->growth;
  return portable_log10(2.0) * (kMonthsPerYear / m.trends.algorithm_doubling_months +
                                1.0 / m.trends.hardware_doubling_years) +
         portable_log10(budgets * m.training.run_growth);
}

}  // namespace

double retrainable_oom(const World& world, double budget_usd) {
  // the cost of a model grows by a factor of 10 an OOM, so one price tells all
  return budget_usd > 0 ? portable_log10(budget_usd / retrain_cost_usd(world, 0.0)) : kNothing;
}

double retrainable_lag_oom(const World& world, double budget_usd) {
  return world.models.count() == 0 ? kNoValue
                                   : frontier_oom(world) - retrainable_oom(world, budget_usd);
}

double months_behind(const World& world, double capability_oom) {
  const std::vector<double>& frontier = world.trends.frontier_oom;
  const double months_a_step = kMonthsPerYear * world.clock.dt_years;
  const auto passed = std::ranges::upper_bound(frontier, capability_oom);  // it never falls
  if (passed == frontier.end()) {
    return frontier.empty() ? kNoValue : 0.0;
  }
  const double since = months_a_step * static_cast<double>(frontier.end() - passed);
  const bool first = passed == frontier.begin() || !std::isfinite(*(passed - 1));
  const double growth = frontier_growth_oom(world);
  return first && growth > 0 ? since + kMonthsPerYear * (*passed - capability_oom) / growth : since;
}

double retrain_cost_over_pool(const World& world) {
  const auto& budgets = world.developers->sorted_budget_usd;
  if (budgets.empty() || world.models.count() == 0) {
    return kNoValue;
  }
  return retrain_cost_usd(world, frontier_oom(world)) / budgets.back();
}

}  // namespace fingers
