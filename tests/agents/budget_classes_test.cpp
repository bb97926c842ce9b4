// How far budgets reach (M14).
#include "agents/budget_classes.hpp"

#include <cmath>

#include "agents/freedom.hpp"
#include "tests/support/worlds.hpp"

using namespace fingers;

TEST_CASE("a budget retrains what costs as much, and a commons multiplies it") {
  const World world = world_with("{}", "closed", kIdleLab);
  CHECK(retrainable_oom(world, 5e6) == Approx(std::log10(5e6 * 5e17)));
  CHECK(retrain_cost_usd(world, retrainable_oom(world, 5e6)) == Approx(5e6));
  CHECK(retrainable_oom(world, 0) == -std::numeric_limits<double>::infinity());
  World pooled = world_with("{}", "full-source-compute-commons", kIdleLab);
  live(pooled, 1);
  CHECK(retrainable_oom(pooled, 5e6) == Approx(std::log10(5e6 * 5e17) + 2));
}

TEST_CASE("the lag in months is the age of the frontier at that place") {
  World world = world_with("{}", "closed", kIdleLab);
  CHECK(std::isnan(months_behind(world, 25)));
  world.trends.frontier_oom = {26, 26, 27, 27, 27, 28};
  CHECK(months_behind(world, 28) == 0);
  CHECK(months_behind(world, 30) == 0);
  CHECK(months_behind(world, 27.5) == Approx(1));
  CHECK(months_behind(world, 27) == Approx(1));
  CHECK(months_behind(world, 26) == Approx(4));
  // one year of growth before the start: 12/8 + 1/1.94 doublings, budgets × 2.4, runs × 1.34
  const double growth = std::log10(2) * (12.0 / 8 + 1 / 1.94) + std::log10(2.4 * 1.34);
  CHECK(months_behind(world, 26 - growth) == Approx(6 + 12));
}

TEST_CASE("classes of budgets are told apart where freedom costs money") {
  World world = world_with(R"({"mechanisms": {"freedom": {"budget_classes": {
      "individual": {"usd_per_year": 400}, "lab": null, "firm": null,
      "state": {"usd_per_year": 1e9}}}}})",
                           "closed", kIdleLab);
  release_model(world, 25.58, Form::full_source, 1);
  live(world, 1);
  CHECK(series_of(world, "freedom_0_exercisable_individual")[0] == 1);   // 300 $ to run it
  CHECK(series_of(world, "freedom_1a_exercisable_individual")[0] == 0);  // 500 $ to tune it
  CHECK(series_of(world, "freedom_1b_exercisable_individual")[0] == 0);
  CHECK(series_of(world, "freedom_2_exercisable_individual")[0] == 1);
  CHECK(series_of(world, "freedom_1b_exercisable_state")[0] == 1);
  CHECK(series_of(world, "retrainable_lag_oom_individual")[0] ==
        Approx(25.58 - std::log10(400 * 5e17)).epsilon(1e-3));
  CHECK(series_of(world, "retrainable_lag_oom_state")[0] < 0);  // a state could go beyond it
}

TEST_CASE("a class without a known name must say its budget") {
  const auto mistakes =
      mistakes_with(R"({"mechanisms": {"freedom": {"budget_classes": {"church": {}}}}})");
  REQUIRE(mistakes.size() == 1);
  CHECK(mistakes.front().find("/mechanisms/freedom/budget_classes/church/usd_per_year") == 0);
}

TEST_CASE("the cost of the frontier is held against the largest purse") {
  World world = world_with(R"({"population": {"developers": {"count": 3}}})", "closed", kIdleLab);
  CHECK(std::isnan(retrain_cost_over_pool(world)));
  release_model(world, 22, Form::open_weights, 1);
  set_budgets(world, {10, 20, 1000});
  CHECK(retrain_cost_over_pool(world) == Approx(1e22 / 5e17 / 1000));
}
