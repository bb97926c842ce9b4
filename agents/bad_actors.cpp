// Who the bad actors are, and which route each takes (M7.1). Detection and harm are in
// monitors.cpp.
#include "agents/bad_actors.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "agents/addresses.hpp"
#include "agents/exploits.hpp"
#include "agents/world.hpp"
#include "engine/arithmetic.hpp"
#include "engine/random_row.hpp"

namespace fingers {

namespace {

/// Actors whose counts are drawn together.
constexpr std::uint32_t kRow = 64;

/// The most capable model that bad actors have stripped weights of (M7.1): out without a gate, or
/// leaked.
ModelId best_stripped_weights(const World& world) {
  const Models& models = world.models;
  ModelId best = kNone;
  for (ModelId m = 0; m < models.count(); ++m) {
    const bool in_hand =
        models.form[m] >= Form::open_weights || models.leaked_year[m] <= world.year();
    if (in_hand && models.strippable[m] != 0 &&
        (best == kNone || models.capability_oom[m] > models.capability_oom[best])) {
      best = m;
    }
  }
  return best;
}

/// The most capable model that each lab hosts; kNone where it hosts none.
std::vector<ModelId> best_hosted_models(const World& world) {
  const Models& models = world.models;
  std::vector<ModelId> best(world.labs.count(), kNone);
  for (ModelId m = 0; m < models.count(); ++m) {
    ModelId& of_maker = best[models.maker[m]];
    if (is_hosted(models.form[m]) &&
        (of_maker == kNone || models.capability_oom[m] > models.capability_oom[of_maker])) {
      of_maker = m;
    }
  }
  return best;
}

/// Chance that a try passes, and who alone knows a way that others do not (M7.1, M6.3).
void open_doors(World& world, LabId lab) {
  const MisuseParameters& p = world.scenario->mechanisms.misuse;
  Hosts& hosts = world.hosts;
  const ModelId model = hosts.model[lab];
  const double plain = hosts.guarded[lab] != 0 ? p.pass_per_try_guarded : p.pass_per_try_plain;
  const double known = std::max(plain, p.pass_known_flaw);
  hosts.pass[lab] = world.models.form[model] == Form::hosted_finetune ? known : plain;
  hosts.pass_finder[lab] = known;
  const FlawTables& tables = world.flaw_tables;
  for (const std::uint32_t i : instances_of(tables, model, FlawKind::safeguard)) {
    const std::uint32_t flaw = tables.instances.flaw[i];
    if (tables.flaws.known_year[flaw] <= world.year()) {
      hosts.pass[lab] = known;
    } else if (tables.flaws.bad_finder[flaw] != kNone) {
      hosts.finders[lab].push_back(tables.flaws.bad_finder[flaw]);
      hosts.finds_alone[tables.flaws.bad_finder[flaw]] = 1;
    }
  }
}

void set_hosts(World& world) {
  Hosts& hosts = world.hosts;
  const std::uint32_t n = world.labs.count();
  hosts.model = best_hosted_models(world);
  hosts.guarded.assign(n, 0);
  hosts.pass.assign(n, 0);
  hosts.pass_finder.assign(n, 0);
  hosts.finders.resize(n);
  std::ranges::for_each(hosts.finders, [](auto& finders) { finders.clear(); });
  hosts.finds_alone.assign(world.bad_actors.count(), 0);
  hosts.honest_uses.assign(n, 0);
  hosts.planned_tries.assign(n, 0);
  hosts.flags.assign(n, 0);
  hosts.seen_per_try.assign(n, 0);
  for (LabId lab = 0; lab < n; ++lab) {
    if (hosts.model[lab] != kNone) {
      hosts.guarded[lab] = world.scenario->mechanisms.monitoring.enabled
                               ? world.models.monitored[hosts.model[lab]]
                               : 0;
      open_doors(world, lab);
    }
  }
}

bool is_finder(const World& world, std::uint32_t actor, LabId lab) {
  const auto& finders = world.hosts.finders[lab];
  return std::ranges::find(finders, actor) != finders.end();
}

double chance_to_pass(const World& world, std::uint32_t actor, LabId lab) {
  const double per_try =
      is_finder(world, actor, lab) ? world.hosts.pass_finder[lab] : world.hosts.pass[lab];
  const double tries = static_cast<double>(world.scenario->mechanisms.misuse.tries);
  return 1.0 - portable_pow(1.0 - per_try, tries);
}

/// The host that looks best, of those that one may use, to whom other routes are worth `other`; or
/// kNone (M7.1).
template <class MayUse>
LabId best_host(const World& world, const std::vector<double>& host_value, double other,
                MayUse may_use) {
  LabId best = kNone;
  double best_value = other;
  for (LabId lab = 0; lab < world.labs.count(); ++lab) {
    if (world.hosts.model[lab] != kNone && host_value[lab] > best_value && may_use(lab)) {
      best = lab;
      best_value = host_value[lab];
    }
  }
  return best;
}

/// P(pass)·(c − no_ai) − risk_aversion·π of each host, for an actor who knows nothing special.
std::vector<double> host_values(const World& world, std::uint8_t domain) {
  const MisuseParameters& p = world.scenario->mechanisms.misuse;
  std::vector<double> value(world.labs.count(), 0.0);
  for (LabId lab = 0; lab < world.labs.count(); ++lab) {
    if (world.hosts.model[lab] == kNone) {
      continue;
    }
    const double gain = world.models.capability_oom[world.hosts.model[lab]] - p.no_ai_oom;
    const double risk =
        world.hosts.guarded[lab] != 0 ? p.risk_aversion_oom * world.misuse.perceived[domain] : 0.0;
    value[lab] = chance_to_pass(world, kNone, lab) * gain - risk;
  }
  return value;
}

/// The same with what the actor alone has found.
void add_own_finds(const World& world, std::uint32_t actor, std::vector<double>& value) {
  const MisuseParameters& p = world.scenario->mechanisms.misuse;
  for (LabId lab = 0; lab < world.labs.count(); ++lab) {
    if (world.hosts.model[lab] != kNone && is_finder(world, actor, lab)) {
      const double gain = world.models.capability_oom[world.hosts.model[lab]] - p.no_ai_oom;
      value[lab] += (chance_to_pass(world, actor, lab) - chance_to_pass(world, kNone, lab)) * gain;
    }
  }
}

/// What a domain's bad actors think of hosts this month.
struct Outlook {
  std::vector<double> host_value;  ///< to who knows nothing special
  LabId favourite = kNone;         ///< the host that looks best to who is banned from none
};

/// What is worth most without a host: stripped weights, or no AI.
double other_value(const World& world) {
  const double no_ai = world.scenario->mechanisms.misuse.no_ai_oom;
  return world.misuse.best_weights == kNone
             ? 0.0
             : std::max(0.0, world.models.capability_oom[world.misuse.best_weights] - no_ai);
}

std::vector<Outlook> outlooks(const World& world) {
  std::vector<Outlook> all;
  for (std::size_t domain = 0; domain < world.scenario->domains.size(); ++domain) {
    Outlook outlook{.host_value = host_values(world, static_cast<std::uint8_t>(domain))};
    outlook.favourite =
        best_host(world, outlook.host_value, other_value(world), [](LabId) { return true; });
    all.push_back(std::move(outlook));
  }
  return all;
}

/// The host that an actor tries first, or kNone.
LabId host_of(const World& world, std::uint32_t actor, const Outlook& outlook) {
  const auto not_banned = [&](LabId lab) {
    return !world.bad_actors.is_banned(actor, lab, world.labs.count(), world.year());
  };
  if (world.hosts.finds_alone[actor] != 0) {
    std::vector<double> own_value = outlook.host_value;
    add_own_finds(world, actor, own_value);
    return best_host(world, own_value, other_value(world), not_banned);
  }
  return world.bad_actors.is_banned_somewhere(actor, world.year())
             ? best_host(world, outlook.host_value, other_value(world), not_banned)
             : outlook.favourite;
}

/// Plans an actor's n attempts; `draws`: of these, or none.
void plan_actor(World& world, std::uint32_t actor, std::uint64_t n,
                std::span<const AttemptDraws> draws, const Outlook& outlook) {
  const LabId host = host_of(world, actor, outlook);
  const bool knows_hole = knows_a_hole(world, actor);
  std::uint64_t at_host = 0;
  for (std::uint64_t act = 0; act < n; ++act) {
    const AttemptDraws* const drawn = draws.empty() ? nullptr : &draws[act];
    const bool through_hole = knows_hole && goes_through_hole(world, actor, act, drawn);
    Plan& plan = world.misuse.plans.emplace_back();  // in place: a copy would wait for its parts
    plan.actor = actor;
    plan.act = static_cast<std::uint32_t>(act);
    plan.lab = through_hole ? kNone : host;
    plan.through_hole = through_hole;
    if (drawn != nullptr) {
      plan.fails = through_hole ? drawn->exploit_fails : drawn->misuse_fails;
    }
    at_host += through_hole ? 0 : 1;
  }
  if (host != kNone) {
    world.hosts.planned_tries[host] +=
        static_cast<double>(at_host * world.scenario->mechanisms.misuse.tries);
  }
  world.month.attempts += static_cast<double>(n);
}

void plan_actors(World& world, const std::vector<Outlook>& outlook_of_domain) {
  const BadActors& actors = world.bad_actors;
  const MonthAttempts& month =
      world.community == nullptr
          ? draw_attempts(actors, world.keys.dynamics, world.step, world.own_attempts)
          : world.community->attempts(actors, world.keys.dynamics, world.step);
  std::span<const AttemptDraws> draws = month.draws;
  for (std::size_t i = 0; i < month.actor.size(); ++i) {
    const std::uint32_t actor = month.actor[i];
    const std::uint64_t n = month.attempts[i];
    const auto own = draws.first(draws.empty() ? 0 : n);
    if (actors.arrested[actor] == 0) {
      plan_actor(world, actor, n, own, outlook_of_domain[actors.domain[actor]]);
    }
    draws = draws.subspan(own.size());
  }
}

}  // namespace

BadActors make_bad_actors(const Scenario& scenario, const StreamKey& population) {
  const BadActorParameters& p = scenario.population.bad_actors;
  BadActors actors;
  std::vector<double> shares;
  for (const Domain& domain : scenario.domains) {
    shares.push_back(domain.share);
  }
  const double dt_years = scenario.clock().dt_years;
  for (std::uint32_t i = 0; i < p.count && !shares.empty(); ++i) {
    const std::uint64_t who = actor_identity(Actor::bad_actor, i);
    Stream activity(population, address(who, Process::bad_actor_activity));
    Stream skill(population, address(who, Process::bad_actor_skill));
    Stream domain(population, address(who, Process::bad_actor_domain));
    const double mean = dt_years * gamma_with_mean(p.attempts_shape, p.attempts_mean, activity);
    actors.mean_attempts.push_back(mean);
    actors.no_attempt.push_back(portable_exp(-mean));
    actors.skill.push_back(normal(skill));
    actors.domain.push_back(static_cast<std::uint8_t>(discrete(shares, domain)));
    actors.arrested.push_back(0);
  }
  return actors;
}

void make_misuse(World& world) {
  world.misuse.perceived.assign(world.scenario->domains.size(), 0.0);
  world.bad_actors.banned_until.assign(std::size_t{world.bad_actors.count()} * world.labs.count(),
                                       0.0F);
  world.bad_actors.last_ban_until.assign(world.bad_actors.count(), 0.0F);
}

const MonthAttempts& draw_attempts(const BadActors& actors, const StreamKey& dynamics,
                                   std::uint32_t step, MonthAttempts& month) {
  month.actor.clear();
  month.attempts.clear();
  month.draws.clear();
  std::array<std::uint64_t, 2 * std::size_t{kRow}> words{};
  for (std::uint32_t first = 0; first < actors.count(); first += kRow) {
    const std::uint32_t n = std::min(kRow, actors.count() - first);
    const Address count =
        address(actor_identity(Actor::bad_actor, first), Process::attempt_count, step);
    random_row(dynamics, count, std::span(words).first(2 * std::size_t{n}));
    for (std::uint32_t i = 0; i < n; ++i) {
      const std::uint32_t actor = first + i;
      const double u = uniform_of_word(words[2 * std::size_t{i}]);
      if (u >= actors.no_attempt[actor]) {
        const std::uint64_t attempts =
            count_beyond_zero(actors.mean_attempts[actor], actors.no_attempt[actor], u, [&] {
              return Stream(dynamics, address(actor_identity(Actor::bad_actor, actor),
                                              Process::attempt_count, step));
            });
        month.actor.push_back(actor);
        month.attempts.push_back(std::min(attempts, kMaxActOfStep));
      }
    }
  }
  return month;
}

void plan_misuse(World& world) {
  set_hosts(world);
  world.misuse.plans.clear();
  if (!world.scenario->mechanisms.misuse.enabled) {
    return;
  }
  world.misuse.best_weights = best_stripped_weights(world);
  find_holes(world);
  plan_actors(world, outlooks(world));
}

}  // namespace fingers
