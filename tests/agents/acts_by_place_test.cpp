// Sums of acts by place against sums over all developers, whether costs fall below all budgets,
// between two, on one, twice on one, or above all.
#include "agents/acts_by_place.hpp"

#include <algorithm>
#include <numeric>

#include "agents/developers.hpp"
#include "tests/support/worlds.hpp"

using namespace fingers;

namespace {

/// Developers of whom some are accepted for gated weights, and some run models at another's host.
Developers some_developers(std::uint32_t n) {
  const auto scenario = scenario_with(
      R"({"population": {"developers": {"count": )" + std::to_string(n) +
          R"(}}, "mechanisms": {"access": {"gate_accept": 0.4, "third_party_host": 0.3}}})",
      "closed");
  return make_developers(*scenario, make_key(7, StreamKind::population, 0));
}

/// Acts of all but every fourth developer, some of them more than 16 or 32 bits hold.
struct Acts {
  std::vector<std::uint32_t> developer;
  std::vector<double> acts;
};

Acts some_acts(std::uint32_t n) {
  Acts some;
  for (std::uint32_t i = 0; i < n; ++i) {
    if (i % 4 != 1) {
      some.developer.push_back(i);
      some.acts.push_back(i == 6 ? 0x1p40 : i % 16 == 2 ? 65535 + i : i + 1);
    }
  }
  return some;
}

/// Acts of those developers for whom a condition holds.
template <class Condition>
double sum_where(const Acts& some, Condition holds) {
  double sum = 0;
  for (std::size_t i = 0; i < some.developer.size(); ++i) {
    sum += holds(some.developer[i]) ? some.acts[i] : 0.0;
  }
  return sum;
}

void set(ActsByPlace& by_place, const Developers& developers, const Acts& some) {
  by_place.begin(developers.count());
  for (std::size_t i = 0; i < some.developer.size(); ++i) {
    by_place.add(developers, some.developer[i], some.acts[i]);
  }
  by_place.finish();
}

/// Models of these costs.
AccessTable with_costs(const Developers& developers, const std::vector<double>& costs) {
  AccessTable table;
  for (const double cost : costs) {
    const auto k = static_cast<std::uint32_t>(table.by_cost.size());
    table.by_cost.push_back(k);
    table.cost_usd.push_back(cost);
    table.poorer.push_back(count_poorer(developers, cost));
    table.weight.push_back(1);
    table.cumulative.push_back(k + 1);
    table.benefit.push_back(7 - k);
  }
  return table;
}

constexpr std::array kSizes = {1U, 5U, 63U, 64U, 300U};

}  // namespace

TEST_CASE("places stand in order of acceptance, then of budgets") {
  for (const std::uint32_t n : kSizes) {
    const Developers d = some_developers(n);
    std::vector<std::uint32_t> by_place(n, n);
    for (std::uint32_t i = 0; i < n; ++i) {
      CHECK((d.place[i] == kElsewhere) == (d.third_party[i] != 0));
      if (d.third_party[i] == 0) {
        by_place.at(d.place[i]) = i;
      }
    }
    std::erase(by_place, n);
    CHECK(by_place.size() == static_cast<std::size_t>(std::ranges::count(d.third_party, 0)));
    CHECK(std::ranges::is_sorted(
        by_place, {}, [&](std::uint32_t i) { return std::pair(d.granted[i], d.budget_usd[i]); }));
  }
}

TEST_CASE("acts below a place are those of who stands there, whoever that is") {
  ActsByPlace by_place;
  for (const std::uint32_t n : kSizes) {  // each begins anew
    const Developers d = some_developers(n);
    const Acts some = some_acts(n);
    set(by_place, d, some);
    for (std::uint32_t at = 0; at <= n; ++at) {
      REQUIRE(by_place.below(at) ==
              sum_where(some, [&](std::uint32_t i) { return d.place[i] < at; }));
    }
    for (const bool granted : {false, true}) {
      CHECK(by_place.elsewhere(granted) == sum_where(some, [&](std::uint32_t i) {
              return d.third_party[i] != 0 && (d.granted[i] != 0) == granted;
            }));
    }
  }
}

TEST_CASE("an act is worth what a search for its developer's budget says") {
  for (const std::uint32_t n : kSizes) {
    const Developers d = some_developers(n);
    const std::vector<double>& budgets = d.sorted_budget_usd;
    const double middle = budgets[n / 2];
    const Access access{
        .accepted = with_costs(d, {budgets.front(), middle, middle * 1.001}),
        .others = with_costs(d, {0, 0, middle, middle, budgets.back(), budgets.back() * 2})};
    const Acts some = some_acts(n);
    double actions = 0;
    double benefit = 0;
    for (std::size_t i = 0; i < some.developer.size(); ++i) {
      const std::uint32_t developer = some.developer[i];
      const AccessTable& table = d.granted[developer] != 0 ? access.accepted : access.others;
      const auto models = d.third_party[developer] != 0
                              ? static_cast<std::uint32_t>(table.by_cost.size())
                              : table.reach(d.budget_usd[developer]);
      if (models > 0) {
        actions += 0.5 * some.acts[i];
        benefit += 0.5 * some.acts[i] * table.benefit[models - 1] / table.cumulative[models - 1];
      }
    }
    ActsByPlace acts;
    set(acts, d, some);
    const ActsWorth worth = worth_of(acts, d, access, 0.5);
    CHECK(worth.actions == actions);  // sums of halves: exact
    CHECK(worth.benefit == Approx(benefit).epsilon(1e-12));
  }
}

TEST_CASE("where no model is accessible, nobody's act is worth anything") {
  const Developers d = some_developers(20);
  const Acts some = some_acts(20);
  ActsByPlace acts;
  set(acts, d, some);
  CHECK(worth_of(acts, d, {}, 1).actions == 0);
  CHECK(worth_of(acts, d, {}, 1).benefit == 0);
}
