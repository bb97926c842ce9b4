// Outcomes of power and dependence (M8.2, M12.1, M13, M14).
#include "agents/freedom.hpp"
#include "agents/outcome_parts.hpp"

namespace fingers {

namespace {

/// Mean over those who depend on orphaned weights, and over the months in which there are some.
Outcome mean_over_orphans(const std::string& name, std::string unit, std::string meaning) {
  return outcome(name, std::move(unit), std::move(meaning), [name](const Recorded& r) {
    const std::vector<float>& users = series_named(r, "orphan_use_share");
    const std::vector<float>& values = series_named(r, name);
    double sum = 0;
    for (std::size_t t = 0; t < values.size(); ++t) {
      sum += static_cast<double>(users[t]) * static_cast<double>(values[t]);
    }
    const double all = sum_of(users);
    return all > 0 ? sum / all : kNoValue;
  });
}

double captured_year(const Recorded& r) {
  for (std::size_t row = 0; row < r.events.count(); ++row) {
    if (r.events.kind[row] == static_cast<std::uint8_t>(EventKind::capture)) {
      return r.events.time[row];
    }
  }
  return kNoValue;
}

void add_class(std::vector<Outcome>& list, const BudgetClass& budget) {
  list.push_back(series_mean("retrainable_lag_oom_" + budget.name, "OOM",
                             "what this budget lacks to train the frontier again, mean over "
                             "time"));
  list.push_back(series_mean("retrainable_lag_months_" + budget.name, "month",
                             "age of the frontier that this budget could train again, mean "
                             "over time"));
  for (const std::string_view freedom : kFreedomNames) {
    list.push_back(series_mean("freedom_" + std::string(freedom) + "_exercisable_" + budget.name,
                               "share",
                               "what this budget may, can and can pay for, mean over time (M14)"));
  }
}

}  // namespace

void add_power_outcomes(std::vector<Outcome>& list, const Scenario& scenario) {
  list.push_back(
      series_sum("standing_wrongful_bans", "1", "wrongful bans that no appeal lifted (M8.2)"));
  list.push_back(
      series_sum("ban_user_months", "month", "honest users out of service by wrongful bans"));
  list.push_back(series_mean("concentration", "1",
                             "Herfindahl index over controllers of use, mean over time (M12.1)"));
  list.push_back(outcome("captured_year", "year", "when concentrated power was abused; NaN: not",
                         captured_year));
  list.push_back(series_sum("shocks", "1", "shocks that makers gave to dependants (M13)"));
  list.push_back(
      series_sum("lost_user_months", "month", "users out of service after makers' shocks"));
  list.push_back(series_mean("orphan_use_share", "share",
                             "use of weights whose maker has stopped releasing, mean over time"));
  list.push_back(mean_over_orphans("orphan_lag_oom", "OOM",
                                   "the frontier over such weights, mean over their users"));
  list.push_back(mean_over_orphans("orphan_lag_months", "month",
                                   "age of the frontier at such weights, mean over their users"));
  list.push_back(
      mean_over_orphans("orphan_deep_virulence", "1",
                        "unfixed deep flaws in such weights, sum of E, mean over their users"));
  list.push_back(series_mean("retrain_cost_over_pool", "1",
                             "cost of the frontier's training over the largest budget, mean "
                             "over time"));
  for (const BudgetClass& budget : scenario.mechanisms.freedom.budget_classes) {
    add_class(list, budget);
  }
}

}  // namespace fingers
