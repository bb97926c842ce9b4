// The search for flaws (M6.2, M6.3): eyes of auditors, developers, users and labs against the eyes
// of bad actors; finds, fixes and what a fix gives away. Hazards are integrated against Exp(1)
// thresholds, so that more eyes never find later.
#include <algorithm>
#include <array>
#include <vector>

#include "agents/addresses.hpp"
#include "agents/derivatives.hpp"
#include "agents/fixes.hpp"
#include "agents/freedom.hpp"
#include "agents/world.hpp"
#include "engine/lanes.hpp"

namespace fingers {

namespace {

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

/// Eyes on a model, or what they come to, by who sees alike.
struct Gaze {
  double internal = 0;  ///< its maker's own
  double invited = 0;   ///< auditors with structured access
  double others = 0;
  double bad = 0;
};
constexpr std::array kGroups = {&Gaze::internal, &Gaze::invited, &Gaze::others, &Gaze::bad};

/// Eyes on a model. All eyes on a root's family look at the root.
Gaze eyes_by_group(const World& world, ModelId m) {
  const ScrutinyParameters& p = world.scenario->mechanisms.scrutiny;
  const Models& models = world.models;
  const Eyes eyes = eyes_on(world, m);
  Gaze gaze{};
  gaze.internal = eyes.internal;
  if (!is_accessible(models.form[m])) {
    return gaze;
  }
  const bool structured =
      is_hosted(models.form[m]) &&
      world.society.groups.rules[world.labs.group[models.maker[m]]].access.structured;
  const double others = eyes.developers + eyes.users;
  gaze.invited = structured ? eyes.auditors : 0.0;
  gaze.others = structured ? others : eyes.auditors + others;
  gaze.bad = p.eyes_per_bad_actor *
             static_cast<double>(world.scenario->population.bad_actors.count) *
             family_factor(models, m) * models.use_auditors[m];
  return gaze;
}

/// What so many eyes come to: eyes^γ (M6.2).
void add_returns(std::vector<Gaze>& gazes, double gamma) {
  std::vector<double> eyes;
  for (const Gaze& gaze : gazes) {
    for (const auto group : kGroups) {
      if (gaze.*group > 0) {
        eyes.push_back(gaze.*group);
      }
    }
  }
  lane_kernels().pow_row(eyes.data(), static_cast<std::uint32_t>(eyes.size()), gamma);
  auto next = eyes.begin();
  for (Gaze& gaze : gazes) {
    for (const auto group : kGroups) {
      gaze.*group = gaze.*group > 0 ? *next++ : 0.0;
    }
  }
}

/// S of each model, shallow and deep: what friends see of it (M6.2), and what bad actors do by the
/// same v and γ (M6.3).
void look(World& world) {
  const ScrutinyParameters& p = world.scenario->mechanisms.scrutiny;
  FlawTables& tables = world.flaw_tables;
  std::vector<Gaze> gazes;
  gazes.reserve(world.models.count());
  for (ModelId m = 0; m < world.models.count(); ++m) {
    gazes.push_back(eyes_by_group(world, m));
  }
  add_returns(gazes, p.returns_to_eyeballs);
  for (ModelId m = 0; m < world.models.count(); ++m) {
    const Gaze& gaze = gazes[m];
    const Visibility& visible = visibility_of(p, world.models.form[m]);
    std::array<double, 2> sum = p.internal * gaze.internal;
    add(sum, p.structured * gaze.invited);
    add(sum, visible * gaze.others);
    tables.eyes[m] = sum;
    tables.bad_eyes[m] = visible * gaze.bad;
  }
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
  if (p.enabled) {  // else nobody looks; fixes go on
    look(world);
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
