#include "agents/defenders.hpp"

#include <algorithm>
#include <numeric>

#include "agents/addresses.hpp"
#include "agents/world.hpp"
#include "engine/arithmetic.hpp"

namespace fingers {

namespace {

constexpr std::uint8_t kNotOffered = 0;
constexpr std::uint8_t kOffered = 1;
constexpr std::uint8_t kOfferedWithWeights = 2;

/// What a defender may do with a model now.
std::uint8_t offer_of(const World& world, ModelId m) {
  const Form form = world.models.form[m];
  if (weights_are_out(form)) {
    return kOfferedWithWeights;
  }
  const std::uint32_t group = world.labs.group[world.models.maker[m]];
  const bool first = world.society.groups.rules[group].access.defenders_first;
  return is_accessible(form) || first ? kOffered : kNotOffered;
}

double value_of(const World& world, ModelId m, std::uint8_t offer) {
  const double tuned =
      offer == kOfferedWithWeights ? world.scenario->mechanisms.defence.weights_uplift_oom : 0.0;
  return world.models.capability_oom[m] + tuned;
}

/// Announces a model to all defenders; who gains by it takes it up after a lag of its own.
void announce(World& world, ModelId m, std::uint8_t offer) {
  const DefenderParameters& p = world.scenario->population.defenders;
  Defenders& defenders = world.defenders;
  const double value = value_of(world, m, offer);
  const ModelId root = world.models.root[m];  // one lag for a whole family
  std::vector<double> lag_months;
  for (std::uint32_t i = 0; i < defenders.adopted_oom.size(); ++i) {
    if (value > defenders.adopted_oom[i]) {
      const std::uint64_t pair = birth_identity(static_cast<std::uint64_t>(Birth::model),
                                                world.models.identity[root], 0, i);
      Stream stream(world.lasting, address(pair, Process::defender_lag));
      lag_months.push_back(p.lag_scale_months > 0 ? uniform(stream) : 0.0);
      defenders.pending_defender.push_back(i);
      defenders.pending_oom.push_back(value);
    }
  }
  if (p.lag_scale_months > 0) {
    weibull_row(p.lag_shape, p.lag_scale_months, lag_months);
  }
  for (const double lag : lag_months) {
    defenders.pending_year.push_back(world.year() + lag / kMonthsPerYear);
  }
}

void take_up_due(World& world) {
  Defenders& d = world.defenders;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < d.pending_year.size(); ++i) {
    if (d.pending_year[i] < world.end_of_step()) {
      double& adopted = d.adopted_oom[d.pending_defender[i]];
      adopted = std::max(adopted, d.pending_oom[i]);
      continue;
    }
    d.pending_year[kept] = d.pending_year[i];
    d.pending_defender[kept] = d.pending_defender[i];
    d.pending_oom[kept] = d.pending_oom[i];
    ++kept;
  }
  d.pending_year.resize(kept);
  d.pending_defender.resize(kept);
  d.pending_oom.resize(kept);
}

double mean_adopted(const Defenders& defenders) {
  const auto& adopted = defenders.adopted_oom;
  return adopted.empty() ? 0.0
                         : std::accumulate(adopted.begin(), adopted.end(), 0.0) /
                               static_cast<double>(adopted.size());
}

/// How the defence of a domain starts and moves (M9); behind the domains that against states.
struct Defence {
  double start_oom = 0;
  double drift_oom_per_year = 0;
  double uplift = 0;
};

Defence defence_of(const Scenario& scenario, std::size_t row) {
  if (row < scenario.domains.size()) {
    const Domain& domain = scenario.domains[row];
    return {.start_oom = domain.defence_start_oom,
            .drift_oom_per_year = domain.defence_drift_oom_per_year,
            .uplift = domain.defence_uplift};
  }
  const StateParameters& states = scenario.mechanisms.states;
  return {.start_oom = states.defence_start_oom,
          .drift_oom_per_year = states.defence_drift_oom_per_year,
          .uplift = states.defence_uplift};
}

/// Incidents of each row of defences that became known in the last year: of a domain those in it,
/// of the last row what states do.
std::vector<std::uint32_t> incidents_seen(const World& world) {
  const Events& events = world.events;
  const double now = world.year();
  const auto by_state = static_cast<std::uint8_t>(EventKind::state_attack);
  std::vector<std::uint32_t> in_domain(world.scenario->domains.size() + 1, 0);  // 0: in none
  std::uint32_t by_states = 0;
  for (std::size_t after = events.count(); after > 0 && events.time[after - 1] > now - 1.0;
       --after) {
    const std::size_t i = after - 1;
    const bool harm = (events.flags[i] & kAverted) == 0;
    const std::uint32_t seen = harm && static_cast<double>(events.seen_at[i]) <= now ? 1 : 0;
    in_domain[events.domain[i]] += seen;
    by_states += events.kind[i] == by_state ? seen : 0;
  }
  std::vector<std::uint32_t> of_row(in_domain.begin() + 1, in_domain.end());
  of_row.push_back(by_states);
  return of_row;
}

/// Share of effort for defence among the groups that follow the regime under study.
double defence_share(const World& world) {
  double share = 0;
  const GroupStates& groups = world.society.groups;
  for (std::size_t g = 0; g < groups.rules.size(); ++g) {
    if (groups.follows[g] != 0) {
      share = std::max(share, groups.rules[g].society.defence_share);
    }
  }
  return share;
}

void set_levels(World& world) {
  const DefenceParameters& p = world.scenario->mechanisms.defence;
  const double gain = mean_adopted(world.defenders) - world.defenders.start_oom;
  const bool learns = p.enabled && p.learning_oom > 0;
  const std::vector<std::uint32_t> seen =
      learns ? incidents_seen(world)
             : std::vector<std::uint32_t>(world.defences.base_oom.size(), 0);
  for (std::size_t k = 0; k < world.defences.base_oom.size(); ++k) {
    const Defence defence = defence_of(*world.scenario, k);
    const double learnt = p.learning_oom * portable_log1p(seen[k]);
    world.defences.level_oom[k] =
        p.enabled ? world.defences.base_oom[k] + defence.uplift * gain + learnt : defence.start_oom;
  }
}

}  // namespace

void make_defenders(World& world) {
  Defenders& defenders = world.defenders;
  double best = world.scenario->mechanisms.misuse.no_ai_oom;  // where there is nothing better
  for (ModelId m = 0; m < world.models.count(); ++m) {
    const Form form = world.models.form[m];
    const std::uint8_t offer = weights_are_out(form) ? kOfferedWithWeights
                               : is_accessible(form) ? kOffered
                                                     : kNotOffered;
    defenders.offered.push_back(offer);
    if (offer != kNotOffered) {
      best = std::max(best, value_of(world, m, offer));
    }
  }
  defenders.adopted_oom.assign(world.scenario->population.defenders.count, best);
  defenders.start_oom = mean_adopted(defenders);
  for (std::size_t k = 0; k <= world.scenario->domains.size(); ++k) {
    world.defences.base_oom.push_back(defence_of(*world.scenario, k).start_oom);
  }
  world.defences.level_oom = world.defences.base_oom;
}

double state_defence_oom(const World& world) { return world.defences.level_oom.back(); }

void defend(World& world) {
  Defenders& defenders = world.defenders;
  defenders.offered.resize(world.models.count(), kNotOffered);
  for (ModelId m = 0; m < world.models.count(); ++m) {
    const std::uint8_t offer = offer_of(world, m);
    if (offer > defenders.offered[m]) {
      defenders.offered[m] = offer;
      announce(world, m, offer);
    }
  }
  take_up_due(world);
  const double growth =
      1.0 + world.scenario->mechanisms.defence.defence_gain * defence_share(world);
  for (std::size_t k = 0; k < world.defences.base_oom.size(); ++k) {
    world.defences.base_oom[k] +=
        world.clock.dt_years * growth * defence_of(*world.scenario, k).drift_oom_per_year;
  }
  set_levels(world);
}

}  // namespace fingers
