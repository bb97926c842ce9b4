// Tested by tests/agents/diffuse_test.cpp.
#include "agents/diffuse_exposure.hpp"

#include <algorithm>
#include <cmath>

#include "agents/addresses.hpp"
#include "agents/diffuse_episodes.hpp"
#include "agents/world.hpp"

namespace fingers {

namespace {

/// A family's month in which nobody has been counted yet.
FamilyMonth begun_month(const World& world, std::uint32_t harm) {
  return {.years = std::max(0.0, world.end_of_step() - reports_begin(world, harm)),
          .alarm_year = kNever};
}

/// What a month has in common for all flaws of a model.
struct UsedModel {
  bool hosted = false;
  std::uint32_t layers = 0;
  double users = 0;
  double observed_per_year = 0;  ///< users that are observed
};

UsedModel used_model(const World& world, ModelId model) {
  const double users = users_of(world, model);
  return {.hosted = is_hosted(world.models.form[model]),
          .layers = world.models.layers[model],
          .users = users,
          .observed_per_year = observed_per_year(world, users)};
}

/// Mean virulence for a model's users, and as harm counts it: hosts, which live on attention, add
/// manipulation.
struct Exposure {
  double virulence = 0;
  double harm_virulence = 0;
};

Exposure exposure(const World& world, const UsedModel& used, DiffuseInstance& row) {
  const Mechanisms& m = world.scenario->mechanisms;
  MeanCopies& state = row.copies;
  if (!state.serves(world.flaw_tables.flaws.n_fixes[row.flaw], world.year())) {
    refresh(state, world, row.instance);
  }
  const double attention = 1.0 + m.diffuse.manipulation;
  if (used.hosted) {
    return {.virulence = state.newest, .harm_virulence = attention * state.newest};
  }
  const double hosted = m.access.third_party_host;
  const double copies = (1.0 - hosted) * state.copies;
  return {.virulence = hosted * state.newest + copies,
          .harm_virulence = attention * hosted * state.newest + copies};
}

/// The test of a host, or of a deployment's own users (M11).
void observe_own(World& world, const UsedModel& used, DiffuseInstance& row, double mean_virulence) {
  const DiffuseParameters& p = world.scenario->mechanisms.diffuse;
  DiffuseHarms& harms = world.diffuse.harms;
  if (row.episode != harms.episode[row.harm]) {
    row.episode = harms.episode[row.harm];
    row.test = {};
  }
  constexpr double kSame = 0.005;  // coverage is known no better (MeanCopies)
  if (std::abs(row.virulence - mean_virulence) > kSame * mean_virulence) {
    row.virulence = mean_virulence;
    row.law = report_law(p.base_rate, p.effect_per_virulence * mean_virulence);
  }
  FamilyMonth& month = harms.month[row.harm];
  if (!gather(row.test, used.observed_per_year * month.years, row.law)) {
    return;
  }
  const double share =
      settle(row.test, world.diffuse.alarm,
             {.key = world.keys.dynamics,
              .address = address(row.identity, Process::diffuse_reports, world.step)});
  const double year = reports_begin(world, row.harm) + share * month.years;
  if (year < month.alarm_year) {
    month.alarm_year = year;
    month.alarm_model = row.model;
  }
}

/// Adds one instance to the month of its family.
void expose(World& world, const UsedModel& used, DiffuseInstance& row) {
  DiffuseHarms& harms = world.diffuse.harms;
  if (row.harm == kNone) {
    row.harm = harm_row(world, row.flaw, world.models.root[row.model]);
  }
  if (harms.open[row.harm] == 0) {
    begin_episode(world, row.harm, std::max(world.year(), world.models.release_year[row.model]));
    harms.month[row.harm] = begun_month(world, row.harm);
  }
  const Exposure e = exposure(world, used, row);
  const double musd_per_year =
      world.scenario->mechanisms.diffuse.musd_per_user_year * e.harm_virulence * used.users;
  FamilyMonth& month = harms.month[row.harm];
  month.least_layers = month.users > 0 ? std::min(month.least_layers, used.layers) : used.layers;
  month.users += used.users;
  month.virulence += used.users * e.virulence;
  month.musd_per_year += musd_per_year;
  month.hosted_per_year += used.hosted ? musd_per_year : 0.0;
  if (used.hosted && row.silent != 0) {
    month.silent = true;  // what its host sees stays there
  } else if (harms.seen_year[row.harm] == kNever) {
    observe_own(world, used, row, e.virulence);
  }
}

}  // namespace

double users_of(const World& world, ModelId model) {
  return world.access.users * world.models.use_users[model];
}

double observed_per_year(const World& world, double users) {
  return world.scenario->mechanisms.diffuse.observations_per_user_month * users * kMonthsPerYear;
}

double reports_begin(const World& world, std::uint32_t harm) {
  return std::max(world.year(), world.diffuse.harms.began_year[harm]);
}

void admit_instances(World& world) {
  const FlawTables& tables = world.flaw_tables;
  for (std::uint32_t& i = world.diffuse.n_instances_read; i < tables.instances.count(); ++i) {
    const std::uint32_t flaw = tables.instances.flaw[i];
    if (tables.flaws.kind[flaw] != FlawKind::diffuse) {
      continue;
    }
    const ModelId model = tables.instances.model[i];
    const LabId maker = world.models.maker[model];
    const auto pair = [&](std::uint64_t other) {
      return birth_identity(static_cast<std::uint64_t>(Birth::flaw), tables.flaws.identity[flaw],
                            other, 0);
    };
    Stream disclosure(world.lasting,
                      address(pair(world.labs.identity[maker]), Process::diffuse_disclosure));
    const bool discloses = uniform(disclosure) < world.scenario->mechanisms.diffuse.disclosure;
    world.diffuse.instances.push_back({.flaw = flaw,
                                       .model = model,
                                       .test = {},
                                       .law = {},
                                       .copies = {},
                                       .identity = pair(world.models.identity[model]),
                                       .instance = i,
                                       .silent = static_cast<std::uint8_t>(discloses ? 0 : 1)});
  }
}

void expose_users(World& world) {
  DiffuseHarms& harms = world.diffuse.harms;
  for (std::uint32_t harm = 0; harm < harms.count(); ++harm) {
    harms.month[harm] = begun_month(world, harm);
  }
  std::vector<DiffuseInstance>& rows = world.diffuse.instances;
  for (auto row = rows.begin(); row != rows.end();) {
    const ModelId model = row->model;
    const UsedModel used = used_model(world, model);
    for (; row != rows.end() && row->model == model; ++row) {
      if (used.users >= kLeastUsers) {
        expose(world, used, *row);
      }
    }
  }
}

}  // namespace fingers
