// Births of flaws and the state of their fixes (M6.1, M6.4, M6.5); the search is in search.cpp.
#include "agents/flaws.hpp"

#include <limits>

#include "agents/addresses.hpp"
#include "agents/derivatives.hpp"
#include "agents/world.hpp"
#include "engine/arithmetic.hpp"

namespace fingers {

namespace {

/// A flaw that a model has of its own.
void add_instance(World& world, ModelId model, std::uint32_t flaw) {
  FlawInstances& instances = world.flaw_tables.instances;
  const double virulence = world.flaw_tables.flaws.virulence[flaw];
  instances.model.push_back(model);
  instances.flaw.push_back(flaw);
  instances.origin.push_back(model);
  instances.birth_virulence.push_back(virulence);
  if (world.flaw_tables.flaws.kind[flaw] == FlawKind::control) {
    world.models.control_virulence[model] += virulence;
  }
}

/// A derivative points to the flaws of its parent, with the fixes merged so far (M5.5).
void point_to_flaws(World& world, ModelId derivative) {
  FlawTables& tables = world.flaw_tables;
  FlawInstances& instances = tables.instances;
  const ModelId parent = world.models.parent[derivative];
  const double born = world.models.release_year[derivative];
  const std::uint32_t to = tables.instance_offset[parent + 1];
  for (std::uint32_t i = tables.instance_offset[parent]; i < to; ++i) {
    const std::uint32_t flaw = instances.flaw[i];
    const ModelId origin = instances.origin[i];
    const double virulence = instances.birth_virulence[i];
    instances.model.push_back(derivative);
    instances.flaw.push_back(flaw);
    instances.origin.push_back(origin);
    instances.birth_virulence.push_back(virulence);
    if (tables.flaws.kind[flaw] == FlawKind::control) {
      world.models.control_virulence[derivative] +=
          virulence_in_copy(world, instances.count() - 1, {}, born);
    }
  }
}

std::uint32_t add_flaw(World& world, std::uint64_t identity, FlawKind kind) {
  const FlawParameters& p = world.scenario->mechanisms.flaws;
  Flaws& flaws = world.flaw_tables.flaws;
  Stream stream(world.keys.dynamics, address(identity, Process::flaw_birth));
  const double virulence =
      truncated_power(p.virulence_index, p.virulence_low, p.virulence_high, stream);
  const bool deep = uniform(stream) < p.deep_share;
  const bool unwarned = uniform(stream) < p.unwarned_share;
  flaws.identity.push_back(identity);
  flaws.kind.push_back(kind);
  flaws.deep.push_back(deep ? 1 : 0);
  flaws.unwarned.push_back(kind == FlawKind::control && unwarned ? 1 : 0);
  flaws.virulence.push_back(virulence);
  flaws.n_fixes.push_back(0);
  Stream eyes(world.keys.dynamics, address(identity, Process::flaw_found_by_eyes));
  Stream bad(world.keys.dynamics, address(identity, Process::flaw_found_by_bad_actors));
  flaws.eyes_hazard.push_back(0);
  flaws.eyes_threshold.push_back(exponential(eyes));
  flaws.found_year.push_back(kNever);
  flaws.bad_hazard.push_back(0);
  flaws.bad_threshold.push_back(exponential(bad));
  flaws.known_year.push_back(kNever);
  flaws.bad_finder.push_back(kNone);
  flaws.last_fix.push_back(kNone);
  return flaws.count() - 1;
}

/// M6.1: Poisson numbers of each kind; a derivative's own layer brings `layer_flaws` of a base's.
void add_own_flaws(World& world, ModelId model) {
  const double share =
      world.models.layers[model] > 0 ? world.scenario->mechanisms.derivatives.layer_flaws : 1.0;
  const FlawParameters& p = world.scenario->mechanisms.flaws;
  const std::uint64_t root = world.models.identity[model];
  for (std::uint32_t kind = 0; kind < kFlawKinds; ++kind) {
    Stream count(world.keys.dynamics, address(root, Process::flaw_count, 0, 16 * kind));
    const std::uint64_t n = poisson(share * p.mean[kind], count);
    for (std::uint64_t j = 0; j < n; ++j) {
      const std::uint64_t identity =
          birth_identity(static_cast<std::uint64_t>(Birth::flaw), root, kind, j);
      add_instance(world, model, add_flaw(world, identity, static_cast<FlawKind>(kind)));
    }
  }
}

/// M6.1: unfound flaws pass on with `carryover`, found deep ones with 1 − patch_strength.
void inherit_flaws(World& world, ModelId model, ModelId previous) {
  const Mechanisms& m = world.scenario->mechanisms;
  FlawTables& tables = world.flaw_tables;
  const std::uint32_t to = tables.instance_offset[previous + 1];
  for (std::uint32_t i = tables.instance_offset[previous]; i < to; ++i) {
    const std::uint32_t flaw = tables.instances.flaw[i];
    const bool found = tables.flaws.found_year[flaw] != kNever;
    const double chance = !found                         ? m.flaws.carryover
                          : tables.flaws.deep[flaw] != 0 ? 1.0 - m.patches.strength
                                                         : 0.0;
    const std::uint64_t identity =
        birth_identity(static_cast<std::uint64_t>(Birth::flaw), tables.flaws.identity[flaw],
                       world.models.identity[model], 0);
    Stream stream(world.keys.dynamics, address(identity, Process::flaw_carryover));
    if (uniform(stream) < chance) {
      add_instance(world, model, flaw);
    }
  }
}

/// Notes the kinds of a new model's instances.
void sort_by_kind(FlawTables& tables, ModelId model) {
  const auto note = [&tables](std::uint32_t from, std::uint32_t to) {
    for (std::uint32_t i = from; i < to; ++i) {
      const FlawKind kind = tables.flaws.kind[tables.instances.flaw[i]];
      tables.by_kind[static_cast<std::size_t>(kind)].instance.push_back(i);
    }
  };
  const auto mark = [&tables](std::vector<std::uint32_t> InstancesOfKind::* offset) {
    for (InstancesOfKind& of_kind : tables.by_kind) {
      (of_kind.*offset).push_back(static_cast<std::uint32_t>(of_kind.instance.size()));
    }
  };
  mark(&InstancesOfKind::offset);
  note(tables.instance_offset[model], tables.own_offset[model]);
  mark(&InstancesOfKind::own_offset);
  note(tables.own_offset[model], tables.instance_offset[model + 1]);
}

/// Those from one offset to that of the next model.
std::span<const std::uint32_t> those_from(const InstancesOfKind& of_kind, std::uint32_t from,
                                          ModelId model) {
  const std::size_t next = model + std::size_t{1};
  const std::size_t to =
      next < of_kind.offset.size() ? of_kind.offset[next] : of_kind.instance.size();
  return std::span(of_kind.instance).subspan(from, to - from);
}

/// The draws for one deployment and one fix (M6.5): the delay is a habit of the deployment with
/// chance trait_share, else the fix's own; either way its distribution is the same Weibull.
Stream own_delay(const World& world, std::uint32_t flaw, std::uint32_t ordinal,
                 std::uint32_t developer) {
  const std::uint64_t pair = birth_identity(static_cast<std::uint64_t>(Birth::flaw),
                                            world.flaw_tables.flaws.identity[flaw], ordinal,
                                            actor_identity(Actor::developer, developer));
  return {world.lasting, address(pair, Process::patch_delay)};
}

}  // namespace

std::span<const std::uint32_t> instances_of(const FlawTables& tables, ModelId model,
                                            FlawKind kind) {
  const InstancesOfKind& of_kind = tables.by_kind[static_cast<std::size_t>(kind)];
  return those_from(of_kind, of_kind.offset[model], model);
}

std::span<const std::uint32_t> own_instances_of(const FlawTables& tables, ModelId model,
                                                FlawKind kind) {
  const InstancesOfKind& of_kind = tables.by_kind[static_cast<std::size_t>(kind)];
  return those_from(of_kind, of_kind.own_offset[model], model);
}

void add_flaws(World& world, ModelId model, ModelId previous) {
  FlawTables& tables = world.flaw_tables;
  if (world.models.layers[model] > 0) {
    point_to_flaws(world, model);
  }
  tables.own_offset.push_back(tables.instances.count());
  if (world.scenario->mechanisms.flaws.enabled) {
    add_own_flaws(world, model);
    if (previous != kNone) {
      inherit_flaws(world, model, previous);
    }
  }
  tables.instance_offset.push_back(tables.instances.count());
  sort_by_kind(tables, model);
  tables.eyes.push_back({});
  tables.bad_eyes.push_back({});
}

double private_coverage(const PatchParameters& p, double years) {
  if (years <= 0) {
    return 0.0;
  }
  const double scaled = years * kDaysPerYear / p.scale_days;
  return (1.0 - p.never_update) * chance_of_hazard(portable_pow(scaled, p.shape));
}

double habitual_delay_years(const World& world, std::uint32_t developer) {
  const PatchParameters& p = world.scenario->mechanisms.patches;
  const std::uint64_t who = actor_identity(Actor::developer, developer);
  Stream never(world.keys.population, address(who, Process::deployment_never));
  if (uniform(never) < p.never_update) {
    return kNever;
  }
  Stream habit(world.keys.population, address(who, Process::deployment_trait));
  return weibull(p.shape, p.scale_days / kDaysPerYear, habit);
}

double fix_delay_years(const World& world, std::uint32_t flaw, std::uint32_t ordinal,
                       std::uint32_t developer) {
  const double habitual_years = habitual_delay_years(world, developer);
  Stream own = own_delay(world, flaw, ordinal, developer);
  const PatchParameters& p = world.scenario->mechanisms.patches;
  const bool by_habit = uniform(own) < p.trait_share;
  return by_habit || habitual_years == kNever ? habitual_years
                                              : weibull(p.shape, p.scale_days / kDaysPerYear, own);
}

std::vector<double> fix_delays_years(const World& world, std::uint32_t flaw, std::uint32_t ordinal,
                                     const std::vector<double>& habitual_years) {
  const PatchParameters& p = world.scenario->mechanisms.patches;
  std::vector<double> years = habitual_years;
  std::vector<std::uint32_t> others;  // who does not go by habit
  std::vector<double> delays;
  for (std::uint32_t developer = 0; developer < years.size(); ++developer) {
    if (years[developer] != kNever) {
      Stream own = own_delay(world, flaw, ordinal, developer);
      if (uniform(own) >= p.trait_share) {
        others.push_back(developer);
        delays.push_back(uniform(own));
      }
    }
  }
  weibull_row(p.shape, p.scale_days / kDaysPerYear, delays);
  for (std::size_t i = 0; i < others.size(); ++i) {
    years[others[i]] = delays[i];
  }
  return years;
}

double virulence_in_copy(const World& world, std::uint32_t instance, const Deployment& deployment,
                         double year) {
  const FlawTables& tables = world.flaw_tables;
  const std::uint32_t flaw = tables.instances.flaw[instance];
  const ModelId model = tables.instances.model[instance];
  const ModelId origin = tables.instances.origin[instance];
  const double born = world.models.release_year[model];
  const double strength = world.scenario->mechanisms.patches.strength;
  double virulence = tables.instances.birth_virulence[instance];
  std::uint32_t ordinal = tables.flaws.n_fixes[flaw];
  for (std::uint32_t fix = tables.flaws.last_fix[flaw];
       fix != kNone && tables.fixes.year[fix] > world.models.release_year[origin];
       fix = tables.fixes.previous[fix]) {
    --ordinal;
    const double merged = merged_year(
        world, {.flaw = flaw, .ordinal = ordinal, .year = tables.fixes.year[fix]}, model, origin);
    const bool taken =
        merged <= year &&
        (deployment.newest || merged <= born ||
         merged + fix_delay_years(world, flaw, ordinal, deployment.developer) <= year);
    virulence *= taken ? 1.0 - strength : 1.0;
  }
  return virulence;
}

void reveal_flaw(World& world, std::uint32_t flaw, double year) {
  Flaws& flaws = world.flaw_tables.flaws;
  if (flaws.found_year[flaw] == kNever) {
    flaws.found_year[flaw] = year;
  }
}

}  // namespace fingers
