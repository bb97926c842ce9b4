#include "agents/month.hpp"

#include <utility>

#include "agents/derivatives.hpp"
#include "agents/world.hpp"

namespace fingers {

bool month(World& world) {
  std::vector<Event> events = std::move(world.month.events);  // for its memory
  events.clear();
  world.month = Month{};
  world.month.events = std::move(events);
  release_given_models(world);
  set_rules(world);
  advance_trends(world);
  train_and_release(world);
  step_releases(world);
  leak(world);
  steal(world);
  learn_from_others(world);
  share_access(world);
  press(world);
  search_and_fix(world);
  plan_misuse(world);
  review_and_resolve(world);
  attack_as_states(world);
  accrue_diffuse_harm(world);
  defend(world);
  publish_derivatives(world);
  concentrate(world);
  shock_dependants(world);
  respond(world);
  record(world);
  return !world.ended;
}

}  // namespace fingers
