#include "agents/concentration.hpp"

#include <algorithm>
#include <vector>

#include "agents/addresses.hpp"
#include "agents/loss_of_control.hpp"
#include "agents/world.hpp"
#include "engine/arithmetic.hpp"

namespace fingers {

namespace {

/// Whom power over use belongs to, as shares of all use.
struct Control {
  std::vector<double> labs;  ///< by LabId
  double third_parties = 0;  ///< all other hosts together
  double everybody = 0;      ///< with what is run privately
};

Control control_of_use(const World& world) {
  const Models& models = world.models;
  const double elsewhere = world.scenario->mechanisms.access.third_party_host;
  Control control{.labs = std::vector<double>(world.labs.count(), 0.0)};
  for (ModelId m = 0; m < models.count(); ++m) {
    const double use = models.use_users[m];
    control.everybody += use;
    if (is_hosted(models.form[m]) || models.licence[m].revocable) {
      control.labs[models.maker[m]] += use;
    } else {
      control.third_parties += elsewhere * use;
    }
  }
  return control;
}

/// The captor: the lab that controls most of all use.
LabId largest_controller(const World& world) {
  const std::vector<double> share = control_of_use(world).labs;
  return static_cast<LabId>(std::ranges::max_element(share) - share.begin());
}

std::uint64_t captor_identity() { return actor_identity(Actor::host, 0); }

void capture(World& world, double year) {
  const ConcentrationParameters& p = world.scenario->mechanisms.concentration;
  const LabId captor = largest_controller(world);
  const std::uint32_t group = world.labs.group[captor];
  world.concentration.captured_year = year;
  world.concentration.captor_follows = world.society.groups.follows[group];
  Stream stream(world.keys.dynamics, address(captor_identity(), Process::capture, 0, 1));
  Event event{.year = year,
              .kind = EventKind::capture,
              .route = Route::internal,
              .agent_kind = AgentKind::lab,
              .maker = static_cast<std::uint8_t>(group + 1),
              .agent = captor};
  event.severity_musd = truncated_pareto(p.alpha, p.x_min_musd, p.cap_musd, stream);
  event.capability_oom = frontier_oom(world);
  note_harm(world, event, captor_identity(), 1.0);  // power over everybody is seen by everybody
  world.month.events.push_back(event);
}

}  // namespace

double concentration_index(const World& world) {
  const Control control = control_of_use(world);
  if (control.everybody <= 0) {
    return 0;
  }
  const double hosts = world.scenario->mechanisms.access.third_party_hosts;
  double squares = control.third_parties * control.third_parties / hosts;
  for (const double share : control.labs) {
    squares += share * share;
  }
  return squares / (control.everybody * control.everybody);
}

void concentrate(World& world) {
  Concentration& state = world.concentration;
  const ConcentrationParameters& p = world.scenario->mechanisms.concentration;
  state.index = concentration_index(world);
  if (!p.enabled || state.captured_year != kNever || world.models.count() == 0) {
    return;
  }
  const double power = logistic((frontier_oom(world) - p.capture_oom) / p.width_oom);
  const double rate = p.capture_per_year * std::max(0.0, state.index - p.index_reference) * power;
  Stream stream(world.lasting, address(captor_identity(), Process::capture));
  const double threshold = exponential(stream);
  const double before = state.hazard;
  state.hazard += rate * world.clock.dt_years;
  if (state.hazard >= threshold) {
    capture(world, world.year() + (threshold - before) / rate);
  }
}

bool is_captured(const World& world, LabId maker) {
  const Concentration& state = world.concentration;
  return world.year() >= state.captured_year &&
         world.society.groups.follows[world.labs.group[maker]] == state.captor_follows;
}

}  // namespace fingers
