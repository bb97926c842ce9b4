// Every place is of the class that a search for its budget finds, whether costs fall below all
// budgets, between two, on one, twice on one, or above all.
#include "agents/reach_classes.hpp"

#include "agents/developers.hpp"
#include "tests/support/catch.hpp"

using namespace fingers;

namespace {

/// Budgets of 1, 2, …, n dollars.
Developers with_budgets(std::uint32_t n) {
  Developers developers;
  developers.mean_acts.assign(n, 1.0);
  for (std::uint32_t i = 0; i < n; ++i) {
    developers.sorted_budget_usd.push_back(i + 1);
  }
  return developers;
}

/// Models of these costs; the benefit of a class is its number of models in reach.
AccessTable with_costs(const Developers& developers, const std::vector<double>& costs) {
  AccessTable table;
  for (const double cost : costs) {
    const auto k = static_cast<std::uint32_t>(table.by_cost.size());
    table.by_cost.push_back(k);
    table.cost_usd.push_back(cost);
    table.poorer.push_back(count_poorer(developers, cost));
    table.weight.push_back(1);
    table.cumulative.push_back(k + 1);
    table.benefit.push_back(k + 1);
  }
  return table;
}

}  // namespace

TEST_CASE("a place is of the class that a search for its budget finds") {
  for (const std::uint32_t n : {1U, 3U, 4U, 5U, 100U}) {
    const Developers developers = with_budgets(n);
    const AccessTable others = with_costs(developers, {0, 0, 3, 17, 17, 18, 33.5, 1e9});
    const AccessTable accepted = with_costs(developers, {1, 2, 16, 41});
    ReachClasses classes;
    for (int month = 0; month < 2; ++month) {  // a second month takes the place of the first
      classes.set(n, others, accepted);
      for (const bool granted : {false, true}) {
        const AccessTable& table = granted ? accepted : others;
        for (std::uint32_t rank = 0; rank <= n; ++rank) {
          const std::uint32_t models =
              rank == n ? static_cast<std::uint32_t>(table.by_cost.size()) : table.reach(rank + 1);
          const ReachClass& found = classes.at(place_of(rank, granted, n));
          REQUIRE(found.usable == (models > 0 ? 1 : 0));
          REQUIRE(found.benefit == models);
          REQUIRE(found.cumulative == std::max(models, 1U));
        }
      }
    }
  }
}

TEST_CASE("where no model is accessible, nobody's act is worth anything") {
  ReachClasses classes;
  classes.set(with_budgets(20), {}, {});
  CHECK(classes.at(place_of(3, false, 20)).usable == 0);
  CHECK(classes.at(place_of(20, true, 20)).benefit == 0);
}
