// Sums of acts by place against sums over all developers, whether costs fall below all budgets,
// between two, on one, twice on one, or above all.
#include "agents/acts_by_place.hpp"

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
    developers.place.push_back(place_of(i, false, n));
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

TEST_CASE("acts below a place are those of who stands there, whoever that is") {
  for (const std::uint32_t n : {1U, 5U, 63U, 64U, 300U}) {
    std::vector<std::uint32_t> place;
    std::vector<std::uint32_t> developer;
    std::vector<double> acts;
    for (std::uint32_t i = 0; i < n; ++i) {  // ranks from above; every third at another's host
      place.push_back(place_of(i % 3 == 0 ? n : n - 1 - i, i % 2 == 0, n));
      if (i % 4 != 1) {
        developer.push_back(i);
        acts.push_back(i + 1);
      }
    }
    ActsByPlace by_place;
    for (int month = 0; month < 2; ++month) {  // a second month takes the place of the first
      by_place.set(place, developer, acts);
      for (std::uint64_t at = 0; at <= places_of(n); ++at) {
        double below = 0;
        for (std::size_t i = 0; i < developer.size(); ++i) {
          below += place[developer[i]] < at ? acts[i] : 0.0;
        }
        REQUIRE(by_place.below(at) == below);
      }
    }
  }
}

TEST_CASE("an act is worth what a search for its developer's budget says") {
  for (const std::uint32_t n : {1U, 3U, 4U, 5U, 100U}) {
    const Developers developers = with_budgets(n);
    const Access access{.accepted = with_costs(developers, {1, 2, 16, 41}),
                        .others = with_costs(developers, {0, 0, 3, 17, 17, 18, 33.5, 1e9})};
    for (const bool granted : {false, true}) {
      const AccessTable& table = granted ? access.accepted : access.others;
      for (std::uint32_t rank = 0; rank <= n; ++rank) {
        const std::uint32_t models =
            rank == n ? static_cast<std::uint32_t>(table.by_cost.size()) : table.reach(rank + 1);
        std::vector<std::uint32_t> place(n, place_of(rank, granted, n));
        ActsByPlace acts;
        acts.set(place, std::vector<std::uint32_t>{0}, std::vector<double>{7});
        const ActsWorth worth = worth_of(acts, n, access, 0.5);
        REQUIRE(worth.actions == (models > 0 ? 3.5 : 0));
        REQUIRE(worth.benefit == (models > 0 ? 3.5 : 0));  // benefit grows as the weights do
      }
    }
  }
}

TEST_CASE("where no model is accessible, nobody's act is worth anything") {
  ActsByPlace acts;
  acts.set(std::vector<std::uint32_t>{0, 2}, std::vector<std::uint32_t>{1}, std::vector<double>{4});
  CHECK(worth_of(acts, 2, {}, 1).actions == 0);
  CHECK(worth_of(acts, 2, {}, 1).benefit == 0);
}

TEST_CASE("who reaches more models gets more of each act") {
  const Developers developers = with_budgets(10);
  Access access{.others = with_costs(developers, {2, 8})};
  access.others.benefit = {3, 10};
  ActsByPlace acts;
  acts.set(developers.place, std::vector<std::uint32_t>{0, 4, 9}, std::vector<double>{5, 2, 1});
  const ActsWorth worth = worth_of(acts, 10, access, 1);
  CHECK(worth.actions == 3);  // who has 1 $ has nothing
  CHECK(worth.benefit == 2 * 3.0 / 1 + 1 * 10.0 / 2);
}
