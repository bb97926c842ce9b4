#include "agents/mean_copies.hpp"

#include <algorithm>
#include <cmath>

#include "agents/derivatives.hpp"
#include "agents/world.hpp"
#include "engine/arithmetic.hpp"

namespace fingers {

namespace {

constexpr std::uint32_t kSteps = 256;
/// Part of the youngest fix's age for which a derivative's value serves.
constexpr double kServes = 0.1;

}  // namespace

CoverageTable coverage_table(const World& world) {
  const PatchParameters& p = world.scenario->mechanisms.patches;
  const double longest = static_cast<double>(world.clock.n_steps) * world.clock.dt_years;
  CoverageTable table;
  table.steps_per_root_year = kSteps / std::sqrt(longest);
  for (std::uint32_t k = 0; k <= kSteps; ++k) {
    const double root = k / table.steps_per_root_year;
    const double days = kDaysPerYear * root * root;
    table.taken.push_back(chance_of_hazard(portable_pow(days / p.scale_days, p.shape)));
  }
  return table;
}

double CoverageTable::at(double age_years) const {
  const double place = std::min(steps_per_root_year * std::sqrt(std::max(0.0, age_years)),
                                static_cast<double>(kSteps));
  const auto below = std::min(static_cast<std::size_t>(place), std::size_t{kSteps - 1});
  return taken[below] + (place - static_cast<double>(below)) * (taken[below + 1] - taken[below]);
}

void refresh(MeanCopies& state, const World& world, std::uint32_t instance) {
  const FlawTables& tables = world.flaw_tables;
  const std::uint32_t flaw = tables.instances.flaw[instance];
  const double now = world.year();
  const PatchParameters& p = world.scenario->mechanisms.patches;
  const ModelId model = tables.instances.model[instance];
  const ModelId origin = tables.instances.origin[instance];
  const double born = world.models.release_year[model];
  double with_model = tables.instances.birth_virulence[instance];
  double at_hosts = 1;
  double updating = 1;
  state.until_year = kNever;
  std::uint32_t ordinal = tables.flaws.n_fixes[flaw];
  for (std::uint32_t fix = tables.flaws.last_fix[flaw];
       fix != kNone && tables.fixes.year[fix] > world.models.release_year[origin];
       fix = tables.fixes.previous[fix]) {
    --ordinal;
    const PublishedFix published{.flaw = flaw, .ordinal = ordinal, .year = tables.fixes.year[fix]};
    const double merged = merged_year(world, published, model, origin);
    if (merged <= born) {
      with_model *= 1.0 - p.strength;  // everybody has what came with the model
    } else if (merged <= now) {
      at_hosts *= 1.0 - p.strength;
      updating *= 1.0 - p.strength * world.diffuse.coverage.at(now - merged);
      state.until_year = std::min(state.until_year, now + kServes * (now - merged));
    } else {
      state.until_year = std::min(state.until_year, merged);
    }
  }
  if (model == origin && updating < 1.0) {
    state.until_year = now;  // cheap: looked at every month
  }
  state.n_fixes = tables.flaws.n_fixes[flaw];
  state.newest = with_model * at_hosts;
  state.copies = with_model * (p.never_update + (1.0 - p.never_update) * updating);
}

}  // namespace fingers
