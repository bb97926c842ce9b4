#include "agents/states.hpp"

#include <algorithm>
#include <cmath>

#include "agents/addresses.hpp"
#include "agents/loss_of_control.hpp"
#include "agents/world.hpp"
#include "engine/arithmetic.hpp"

namespace fingers {

namespace {

/// Blocks of a state's draws that its count leaves to the attacks.
constexpr std::uint32_t kDetailsDraw = 512;
/// A home bloc that gains less in a year has no pace in which a lead could be told.
constexpr double kLeastGrowthOom = 0.1;

/// Weights that anybody can have, or that leaked.
bool in_public_hands(const World& world, ModelId m) {
  return world.models.form[m] >= Form::open_weights || world.models.leaked_year[m] <= world.year();
}

/// Every lab's most capable model, the oldest of equals, kNone without one.
std::vector<ModelId> best_models(const World& world) {
  const Models& models = world.models;
  std::vector<ModelId> best(world.labs.count(), kNone);
  for (const ModelId m : models.bases) {
    ModelId& of_lab = best[models.maker[m]];
    if (of_lab == kNone || models.capability_oom[m] > models.capability_oom[of_lab]) {
      of_lab = m;
    }
  }
  return best;
}

/// Thefts a year at a difference of OC and SL: the declared points, straight lines between them.
double theft_rate(const TheftParameters& theft, double difference) {
  constexpr double kLast = kTheftRates - 1;
  const double at = std::clamp(difference - kFirstTheftDifference, 0.0, kLast);
  const double below = std::min(std::floor(at), kLast - 1);
  const auto i = static_cast<std::size_t>(below);
  const double share = at - below;
  return (1.0 - share) * theft.per_year[i] + share * theft.per_year[i + 1];
}

/// A new target starts its own race.
void set_target(World& world, std::uint32_t state, std::size_t pair, ModelId model) {
  States& states = world.states;
  states.target[pair] = model;
  states.theft_hazard[pair] = 0;
  const std::uint64_t identity =
      birth_identity(static_cast<std::uint64_t>(Birth::model), world.models.identity[model], 0,
                     actor_identity(Actor::state, state));
  Stream stream(world.keys.dynamics, address(identity, Process::theft));
  states.theft_threshold[pair] = exponential(stream);
}

void steal_from(World& world, std::uint32_t state, LabId lab, ModelId best) {
  States& states = world.states;
  const std::size_t pair = std::size_t{state} * world.labs.count() + lab;
  if (states.target[pair] != best) {
    set_target(world, state, pair, best);
  }
  if (in_public_hands(world, best)) {
    return;  // nothing to steal
  }
  const double difference =
      world.scenario->states[state].operational_capacity - security_level(world, lab);
  const double rate = theft_rate(world.scenario->mechanisms.theft, difference);
  const double before = states.theft_hazard[pair];
  states.theft_hazard[pair] += rate * world.clock.dt_years;
  if (states.theft_hazard[pair] >= states.theft_threshold[pair]) {
    const double year = world.year() + (states.theft_threshold[pair] - before) / rate;
    states.thefts.push_back({.state = state, .model = best, .year = year});
    states.theft_threshold[pair] = kNever;
    world.month.stolen_models += 1;
  }
}

double own_programme_oom(const World& world, std::uint32_t state) {
  const States& states = world.states;
  const double algorithms =
      world.trends.algorithms_oom[states.bloc[state]] - states.start_algorithms_oom[state];
  return states.start_oom - world.scenario->states[state].lag_oom + algorithms +
         compute_growth_oom(world, world.y());
}

Route route_of_means(const World& world, const StateMeans& means) {
  if (means.model == kNone) {
    return Route::none;
  }
  const Route route = route_of_copy(world, means.model);
  return means.stolen && route != Route::rest_of_the_world ? Route::stolen : route;
}

void attack(World& world, std::uint32_t state, std::uint64_t act, const StateMeans& means) {
  const StateParameters& p = world.scenario->mechanisms.states;
  const std::uint64_t identity = actor_identity(Actor::state, state, act);
  Stream stream(world.keys.dynamics,
                address(identity, Process::state_attack, world.step, kDetailsDraw));
  Event event{.year = world.year() + world.clock.dt_years * uniform(stream),
              .kind = EventKind::state_attack,
              .route = route_of_means(world, means),
              .agent_kind = AgentKind::state,
              .agent = state};
  event.severity_musd = truncated_pareto(p.alpha, p.x_min_musd, p.cap_musd, stream);
  event.capability_oom = means.capability_oom;
  event.defence_oom = state_defence_oom(world);
  if (means.model != kNone) {
    event.model = means.model;
    event.root = world.models.root[means.model];
    event.maker = static_cast<std::uint8_t>(world.labs.group[world.models.maker[means.model]] + 1);
  }
  note_harm(world, event, identity, world.scenario->mechanisms.reporting.report_state);
  world.month.events.push_back(event);
}

}  // namespace

void make_states(World& world) {
  const Scenario& scenario = *world.scenario;
  if (!scenario.ai || !scenario.mechanisms.states.enabled) {
    return;
  }
  States& states = world.states;
  // where no model exists at the start, working without AI is what there is to start from
  states.start_oom = std::max(frontier_oom(world), scenario.mechanisms.misuse.no_ai_oom);
  for (const State& state : scenario.states) {
    states.bloc.push_back(bloc_number(world, state.bloc));
    states.start_algorithms_oom.push_back(world.trends.algorithms_oom[states.bloc.back()]);
  }
  states.means.resize(states.count());
  const std::size_t pairs = std::size_t{states.count()} * world.labs.count();
  states.target.assign(pairs, kNone);
  states.theft_hazard.assign(pairs, 0);
  states.theft_threshold.assign(pairs, 0);
}

void steal(World& world) {
  if (!world.scenario->mechanisms.theft.enabled || world.states.count() == 0) {
    return;
  }
  const std::vector<ModelId> best = best_models(world);
  for (std::uint32_t state = 0; state < world.states.count(); ++state) {
    for (LabId lab = 0; lab < world.labs.count(); ++lab) {
      if (best[lab] != kNone) {
        steal_from(world, state, lab, best[lab]);
      }
    }
  }
}

StateMeans means_of_state(const World& world, std::uint32_t state) {
  StateMeans means{.capability_oom = own_programme_oom(world, state)};
  const auto consider = [&](ModelId m, bool stolen) {
    if (world.models.capability_oom[m] > means.capability_oom) {
      means = {.capability_oom = world.models.capability_oom[m], .model = m, .stolen = stolen};
    }
  };
  for (const ModelId m : world.models.bases) {
    if (in_public_hands(world, m)) {
      consider(m, false);
    }
  }
  for (const Theft& theft : world.states.thefts) {
    if (theft.state == state && theft.year <= world.year()) {
      consider(theft.model, true);
    }
  }
  return means;
}

double best_state_oom(const World& world) {
  double best = kNoValue;
  for (const StateMeans& means : world.states.means) {
    best = means.capability_oom <= best ? best : means.capability_oom;
  }
  return best;
}

double home_lead_months(const World& world) {
  const double home = home_best_oom(world);
  const double growth = home_growth_oom(world);
  if (std::isinf(home) || growth < kLeastGrowthOom) {
    return kNoValue;
  }
  return kMonthsPerYear * (home - best_state_oom(world)) / growth;
}

void attack_as_states(World& world) {
  const StateParameters& p = world.scenario->mechanisms.states;
  for (std::uint32_t state = 0; state < world.states.count(); ++state) {
    const StateMeans means = world.states.means[state] = means_of_state(world, state);
    const double held = std::max(state_defence_oom(world), home_best_oom(world));
    const double mean =
        world.scenario->states[state].attacks_per_year * world.clock.dt_years *
        logistic((means.capability_oom - p.oom) / p.width_oom) *
        logistic(p.gap_slope_per_oom * (means.capability_oom - p.gap_offset_oom - held));
    Stream count(world.keys.dynamics,
                 address(actor_identity(Actor::state, state), Process::state_attack, world.step));
    const std::uint64_t n = std::min(large_count(mean, count), kMaxActOfStep);
    for (std::uint64_t act = 0; act < n; ++act) {
      attack(world, state, act, means);
    }
  }
}

}  // namespace fingers
