// Recorded quantities of power and dependence: wrongful bans (M8.2), concentration (M12.1), shocks
// (M13), budget classes (M14).
#include "agents/budget_classes.hpp"
#include "agents/quantities.hpp"
#include "agents/world.hpp"

namespace fingers {

namespace {

void add_class(std::vector<Quantity>& list, const BudgetClass& budget, std::size_t place) {
  const double usd = budget.usd_per_year;
  list.push_back(level("retrainable_lag_oom_" + budget.name, "OOM",
                       "the frontier over what this budget could train again today",
                       [usd](const World& w) { return retrainable_lag_oom(w, usd); }));
  list.push_back(
      level("retrainable_lag_months_" + budget.name, "month",
            "since the frontier stood where this budget reaches today",
            [usd](const World& w) { return months_behind(w, retrainable_oom(w, usd)); }));
  for (std::size_t f = 0; f < kFreedoms; ++f) {
    list.push_back(
        level("freedom_" + std::string(kFreedomNames[f]) + "_exercisable_" + budget.name, "share",
              "what this budget may, can and can pay for",
              [f, place](const World& w) { return w.month.freedoms[f].by_class[place]; }));
  }
}

}  // namespace

void add_power_quantities(std::vector<Quantity>& list, const Scenario& scenario) {
  list.push_back(level("standing_wrongful_bans", "1/step",
                       "wrongful bans that no appeal lifts (M8.2)",
                       [](const World& w) { return w.month.standing_wrongful_bans; }));
  list.push_back(level("ban_user_months", "month/step",
                       "out of service through the wrongful bans of the step, until back",
                       [](const World& w) { return w.month.ban_user_months; }));
  list.push_back(level("concentration", "1", "Herfindahl index over controllers of use (M12.1)",
                       [](const World& w) { return w.concentration.index; }));
  list.push_back(count("shocks", "shocks that makers gave to dependants (M13)", &Month::shocks));
  list.push_back(level("lost_user_months", "month/step",
                       "out of service after a maker's shock, over all users",
                       [](const World& w) { return w.month.lost_user_months; }));
  list.push_back(level("orphan_use_share", "share",
                       "use of weights whose maker has stopped releasing, without a fork",
                       [](const World& w) { return w.month.orphans.users; }));
  list.push_back(level("orphan_lag_oom", "OOM", "the frontier over these weights; 0: none",
                       [](const World& w) { return w.month.orphans.lag_oom; }));
  list.push_back(level("orphan_lag_months", "month",
                       "since the frontier stood where these weights are; 0: none",
                       [](const World& w) { return w.month.orphans.lag_months; }));
  list.push_back(level("orphan_deep_virulence", "1",
                       "unfixed deep flaws in these weights, sum of E; 0: none",
                       [](const World& w) { return w.month.orphans.deep_virulence; }));
  list.push_back(level("retrain_cost_over_pool", "1",
                       "cost of repeating the frontier's training over the largest budget there is",
                       [](const World& w) { return retrain_cost_over_pool(w); }));
  const auto& classes = scenario.mechanisms.freedom.budget_classes;
  for (std::size_t place = 0; place < classes.size(); ++place) {
    add_class(list, classes[place], place);
  }
}

}  // namespace fingers
