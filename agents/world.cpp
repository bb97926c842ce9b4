#include "agents/world.hpp"

#include "agents/record.hpp"

namespace fingers {

World make_world(std::shared_ptr<const Scenario> scenario, const WorldKeys& keys,
                 std::shared_ptr<Community> community) {
  World world;
  world.clock = scenario->clock();
  world.scenario = std::move(scenario);
  world.keys = keys;
  world.lasting = keys.dynamics;
  make_society(world);
  make_trends(world);
  make_labs(world);
  release_given_models(world);
  make_states(world);
  make_shocks(world);
  world.community = std::move(community);
  world.developers =
      world.community == nullptr
          ? std::make_shared<const Developers>(make_developers(*world.scenario, keys.population))
          : world.community->developers(*world.scenario, keys);
  make_auditors(world);
  world.bad_actors = world.community == nullptr
                         ? make_bad_actors(*world.scenario, keys.population)
                         : world.community->bad_actors(*world.scenario, keys.population);
  make_misuse(world);
  make_defenders(world);
  world.quantities = quantities(*world.scenario);
  world.series.quantity.resize(world.quantities.size());
  for (std::vector<float>& values : world.series.quantity) {
    values.reserve(world.clock.n_steps);
  }
  return world;
}

void branch_world(World& world, const StreamKey& dynamics) {
  world.keys.dynamics = dynamics;
  world.community = nullptr;  // its acts are those of the other key
}

}  // namespace fingers
