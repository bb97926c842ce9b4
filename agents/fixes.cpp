// Published fixes (M6.4), how deployments take them (M6.5), and what they tell bad actors (M6.3).
#include "agents/fixes.hpp"

#include <algorithm>
#include <array>

#include "agents/addresses.hpp"
#include "agents/derivatives.hpp"
#include "agents/world.hpp"
#include "engine/arithmetic.hpp"

namespace fingers {

namespace {

/// Where the draws of a flaw's disclosure begin, by the number of its fixes so far; the find's own
/// stands 4 further.
std::uint32_t disclosure_draw(std::uint32_t n_fixes) { return 8 * n_fixes % (kMaxDraw - 7); }

/// The oldest derivative of a base at each layer, or kNone.
std::array<ModelId, kPanelLayers> panel_models(const Models& models, ModelId base) {
  std::array<ModelId, kPanelLayers> found{};
  found.fill(kNone);
  for (ModelId m = base + 1; models.family_attachment[base] > 1 && m < models.count(); ++m) {
    const std::uint32_t layer = models.layers[m];
    if (models.root[m] == base && layer <= kPanelLayers && found[layer - 1] == kNone) {
      found[layer - 1] = m;
    }
  }
  return found;
}

/// The habits of the panel, which are looked up at the first fix.
const std::vector<double>& panel_habits(World& world) {
  const std::uint64_t most = world.scenario->mechanisms.patches.panel;
  const auto panel =
      static_cast<std::uint32_t>(std::min<std::uint64_t>(most, world.developers->count()));
  std::vector<double>& habits = world.flaw_tables.panel_habits;
  for (auto i = static_cast<std::uint32_t>(habits.size()); i < panel; ++i) {
    habits.push_back(habitual_delay_years(world, i));
  }
  return habits;
}

/// How deployments of the panel take a fix of a model whose weights are out (M6.5).
void measure_coverage(World& world, const PublishedFix& fix, ModelId model) {
  std::vector<double> days = fix_delays_years(world, fix.flaw, fix.ordinal, panel_habits(world));
  for (double& delay : days) {
    delay *= kDaysPerYear;
    world.month.panel_taken_30d += delay <= 30 ? 1 : 0;
    world.month.panel_taken_90d += delay <= 90 ? 1 : 0;
    world.month.panel_taken_365d += delay <= 365 ? 1 : 0;
    world.month.panel_never += delay == kNever ? 1 : 0;
  }
  const auto panel = static_cast<double>(days.size());
  world.month.panel_fixes += panel;
  const std::array<ModelId, kPanelLayers> derivatives = panel_models(world.models, model);
  for (std::size_t layer = 0; layer < kPanelLayers; ++layer) {
    if (derivatives[layer] == kNone) {
      continue;
    }
    const double merged = merged_year(world, fix, derivatives[layer], model);
    const double left = 90 - kDaysPerYear * (merged - fix.year);
    world.month.layer_panels[layer].fixes += panel;
    world.month.layer_panels[layer].taken_90d +=
        static_cast<double>(std::ranges::count_if(days, [left](double d) { return d <= left; }));
  }
}

/// When bad actors know a hole that is fixed now (M6.3): they knew it before, or a fix of weights
/// that they hold shows it, or they find it in old copies at the month's rate.
double hole_known_year(const World& world, const PublishedFix& fix, bool held, double bad_rate) {
  const DisclosureParameters& p = world.scenario->mechanisms.disclosure;
  const Flaws& flaws = world.flaw_tables.flaws;
  if (flaws.known_year[fix.flaw] <= fix.year) {
    return flaws.known_year[fix.flaw];
  }
  const double rate = held ? p.weaponise_per_year + bad_rate : 0.0;
  if (!p.enabled || rate <= 0 || !is_searched(flaws.kind[fix.flaw])) {
    return kNever;
  }
  Stream stream(world.keys.dynamics, address(flaws.identity[fix.flaw], Process::weaponise, 0,
                                             disclosure_draw(fix.ordinal)));
  return fix.year + exponential(stream) / rate;
}

/// How many private deployments were still open when bad actors came to know the hole (M6.3).
void measure_race(World& world, const PublishedFix& fix, double known_year) {
  const PatchParameters& p = world.scenario->mechanisms.patches;
  if (world.flaw_tables.flaws.kind[fix.flaw] != FlawKind::security) {
    return;
  }
  world.month.security_fixes += 1;
  world.month.learnt_open +=
      known_year == kNever ? 0.0 : 1.0 - private_coverage(p, known_year - fix.year);
}

/// The remainder of a flaw starts afresh: unfound, with new thresholds (M6.4).
void start_afresh(World& world, std::uint32_t flaw) {
  Flaws& flaws = world.flaw_tables.flaws;
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
}

}  // namespace

bool is_searched(FlawKind kind) {
  return kind == FlawKind::safeguard || kind == FlawKind::security;
}

void leak_find(World& world, std::uint32_t flaw) {
  const DisclosureParameters& p = world.scenario->mechanisms.disclosure;
  Flaws& flaws = world.flaw_tables.flaws;
  if (!p.enabled || !is_searched(flaws.kind[flaw])) {
    return;
  }
  const std::uint32_t draw = disclosure_draw(flaws.n_fixes[flaw]) + 4;
  Stream stream(world.keys.dynamics, address(flaws.identity[flaw], Process::weaponise, 0, draw));
  if (uniform(stream) < p.pre_disclosure) {
    flaws.known_year[flaw] = std::min(flaws.known_year[flaw], flaws.found_year[flaw]);
  }
}

void publish_fix(World& world, std::uint32_t flaw, double year, const FixSetting& setting) {
  FlawTables& tables = world.flaw_tables;
  Flaws& flaws = tables.flaws;
  const bool held = setting.in_weights != kNone;
  const PublishedFix fix{.flaw = flaw, .ordinal = flaws.n_fixes[flaw]++, .year = year};
  const double known_year = hole_known_year(world, fix, held, setting.bad_rate);
  tables.fixes.year.push_back(year);
  tables.fixes.previous.push_back(flaws.last_fix[flaw]);
  tables.fixes.known_year.push_back(known_year);
  tables.fixes.bad_finder.push_back(flaws.bad_finder[flaw]);
  flaws.last_fix[flaw] = tables.fixes.count() - 1;
  flaws.virulence[flaw] *= 1.0 - world.scenario->mechanisms.patches.strength;
  start_afresh(world, flaw);
  world.month.fixes += 1;
  if (held) {
    measure_race(world, fix, known_year);
    measure_coverage(world, fix, setting.in_weights);
  }
}

}  // namespace fingers
