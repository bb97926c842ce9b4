// Worlds that share their developers and these developers' acts come out as worlds that do not; and
// what a month of acts is worth, as a search for each developer's budget says it.
#include "agents/community.hpp"

#include <algorithm>
#include <limits>
#include <memory>

#include "agents/acts.hpp"
#include "agents/addresses.hpp"
#include "agents/world.hpp"
#include "tests/support/worlds.hpp"

using namespace fingers;

namespace {

constexpr const char* kTwo =
    R"({"experiment": {"replicates": 2, "regimes": ["closed", "open-weights-permissive"]}})";

/// A world of the batch, lived to its end.
World lived_to_the_end(World world) {
  live(world, world.clock.n_steps);
  return world;
}

}  // namespace

TEST_CASE("a world that shares its people and their acts is the world that has its own") {
  const Batch batch = batch_with(kTwo);
  REQUIRE(batch.mistakes.empty());
  const Simulation simulation(batch.points);
  for (std::uint32_t replicate = 0; replicate < 2; ++replicate) {
    const WorldKeys keys = make_world_keys(batch.scenario.seeds, replicate);
    const World first = lived_to_the_end(simulation.make_world(0, keys));
    const World second = lived_to_the_end(simulation.make_world(1, keys));
    REQUIRE(first.community != nullptr);
    CHECK(first.community == second.community);
    for (const World* shared : {&first, &second}) {
      const World own = lived_to_the_end(make_world(shared->scenario, keys));
      CHECK(own.community == nullptr);
      CHECK(own.developers->budget_usd == shared->developers->budget_usd);
      CHECK(series_of(own, "actions") == series_of(*shared, "actions"));
      CHECK(series_of(own, "benefit") == series_of(*shared, "benefit"));
      CHECK(own.events.time == shared->events.time);
      CHECK(own.events.severity_musd == shared->events.severity_musd);
    }
  }
}

TEST_CASE("worlds of other replicates or of other people share nothing") {
  const Batch batch = batch_with(kTwo);
  REQUIRE(batch.mistakes.empty());
  auto other = std::make_shared<Scenario>(*batch.points[1]);
  other->population.developers.diligence_a += 1;
  Communities communities({batch.points[0], batch.points[1], other});
  const WorldKeys keys = make_world_keys(batch.scenario.seeds, 0);
  const auto first = communities.of(0, keys);
  REQUIRE(first != nullptr);
  CHECK(communities.of(1, keys) == first);
  CHECK(communities.of(2, keys) == nullptr);  // nobody to share with
  CHECK(communities.of(0, make_world_keys(batch.scenario.seeds, 1)) != first);
}

TEST_CASE("acts are worth what a search for each developer's budget says") {
  World world = world_with(R"({"population": {"developers": {"count": 5000}}})");
  for (int month = 0; month < 12; ++month) {
    live(world, 1);
    REQUIRE(world.month.community_acts);
    double actions = 0;
    double benefit = 0;
    std::uint32_t with = 0;
    for (std::uint32_t i = 0; i < world.developers->count(); ++i) {
      const auto n =
          static_cast<double>(acts_in_month(*world.developers, world.keys.dynamics, world.step, i));
      const Reach reach = reach_of(world, i);
      if (n == 0 || reach.models == 0) {
        continue;
      }
      ++with;
      const double acts = n * (1.0 - world.shocks.developers_without_access);
      actions += acts;
      benefit +=
          acts * reach.table->benefit[reach.models - 1] / reach.table->cumulative[reach.models - 1];
    }
    CHECK(with > 0);
    CHECK(world.month.actions == actions);
    CHECK(world.month.benefit == Approx(benefit).epsilon(1e-12));  // summed in another order
  }
}

TEST_CASE("who of a block acts is who acts alone, and the least press is the least of them") {
  // Propensities from nearly never to dozens of acts a month; 130 are two blocks and a rest.
  const auto scenario = scenario_with(
      R"({"population": {"developers": {"count": 130, "activity_shape": 0.3, "weight": 20}}})",
      "closed");
  const WorldKeys keys = make_world_keys(scenario->seeds, 0);
  const Developers developers = make_developers(*scenario, keys.population);
  MonthActs month;
  for (std::uint32_t step = 0; step < 3; ++step) {
    draw_acts(developers, keys.dynamics, step, month);
    REQUIRE(month.least_press.size() == 3);
    std::vector<std::uint64_t> acts(developers.count(), 0);
    for (std::uint32_t block = 0; block < 3; ++block) {
      double least = std::numeric_limits<double>::infinity();
      for (const Acting& who : ActingBlock(developers, keys.dynamics, step, block)) {
        REQUIRE(who.developer / kActBlock == block);
        acts[who.developer] = static_cast<std::uint64_t>(who.acts);
        const double u = uniform_of_word(random_block(
            keys.dynamics,
            address(actor_identity(Actor::developer, who.developer), Process::act_count, step))[1]);
        CHECK(who.press_uniform == u);
        least = std::min(least, u / (who.acts * developers.recklessness[who.developer]));
      }
      CHECK(month.least_press[block] == least);
    }
    for (std::uint32_t i = 0; i < developers.count(); ++i) {
      CHECK(acts[i] == acts_in_month(developers, keys.dynamics, step, i));
    }
    CHECK(std::ranges::count(acts, 0U) > 10);
    CHECK(std::ranges::max(acts) > 10);
  }
}

TEST_CASE("a world that branches off draws acts of its own, and leaves the others theirs") {
  const Batch batch = batch_with(kTwo);
  REQUIRE(batch.mistakes.empty());
  const Simulation simulation(batch.points);
  const WorldKeys keys = make_world_keys(batch.scenario.seeds, 0);
  World first = simulation.make_world(0, keys);
  live(first, 2);
  World branch = first;
  branch_world(branch, make_world_keys(batch.scenario.seeds, 1).dynamics);
  World own = make_world(first.scenario, keys);
  live(own, 12);
  live(branch, 10);
  live(first, 10);
  CHECK(series_of(first, "actions") == series_of(own, "actions"));
  const auto of_branch = series_of(branch, "actions");
  const auto of_trunk = series_of(own, "actions");
  CHECK(std::equal(of_branch.begin(), of_branch.begin() + 2, of_trunk.begin()));
  CHECK(of_branch[2] != of_trunk[2]);
}
