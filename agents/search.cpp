// The search for flaws (M6.2, M6.3): eyes of auditors, developers, users and labs against the eyes
// of bad actors; finds, fixes and what a fix gives away. Hazards are integrated against Exp(1)
// thresholds, so that more eyes never find later.
#include <algorithm>
#include <limits>

#include "agents/addresses.hpp"
#include "agents/world.hpp"
#include "engine/arithmetic.hpp"

namespace fingers {

namespace {

constexpr double kDaysPerYear = 365.25;

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

/// S of a root: what friends see of it, shallow and deep (M6.2).
std::array<double, 2> scrutiny(const World& world, ModelId m) {
  const ScrutinyParameters& p = world.scenario->mechanisms.scrutiny;
  const Population& population = world.scenario->population;
  const Models& models = world.models;
  const double gamma = p.returns_to_eyeballs;
  const LabId maker = models.maker[m];
  std::array<double, 2> sum{};
  if (world.labs.newest[maker] == m) {  // a lab's own reviewers work on its newest model
    add(sum, p.internal * returns(p.internal_eyes, gamma));
  }
  const double auditors = world.auditors.total_skill * models.use_auditors[m];
  const double others = p.eyes_per_developer * static_cast<double>(population.developers.count) *
                            population.developers.weight * models.use_developers[m] +
                        p.eyes_per_user * world.access.users * models.use_users[m];
  const Visibility& visible = visibility_of(p, models.form[m]);
  const bool structured = is_hosted(models.form[m]) &&
                          world.society.groups.rules[world.labs.group[maker]].access.structured;
  if (structured) {
    add(sum, p.structured * returns(auditors, gamma));
    add(sum, visible * returns(others, gamma));
  } else if (is_accessible(models.form[m])) {
    add(sum, visible * returns(auditors + others, gamma));
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
                      world.models.use_auditors[m];
  return visibility_of(p, world.models.form[m]) * returns(eyes, p.returns_to_eyeballs);
}

/// Time at which an integral that grows at `rate` reaches its threshold within the step, or never.
double crossing(double integral, double threshold, double rate, const World& world) {
  if (rate <= 0 || integral + rate * world.clock.dt_years < threshold) {
    return kNever;
  }
  return world.year() + std::max(0.0, threshold - integral) / rate;
}

void measure_coverage(World& world, std::uint32_t flaw, std::uint32_t ordinal) {
  const PatchParameters& p = world.scenario->mechanisms.patches;
  const auto panel =
      static_cast<std::uint32_t>(std::min<std::uint64_t>(p.panel, world.developers.count()));
  for (std::uint32_t i = 0; i < panel; ++i) {
    const double days = kDaysPerYear * fix_delay_years(world, flaw, ordinal, i);
    world.month.panel_taken_30d += days <= 30 ? 1 : 0;
    world.month.panel_taken_90d += days <= 90 ? 1 : 0;
    world.month.panel_taken_365d += days <= 365 ? 1 : 0;
  }
  world.month.panel_fixes += panel;
}

void publish_fix(World& world, std::uint32_t flaw, double year, bool weights_out) {  // M6.4
  FlawTables& tables = world.flaw_tables;
  Flaws& flaws = tables.flaws;
  const std::uint32_t ordinal = flaws.n_fixes[flaw]++;
  tables.fixes.year.push_back(year);
  tables.fixes.previous.push_back(flaws.last_fix[flaw]);
  flaws.last_fix[flaw] = tables.fixes.count() - 1;
  flaws.virulence[flaw] *= 1.0 - world.scenario->mechanisms.patches.strength;
  const std::uint32_t draw = 2 * flaws.n_fixes[flaw] % kMaxDraw;
  const std::uint64_t identity = flaws.identity[flaw];
  Stream eyes(world.keys.dynamics, address(identity, Process::flaw_found_by_eyes, 0, draw));
  Stream bad(world.keys.dynamics, address(identity, Process::flaw_found_by_bad_actors, 0, draw));
  flaws.eyes_hazard[flaw] = 0;
  flaws.eyes_threshold[flaw] = exponential(eyes);
  flaws.found_year[flaw] = kNever;
  flaws.bad_hazard[flaw] = 0;
  flaws.bad_threshold[flaw] = exponential(bad);
  flaws.known_year[flaw] = kNever;
  flaws.bad_finder[flaw] = kNone;
  world.month.fixes += 1;
  if (weights_out) {
    measure_coverage(world, flaw, ordinal);
  }
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

/// Rates at which one flaw is found this month, over all models that have it.
struct FindRates {
  double eyes = 0;
  double bad = 0;
  bool weights_out = false;
};

void search_flaw(World& world, std::uint32_t flaw, const FindRates& rates) {
  const Mechanisms& m = world.scenario->mechanisms;
  Flaws& flaws = world.flaw_tables.flaws;
  const double dt = world.clock.dt_years;
  if (flaws.found_year[flaw] == kNever && flaws.unwarned[flaw] == 0) {
    flaws.found_year[flaw] =
        crossing(flaws.eyes_hazard[flaw], flaws.eyes_threshold[flaw], rates.eyes, world);
    flaws.eyes_hazard[flaw] += rates.eyes * dt;
    world.month.finds += flaws.found_year[flaw] != kNever ? 1 : 0;
  }
  const bool mended = flaws.deep[flaw] == 0 && m.patches.enabled;
  const double fix_year =
      mended ? flaws.found_year[flaw] + m.patches.latency_days / kDaysPerYear : kNever;
  const bool searched =
      flaws.kind[flaw] == FlawKind::safeguard || flaws.kind[flaw] == FlawKind::security;
  if (searched && flaws.known_year[flaw] == kNever && flaws.bad_finder[flaw] == kNone) {
    const double found =
        crossing(flaws.bad_hazard[flaw], flaws.bad_threshold[flaw], rates.bad, world);
    flaws.bad_hazard[flaw] += rates.bad * dt;
    if (found != kNever && found < fix_year) {
      bad_actors_find(world, flaw, found);
    }
  }
  if (fix_year < world.end_of_step()) {
    publish_fix(world, flaw, fix_year, rates.weights_out);
  }
}

}  // namespace

void search_and_fix(World& world) {
  const ScrutinyParameters& p = world.scenario->mechanisms.scrutiny;
  FlawTables& tables = world.flaw_tables;
  for (ModelId m = 0; p.enabled && m < world.models.count();
       ++m) {  // else nobody looks; fixes go on
    tables.eyes[m] = scrutiny(world, m);
    tables.bad_eyes[m] = bad_scrutiny(world, m);
  }
  std::vector<FindRates> rates(tables.flaws.count());
  for (std::uint32_t i = 0; i < tables.instances.count(); ++i) {
    const std::uint32_t flaw = tables.instances.flaw[i];
    const ModelId model = tables.instances.model[i];
    const std::size_t depth = tables.flaws.deep[flaw];
    const double scale = p.find_per_eye_year * tables.flaws.virulence[flaw];
    rates[flaw].eyes += scale * tables.eyes[model][depth];
    rates[flaw].bad += scale * tables.bad_eyes[model][depth];
    rates[flaw].weights_out |= weights_are_out(world.models.form[model]);
  }
  for (std::uint32_t flaw = 0; flaw < tables.flaws.count(); ++flaw) {
    search_flaw(world, flaw, rates[flaw]);
  }
}

}  // namespace fingers
