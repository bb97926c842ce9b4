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

/// Lets an integral grow at `rate` for the step. Answers when it reaches its threshold, or never.
double integrate(double& integral, double threshold, double rate, const StepTimes& times) {
  const double before = integral;
  integral += rate * times.years;
  if (rate <= 0 || integral < threshold) {
    return kNever;
  }
  return times.begin + std::max(0.0, threshold - before) / rate;
}

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

/// When a flaw that is found at a time is fixed (M6.4): a shallow one after the latency; a deep one
/// likewise once the community can retrain all that has it.
double fix_year(const PatchParameters& p, const StepTimes& times, double found_year, bool deep,
                bool retrainable) {
  if (found_year == kNever || !p.enabled || (deep && !retrainable)) {
    return kNever;
  }
  const double after = found_year + p.latency_days / kDaysPerYear;
  return deep ? std::max(after, times.begin) : after;
}

void search_flaw(World& world, const StepTimes& times, std::uint32_t flaw, const FindRates& rates) {
  Flaws& flaws = world.flaw_tables.flaws;
  if (flaws.found_year[flaw] == kNever && flaws.unwarned[flaw] == 0) {
    const double found =
        integrate(flaws.eyes_hazard[flaw], flaws.eyes_threshold[flaw], rates.eyes, times);
    if (found != kNever) {
      flaws.found_year[flaw] = found;
      world.month.finds += 1;
      leak_find(world, flaw);
    }
  }
  const double fixed = fix_year(world.scenario->mechanisms.patches, times, flaws.found_year[flaw],
                                flaws.deep[flaw] != 0, rates.retrainable);
  if (is_searched(flaws.kind[flaw]) && flaws.known_year[flaw] == kNever &&
      flaws.bad_finder[flaw] == kNone) {
    const double found =
        integrate(flaws.bad_hazard[flaw], flaws.bad_threshold[flaw], rates.bad, times);
    if (found < fixed) {
      bad_actors_find(world, flaw, found);
    }
  }
  if (fixed < times.end) {
    publish_fix(world, flaw, fixed, {.in_weights = rates.in_weights, .bad_rate = rates.bad});
  }
}

/// How fast each flaw is found this month.
void set_find_rates(World& world) {
  FlawTables& tables = world.flaw_tables;
  const double per_eye_year = world.scenario->mechanisms.scrutiny.find_per_eye_year;
  const double reach_oom = community_reach_oom(world);
  tables.find_rates.assign(tables.flaws.count(), {});
  for (ModelId m = 0; m < world.models.count(); ++m) {
    const bool retrainable = community_can_retrain(world, world.models.root[m], reach_oom);
    const bool out = weights_are_out(world.models.form[m]);
    const std::array<double, 2> eyes = tables.eyes[m];
    const std::array<double, 2> bad_eyes = tables.bad_eyes[m];
    for (std::uint32_t i = tables.own_offset[m]; i < tables.instance_offset[m + 1]; ++i) {
      const std::uint32_t flaw = tables.instances.flaw[i];
      const std::size_t depth = tables.flaws.deep[flaw];
      const double scale = per_eye_year * tables.flaws.virulence[flaw];
      FindRates& rates = tables.find_rates[flaw];
      rates.eyes += scale * eyes[depth];
      rates.bad += scale * bad_eyes[depth];
      rates.retrainable &= retrainable;
      rates.in_weights = out ? m : rates.in_weights;
    }
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
  if (world.scenario->mechanisms.scrutiny.enabled) {  // else nobody looks; fixes go on
    look(world);
  }
  set_find_rates(world);
  const StepTimes times = world.times();
  const FlawTables& tables = world.flaw_tables;
  for (std::uint32_t flaw = 0; flaw < tables.flaws.count(); ++flaw) {
    search_flaw(world, times, flaw, tables.find_rates[flaw]);
  }
}

}  // namespace fingers
