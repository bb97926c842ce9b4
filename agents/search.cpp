// The search for flaws (M6.2, M6.3): eyes of auditors, developers, users and labs against the eyes
// of bad actors; finds, fixes and what a fix gives away. Hazards are integrated against Exp(1)
// thresholds, so that more eyes never find later.
#include <algorithm>
#include <limits>

#include "agents/addresses.hpp"
#include "agents/derivatives.hpp"
#include "agents/fixes.hpp"
#include "agents/freedom.hpp"
#include "agents/world.hpp"
#include "engine/arithmetic.hpp"

namespace fingers {

namespace {

double returns(double eyes, double gamma) { return eyes > 0 ? portable_pow(eyes, gamma) : 0.0; }

const Visibility& visibility_of(const ScrutinyParameters& p, Form form) {
  switch (form) {
    case Form::internal:
      return p.internal;
    case Form::hosted:
    case Form::hosted_finetune:
      return p.hosted;
    case Form::gated_weights:
    case Form::open_weights:
      return p.weights;
    case Form::full_source:
      return p.source;
  }
  return p.internal;
}

std::array<double, 2> operator*(const Visibility& v, double x) {
  return {v.shallow * x, v.deep * x};
}

void add(std::array<double, 2>& sum, const std::array<double, 2>& x) {
  sum[0] += x[0];
  sum[1] += x[1];
}

/// S of a model: what friends see of it, shallow and deep (M6.2). All eyes on a root's family look
/// at the root.
std::array<double, 2> scrutiny(const World& world, ModelId m) {
  const ScrutinyParameters& p = world.scenario->mechanisms.scrutiny;
  const Models& models = world.models;
  const double gamma = p.returns_to_eyeballs;
  const Eyes eyes = eyes_on(world, m);
  std::array<double, 2> sum{};
  if (eyes.internal > 0) {
    add(sum, p.internal * returns(eyes.internal, gamma));
  }
  const double others = eyes.developers + eyes.users;
  const Visibility& visible = visibility_of(p, models.form[m]);
  const bool structured =
      is_hosted(models.form[m]) &&
      world.society.groups.rules[world.labs.group[models.maker[m]]].access.structured;
  if (structured) {
    add(sum, p.structured * returns(eyes.auditors, gamma));
    add(sum, visible * returns(others, gamma));
  } else if (is_accessible(models.form[m])) {
    add(sum, visible * returns(eyes.auditors + others, gamma));
  }
  return sum;
}

/// The same for bad actors: their own number, the same v and γ (M6.3).
std::array<double, 2> bad_scrutiny(const World& world, ModelId m) {
  const ScrutinyParameters& p = world.scenario->mechanisms.scrutiny;
  if (!is_accessible(world.models.form[m])) {
    return {};
  }
  const double eyes = p.eyes_per_bad_actor *
                      static_cast<double>(world.scenario->population.bad_actors.count) *
                      family_factor(world.models, m) * world.models.use_auditors[m];
  return visibility_of(p, world.models.form[m]) * returns(eyes, p.returns_to_eyeballs);
}

/// Time at which an integral that grows at `rate` reaches its threshold within the step, or never.
double crossing(double integral, double threshold, double rate, const World& world) {
  if (rate <= 0 || integral + rate * world.clock.dt_years < threshold) {
    return kNever;
  }
  return world.year() + std::max(0.0, threshold - integral) / rate;
}

/// Rates at which one flaw is found this month, over all models that have it of their own.
struct FindRates {
  double eyes = 0;
  double bad = 0;
  ModelId in_weights = kNone;  ///< the newest of them whose weights are out
  bool retrainable = true;     ///< the community can retrain every one of them (M5.4)
};

void bad_actors_find(World& world, std::uint32_t flaw, double year) {  // M6.3
  Flaws& flaws = world.flaw_tables.flaws;
  const std::uint32_t draw = 2 * flaws.n_fixes[flaw] % kMaxDraw;
  Stream stream(world.keys.dynamics, address(flaws.identity[flaw], Process::flaw_shared, 0, draw));
  if (uniform(stream) < world.scenario->mechanisms.scrutiny.share_exploit) {
    flaws.known_year[flaw] = year;
  } else if (world.bad_actors.count() > 0) {
    flaws.bad_finder[flaw] =
        static_cast<std::uint32_t>(uniform_index(world.bad_actors.count(), stream));
  }
}

/// When a found flaw is fixed (M6.4): a shallow one after the latency; a deep one likewise once the
/// community can retrain all that has it.
double fix_year(const World& world, std::uint32_t flaw, const FindRates& rates) {
  const PatchParameters& p = world.scenario->mechanisms.patches;
  const Flaws& flaws = world.flaw_tables.flaws;
  const bool deep = flaws.deep[flaw] != 0;
  if (!p.enabled || (deep && !rates.retrainable)) {
    return kNever;
  }
  const double after = flaws.found_year[flaw] + p.latency_days / kDaysPerYear;
  return deep ? std::max(after, world.year()) : after;
}

void search_flaw(World& world, std::uint32_t flaw, const FindRates& rates) {
  Flaws& flaws = world.flaw_tables.flaws;
  const double dt = world.clock.dt_years;
  if (flaws.found_year[flaw] == kNever && flaws.unwarned[flaw] == 0) {
    flaws.found_year[flaw] =
        crossing(flaws.eyes_hazard[flaw], flaws.eyes_threshold[flaw], rates.eyes, world);
    flaws.eyes_hazard[flaw] += rates.eyes * dt;
    if (flaws.found_year[flaw] != kNever) {
      world.month.finds += 1;
      leak_find(world, flaw);
    }
  }
  const double fixed = fix_year(world, flaw, rates);
  if (is_searched(flaws.kind[flaw]) && flaws.known_year[flaw] == kNever &&
      flaws.bad_finder[flaw] == kNone) {
    const double found =
        crossing(flaws.bad_hazard[flaw], flaws.bad_threshold[flaw], rates.bad, world);
    flaws.bad_hazard[flaw] += rates.bad * dt;
    if (found != kNever && found < fixed) {
      bad_actors_find(world, flaw, found);
    }
  }
  if (fixed < world.end_of_step()) {
    publish_fix(world, flaw, fixed, {.in_weights = rates.in_weights, .bad_rate = rates.bad});
  }
}

}  // namespace

Eyes eyes_on(const World& world, ModelId m) {
  const ScrutinyParameters& p = world.scenario->mechanisms.scrutiny;
  const Population& population = world.scenario->population;
  const Models& models = world.models;
  const double family = family_factor(models, m);
  // a lab's own reviewers work on its newest model
  const bool newest = world.labs.newest[models.maker[m]] == m;
  return {.internal = newest ? p.internal_eyes : 0.0,
          .auditors = world.auditors.total_skill * family * models.use_auditors[m],
          .developers = p.eyes_per_developer * static_cast<double>(population.developers.count) *
                        population.developers.weight * family * models.use_developers[m],
          .users = p.eyes_per_user * world.access.users * family * models.use_users[m]};
}

void search_and_fix(World& world) {
  const ScrutinyParameters& p = world.scenario->mechanisms.scrutiny;
  FlawTables& tables = world.flaw_tables;
  for (ModelId m = 0; p.enabled && m < world.models.count();
       ++m) {  // else nobody looks; fixes go on
    tables.eyes[m] = scrutiny(world, m);
    tables.bad_eyes[m] = bad_scrutiny(world, m);
  }
  std::vector<FindRates> rates(tables.flaws.count());
  const double reach_oom = community_reach_oom(world);
  for (ModelId m = 0; m < world.models.count(); ++m) {
    const bool retrainable = community_can_retrain(world, world.models.root[m], reach_oom);
    for (std::uint32_t i = tables.own_offset[m]; i < tables.instance_offset[m + 1]; ++i) {
      const std::uint32_t flaw = tables.instances.flaw[i];
      const std::size_t depth = tables.flaws.deep[flaw];
      const double scale = p.find_per_eye_year * tables.flaws.virulence[flaw];
      rates[flaw].eyes += scale * tables.eyes[m][depth];
      rates[flaw].bad += scale * tables.bad_eyes[m][depth];
      rates[flaw].retrainable &= retrainable;
      if (weights_are_out(world.models.form[m])) {
        rates[flaw].in_weights = m;
      }
    }
  }
  for (std::uint32_t flaw = 0; flaw < tables.flaws.count(); ++flaw) {
    search_flaw(world, flaw, rates[flaw]);
  }
}

}  // namespace fingers
