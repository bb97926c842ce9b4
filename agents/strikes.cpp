#include "agents/strikes.hpp"

#include <algorithm>

#include "agents/world.hpp"
#include "engine/arithmetic.hpp"

namespace fingers {

std::optional<Event> strike(const World& world, const Strike& attempt) {
  const std::uint8_t k = world.bad_actors.domain[attempt.actor];
  const Domain& domain = world.scenario->domains[k];
  const double slope = world.scenario->mechanisms.misuse.skill_slope;
  const double defence = world.defences.level_oom[k];
  const double lead = attempt.capability_oom + attempt.opening_oom - defence;
  const double logit = domain.base_logit + slope * world.bad_actors.skill[attempt.actor] +
                       domain.balance_per_oom * lead;
  if (logit < attempt.fails) {  // most do; the rest is worked out
    return std::nullopt;
  }
  Stream stream(world.keys.dynamics, address(attempt.identity, attempt.process, world.step));
  if (uniform(stream) >= logistic(logit)) {
    return std::nullopt;
  }
  const double scale =
      attempt.harm_factor * power_of_ten(domain.scale_per_oom * std::max(0.0, lead));
  const double x_min = std::min(domain.x_min_musd * scale, 0.5 * domain.cap_musd);
  Event event{.year = world.year() + world.clock.dt_years * uniform(stream),
              .kind = EventKind::misuse,
              .domain = static_cast<std::uint8_t>(k + 1),
              .route = Route::none,
              .agent_kind = AgentKind::bad_actor,
              .agent = attempt.actor};
  event.severity_musd = truncated_pareto(domain.alpha, x_min, domain.cap_musd, stream);
  event.capability_oom = attempt.capability_oom;
  event.defence_oom = defence;
  return event;
}

void name_model(const World& world, Event& event, std::uint32_t model, Route route) {
  event.model = model;
  event.root = world.models.root[model];
  event.maker = static_cast<std::uint8_t>(world.labs.group[world.models.maker[model]] + 1);
  event.route = route;
}

}  // namespace fingers
