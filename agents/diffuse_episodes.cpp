#include "agents/diffuse_episodes.hpp"

#include <algorithm>
#include <limits>

#include "agents/addresses.hpp"
#include "agents/world.hpp"
#include "engine/arithmetic.hpp"

namespace fingers {

namespace {

/// Where most of an episode's harm was done (M15).
Route most_through(const World& world, std::uint32_t harm) {
  const DiffuseHarms& harms = world.diffuse.harms;
  const LabId maker = world.models.maker[harms.root[harm]];
  if (world.society.groups.follows[world.labs.group[maker]] == 0) {
    return Route::rest_of_the_world;
  }
  return harms.hosted_musd[harm] > 0.5 * harms.harm_musd[harm] ? Route::hosted : Route::weights;
}

bool has_flaw(const World& world, ModelId model, std::uint32_t flaw) {
  const FlawTables& tables = world.flaw_tables;
  const auto from = tables.instances.flaw.begin();
  return std::find(from + tables.instance_offset[model], from + tables.instance_offset[model + 1],
                   flaw) != from + tables.instance_offset[model + 1];
}

/// A deep flaw is fixed in its maker's next base model, where that is free of it (M6.4).
double fixed_in_next_generation(const World& world, std::uint32_t harm) {
  const DiffuseHarms& harms = world.diffuse.harms;
  const Models& models = world.models;
  for (ModelId m = harms.root[harm] + 1; m < models.count(); ++m) {
    const bool next = models.maker[m] == models.maker[harms.root[harm]] && models.root[m] == m &&
                      models.release_year[m] > harms.attributed_year[harm];
    if (next) {
      return has_flaw(world, m, harms.flaw[harm]) ? kNever : models.release_year[m];
    }
  }
  return kNever;
}

void count_small(World& world, std::uint32_t harm) {
  SmallHarms& small = world.diffuse.small;
  const DiffuseHarms& harms = world.diffuse.harms;
  const std::size_t n_routes = kRouteNames.size();
  small.musd.resize(world.scenario->labs.size() * n_routes, 0.0);
  small.began_year.resize(small.musd.size(), kNever);
  const std::uint32_t group = world.labs.group[world.models.maker[harms.root[harm]]];
  const std::size_t at = group * n_routes + static_cast<std::size_t>(most_through(world, harm));
  small.musd[at] += harms.harm_musd[harm];
  small.began_year[at] = std::min(small.began_year[at], harms.began_year[harm]);
}

}  // namespace

std::uint32_t harm_row(World& world, std::uint32_t flaw, std::uint32_t root) {
  DiffuseHarms& harms = world.diffuse.harms;
  std::vector<std::uint32_t>& last = world.diffuse.last_of_root;
  last.resize(world.models.count(), kNone);
  for (std::uint32_t row = last[root]; row != kNone; row = harms.previous[row]) {
    if (harms.flaw[row] == flaw) {
      return row;
    }
  }
  harms.previous.push_back(last[root]);
  last[root] = harms.count();
  harms.flaw.push_back(flaw);
  harms.root.push_back(root);
  harms.identity.push_back(birth_identity(static_cast<std::uint64_t>(Birth::flaw),
                                          world.flaw_tables.flaws.identity[flaw],
                                          world.models.identity[root], 1));
  harms.episode.push_back(0);
  harms.open.push_back(0);
  harms.n_fixes.push_back(0);
  harms.began_year.push_back(0);
  harms.harm_musd.push_back(0);
  harms.hosted_musd.push_back(0);
  harms.pool.emplace_back();
  harms.seen_year.push_back(kNever);
  harms.seen_form.push_back(Form::internal);
  harms.seen_layers.push_back(0);
  harms.attempts.push_back(0);
  harms.attempt_hazard.push_back(0);
  harms.attempt_threshold.push_back(0);
  harms.attempt_right.push_back(0);
  harms.resume_year.push_back(0);
  harms.attributed_year.push_back(kNever);
  harms.month.push_back({.alarm_year = kNever});
  return harms.count() - 1;
}

void begin_episode(World& world, std::uint32_t harm, double year) {
  DiffuseHarms& harms = world.diffuse.harms;
  harms.open[harm] = 1;
  ++harms.episode[harm];
  harms.n_fixes[harm] = world.flaw_tables.flaws.n_fixes[harms.flaw[harm]];
  harms.began_year[harm] = year;
  harms.harm_musd[harm] = 0;
  harms.hosted_musd[harm] = 0;
  harms.pool[harm] = {};
  harms.seen_year[harm] = kNever;
  harms.attempts[harm] = 0;
  harms.attributed_year[harm] = kNever;
}

void begin_attempt(World& world, std::uint32_t harm) {
  constexpr std::uint32_t kBlocks = 4;  // of draws for each attempt
  const DiffuseParameters& p = world.scenario->mechanisms.diffuse;
  DiffuseHarms& harms = world.diffuse.harms;
  Stream stream(world.keys.dynamics,
                address(harms.identity[harm], Process::attribution, harms.n_fixes[harm],
                        kBlocks * harms.attempts[harm] % (kMaxDraw - kBlocks)));
  const bool named = world.models.licence[harms.root[harm]].naming_duty;
  const double penalty = p.layer_penalty * (named ? 1.0 - p.provenance : 1.0);
  harms.attempt_hazard[harm] = 0;
  harms.attempt_threshold[harm] = exponential(stream);
  harms.attempt_right[harm] =
      uniform(stream) < portable_exp(-penalty * harms.seen_layers[harm]) ? 1 : 0;
  ++harms.attempts[harm];
}

void end_episode(World& world, std::uint32_t harm, const EpisodeEnd& end) {
  DiffuseHarms& harms = world.diffuse.harms;
  harms.open[harm] = 0;
  if (harms.harm_musd[harm] <= 0) {
    return;
  }
  if (harms.harm_musd[harm] < world.scenario->mechanisms.diffuse.least_event_musd) {
    count_small(world, harm);
    return;
  }
  const ModelId root = harms.root[harm];
  const LabId maker = world.models.maker[root];
  const bool deep = world.flaw_tables.flaws.deep[harms.flaw[harm]] != 0;
  const bool attributed = harms.attributed_year[harm] != kNever;
  Event event{.year = end.year,
              .kind = EventKind::diffuse,
              .domain = 0,
              .route = most_through(world, harm),
              .agent_kind = AgentKind::lab,
              .maker = static_cast<std::uint8_t>(world.labs.group[maker] + 1),
              .agent = maker,
              .model = root,
              .root = root,
              .flaw = harms.flaw[harm]};
  event.severity_musd = harms.harm_musd[harm];
  event.capability_oom = world.models.capability_oom[root];
  event.seen_year = harms.seen_year[harm];
  event.attributed = attributed;
  event.began_year = harms.began_year[harm];
  event.attributed_year = harms.attributed_year[harm];
  event.fixed_year = end.fixed_year == kNever && deep && attributed
                         ? fixed_in_next_generation(world, harm)
                         : end.fixed_year;
  event.flags = end.still_open ? kStillOpen : 0;
  world.month.events.push_back(event);
}

void end_fixed_episodes(World& world) {
  DiffuseHarms& harms = world.diffuse.harms;
  const FlawTables& tables = world.flaw_tables;
  for (std::uint32_t harm = 0; harm < harms.count(); ++harm) {
    const std::uint32_t flaw = harms.flaw[harm];
    if (harms.open[harm] == 0 || harms.n_fixes[harm] == tables.flaws.n_fixes[flaw]) {
      continue;
    }
    const double fixed = tables.fixes.year[tables.flaws.last_fix[flaw]];
    const double until = std::min(std::max(fixed, world.year()), world.month.end_year);
    const double years = until - world.year();  // of this month, as it went last month
    harms.harm_musd[harm] += harms.month[harm].musd_per_year * years;
    harms.hosted_musd[harm] += harms.month[harm].hosted_per_year * years;
    world.month.diffuse_harm_musd += harms.month[harm].musd_per_year * years;
    // What was found and mended within the month was never a found flaw at the end of one.
    const double latency = world.scenario->mechanisms.patches.latency_days / kDaysPerYear;
    const double found = std::max(fixed - latency, harms.began_year[harm]);
    world.month.unseen_diffuse_harm_musd +=
        harms.month[harm].musd_per_year *
        (std::clamp(std::min(found, harms.seen_year[harm]), world.year(), until) - world.year());
    harms.seen_year[harm] = std::min(harms.seen_year[harm], found);
    harms.attributed_year[harm] =
        std::min(harms.attributed_year[harm], std::max(harms.seen_year[harm], found));
    end_episode(world, harm,
                {.year = until, .fixed_year = std::max(fixed, harms.began_year[harm])});
    begin_episode(world, harm, until);
  }
}

void tell_small_harms(World& world, double year) {
  const SmallHarms& small = world.diffuse.small;
  const std::size_t n_routes = kRouteNames.size();
  for (std::size_t at = 0; at < small.musd.size(); ++at) {
    if (small.musd[at] > 0) {
      Event event{.year = year,
                  .kind = EventKind::diffuse,
                  .domain = 0,
                  .route = static_cast<Route>(at % n_routes),
                  .agent_kind = AgentKind::lab,
                  .maker = static_cast<std::uint8_t>(at / n_routes + 1)};
      event.severity_musd = small.musd[at];
      event.capability_oom = std::numeric_limits<double>::quiet_NaN();
      event.began_year = small.began_year[at];
      event.flags = kStillOpen;
      world.month.events.push_back(event);
    }
  }
}

}  // namespace fingers
