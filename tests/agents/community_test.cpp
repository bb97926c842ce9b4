// Worlds that share their developers and these developers' acts come out as worlds that do not; and
// what a month of acts is worth, as a search for each developer's budget says it.
#include "agents/community.hpp"

#include <algorithm>
#include <memory>

#include "agents/acts.hpp"
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
    std::uint32_t without = 0;
    for (std::size_t i = 0; i < world.own_acts.count(); ++i) {
      const Reach reach = reach_of(world, world.own_acts.developer[i]);
      if (reach.models == 0) {
        ++without;
        continue;
      }
      const double acts = world.own_acts.acts[i] * (1.0 - world.shocks.developers_without_access);
      actions += acts;
      benefit +=
          acts * reach.table->benefit[reach.models - 1] / reach.table->cumulative[reach.models - 1];
    }
    CHECK(without < world.own_acts.count());
    CHECK(world.month.actions == actions);
    CHECK(world.month.benefit == Approx(benefit).epsilon(1e-12));  // summed in another order
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
