// The month of diffuse harm (M11): harm accrues per model, tests look at reports, what was seen is
// traced to its layer and handed to the search's own path of fixes (M6.4).
#include "agents/diffuse.hpp"

#include <algorithm>
#include <cmath>

#include "agents/addresses.hpp"
#include "agents/diffuse_episodes.hpp"
#include "agents/world.hpp"
#include "engine/arithmetic.hpp"

namespace fingers {

namespace {

/// Fewer than one person: nobody uses it.
constexpr double kLeastUsers = 1.0;

/// Part of the month that is lived: an absorbing end cuts it short.
double end_of_life(const World& world) {
  return std::min(world.end_of_step(), world.month.end_year);
}

/// Rows for diffuse flaws of models that are new this month.
void admit_instances(World& world) {
  const FlawTables& tables = world.flaw_tables;
  DiffuseInstances& rows = world.diffuse.instances;
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
    rows.instance.push_back(i);
    rows.model.push_back(model);
    rows.identity.push_back(pair(world.models.identity[model]));
    rows.harm.push_back(kNone);
    rows.episode.push_back(0);
    rows.copies.emplace_back();
    rows.silent.push_back(uniform(disclosure) < world.scenario->mechanisms.diffuse.disclosure ? 0
                                                                                              : 1);
    rows.virulence.push_back(-1);
    rows.law.emplace_back();
    rows.test.emplace_back();
  }
}

/// Mean virulence for a model's users, and as harm counts it: hosts, which live on attention, add
/// manipulation.
struct Exposure {
  double virulence = 0;
  double harm_virulence = 0;
};

Exposure exposure(World& world, std::uint32_t row) {
  const Mechanisms& m = world.scenario->mechanisms;
  const std::uint32_t instance = world.diffuse.instances.instance[row];
  MeanCopies& state = world.diffuse.instances.copies[row];
  refresh(state, world, instance);
  const double attention = 1.0 + m.diffuse.manipulation;
  if (is_hosted(world.models.form[world.diffuse.instances.model[row]])) {
    return {.virulence = state.newest, .harm_virulence = attention * state.newest};
  }
  const double hosted = m.access.third_party_host;
  const double copies = (1.0 - hosted) * state.copies;
  return {.virulence = hosted * state.newest + copies,
          .harm_virulence = attention * hosted * state.newest + copies};
}

/// The part of the month in which an episode's reports come in.
struct Window {
  double from = 0;
  double years = 0;
};

Window window_of(const World& world, std::uint32_t harm) {
  const double from = std::max(world.year(), world.diffuse.harms.began_year[harm]);
  return {.from = from, .years = std::max(0.0, world.end_of_step() - from)};
}

double observed(const World& world, double users, const Window& window) {
  return world.scenario->mechanisms.diffuse.observations_per_user_month * users * kMonthsPerYear *
         window.years;
}

/// The test of a host, or of a deployment's own users (M11).
void observe_own(World& world, std::uint32_t row, double users, double mean_virulence) {
  const DiffuseParameters& p = world.scenario->mechanisms.diffuse;
  DiffuseInstances& rows = world.diffuse.instances;
  if (rows.episode[row] != world.diffuse.harms.episode[rows.harm[row]]) {
    rows.episode[row] = world.diffuse.harms.episode[rows.harm[row]];
    rows.test[row] = {};
  }
  constexpr double kSame = 0.005;  // coverage is known no better (MeanCopies)
  if (std::abs(rows.virulence[row] - mean_virulence) > kSame * mean_virulence) {
    rows.virulence[row] = mean_virulence;
    rows.law[row] = report_law(p.base_rate, p.effect_per_virulence * mean_virulence);
  }
  const Window window = window_of(world, rows.harm[row]);
  const double share =
      observe(rows.test[row], observed(world, users, window), rows.law[row], world.diffuse.alarm,
              {.key = world.keys.dynamics,
               .address = address(rows.identity[row], Process::diffuse_reports, world.step)});
  FamilyMonth& month = world.diffuse.harms.month[rows.harm[row]];
  const double year = window.from + share * window.years;
  if (year < month.alarm_year) {
    month.alarm_year = year;
    month.alarm_model = rows.model[row];
  }
}

/// Adds one instance to the month of its family.
void expose(World& world, std::uint32_t row) {
  DiffuseInstances& rows = world.diffuse.instances;
  const ModelId model = rows.model[row];
  const double users = world.access.users * world.models.use_users[model];
  if (users < kLeastUsers) {
    return;
  }
  if (rows.harm[row] == kNone) {
    rows.harm[row] = harm_row(world, world.flaw_tables.instances.flaw[rows.instance[row]],
                              world.models.root[model]);
  }
  const std::uint32_t harm = rows.harm[row];
  DiffuseHarms& harms = world.diffuse.harms;
  if (harms.open[harm] == 0) {
    begin_episode(world, harm, std::max(world.year(), world.models.release_year[model]));
  }
  const Exposure e = exposure(world, row);
  const bool hosted = is_hosted(world.models.form[model]);
  const double musd_per_year =
      world.scenario->mechanisms.diffuse.musd_per_user_year * e.harm_virulence * users;
  FamilyMonth& month = harms.month[harm];
  month.least_layers = month.users > 0 ? std::min(month.least_layers, world.models.layers[model])
                                       : world.models.layers[model];
  month.users += users;
  month.virulence += users * e.virulence;
  month.musd_per_year += musd_per_year;
  month.hosted_per_year += hosted ? musd_per_year : 0.0;
  if (hosted && rows.silent[row] != 0) {
    month.silent = true;  // what its host sees stays there
  } else if (harms.seen_year[harm] == kNever) {
    observe_own(world, row, users, e.virulence);
  }
}

/// Users of a root and its derivatives, and how many of these have any.
struct Family {
  double users = 0;
  std::uint32_t n_used = 0;
};

std::vector<Family> families(const World& world) {
  std::vector<Family> families(world.models.count());
  for (ModelId m = 0; m < world.models.count(); ++m) {
    const double users = world.access.users * world.models.use_users[m];
    if (users >= kLeastUsers) {
      families[world.models.root[m]].users += users;
      families[world.models.root[m]].n_used += 1;
    }
  }
  return families;
}

/// Families whose reports are pooled in a common test, ascending, and what these tell.
struct Pools {
  std::vector<std::uint32_t> harm;
  std::vector<ReportLaw> law;
};

/// A common test adds something where there are several deployments, or one whose host keeps
/// silent.
Pools pools(const World& world, const std::vector<Family>& family_of_root) {
  const DiffuseParameters& p = world.scenario->mechanisms.diffuse;
  const DiffuseHarms& harms = world.diffuse.harms;
  Pools pools;
  std::vector<double> effects;
  for (std::uint32_t harm = 0; p.pooling > 0 && harm < harms.count(); ++harm) {
    const FamilyMonth& month = harms.month[harm];
    if (harms.open[harm] == 0 || harms.seen_year[harm] != kNever || month.users <= 0) {
      continue;
    }
    const Family& family = family_of_root[harms.root[harm]];
    if (family.n_used >= 2 || month.silent) {
      pools.harm.push_back(harm);
      effects.push_back(p.effect_per_virulence * month.virulence / family.users);
    }
  }
  pools.law = report_laws(p.base_rate, effects);
  return pools;
}

/// When the common test of a family's pooled reports raises an alarm; `law`: null where there is
/// none.
double pool_alarm_year(World& world, std::uint32_t harm, const Family& family,
                       const ReportLaw* law) {
  if (law == nullptr) {
    return kNever;
  }
  const double pooling = world.scenario->mechanisms.diffuse.pooling;
  DiffuseHarms& harms = world.diffuse.harms;
  const Window window = window_of(world, harm);
  const double share = observe(
      harms.pool[harm], pooling * observed(world, family.users, window), *law, world.diffuse.alarm,
      {.key = world.keys.dynamics,
       .address = address(harms.identity[harm], Process::diffuse_reports, world.step)});
  return window.from + share * window.years;
}

/// The first alarm that was told, or what eyeballs have found (M6.2), makes harm seen.
void see(World& world, std::uint32_t harm, const Family& family, const ReportLaw* pool_law) {
  DiffuseHarms& harms = world.diffuse.harms;
  const FamilyMonth& month = harms.month[harm];
  const double found =
      std::max(world.flaw_tables.flaws.found_year[harms.flaw[harm]], harms.began_year[harm]);
  const double pooled = pool_alarm_year(world, harm, family, pool_law);
  const double seen = std::max(std::min({month.alarm_year, pooled, found}), harms.began_year[harm]);
  if (seen >= end_of_life(world)) {
    return;
  }
  const bool own = month.alarm_year <= std::min(pooled, found);
  harms.seen_year[harm] = seen;
  harms.seen_form[harm] = world.models.form[own ? month.alarm_model : harms.root[harm]];
  harms.seen_layers[harm] = own ? world.models.layers[month.alarm_model] : month.least_layers;
  harms.resume_year[harm] = seen;
  begin_attempt(world, harm);
}

/// Attempts a year to trace harm to its layer, for the form in which it was seen.
double attempts_per_year(const World& world, Form form) {
  const DiffuseParameters& p = world.scenario->mechanisms.diffuse;
  const double monthly = is_hosted(form)             ? p.attribution_hosted
                         : form == Form::full_source ? p.attribution_source
                                                     : p.attribution_weights;
  return -kMonthsPerYear * portable_log1p(-monthly);
}

/// Attempts of the month; the wrong layer fixes nothing and costs time. The right one makes the
/// flaw a found one, which goes the way of all found flaws (M6.4).
void attribute(World& world, std::uint32_t harm) {
  DiffuseHarms& harms = world.diffuse.harms;
  const DiffuseParameters& p = world.scenario->mechanisms.diffuse;
  const double found = world.flaw_tables.flaws.found_year[harms.flaw[harm]];
  const double to = end_of_life(world);
  if (found < to) {  // by eyeballs, or through another family
    harms.attributed_year[harm] = std::max(found, harms.seen_year[harm]);
    return;
  }
  const double rate = attempts_per_year(world, harms.seen_form[harm]);
  for (double from = std::max(world.year(), harms.resume_year[harm]); from < to && rate > 0;
       from = harms.resume_year[harm]) {
    const double at = from + (harms.attempt_threshold[harm] - harms.attempt_hazard[harm]) / rate;
    if (at >= to) {
      harms.attempt_hazard[harm] += rate * (to - from);
      return;
    }
    if (harms.attempt_right[harm] != 0) {
      harms.attributed_year[harm] = at;
      reveal_flaw(world, harms.flaw[harm], at);
      return;
    }
    harms.resume_year[harm] = at + p.wrong_layer_months / kMonthsPerYear;
    begin_attempt(world, harm);
  }
}

/// One month of an open episode.
void live_month_of(World& world, std::uint32_t harm, const Family& family,
                   const ReportLaw* pool_law) {
  DiffuseHarms& harms = world.diffuse.harms;
  const FamilyMonth& month = harms.month[harm];
  if (month.users <= 0) {
    end_episode(world, harm, {.year = world.year()});
    return;
  }
  const double from = std::clamp(harms.began_year[harm], world.year(), world.end_of_step());
  const double to = std::max(from, end_of_life(world));
  if (harms.seen_year[harm] == kNever) {
    see(world, harm, family, pool_law);
  }
  const double unseen = std::clamp(harms.seen_year[harm], from, to) - from;
  harms.harm_musd[harm] += month.musd_per_year * (to - from);
  harms.hosted_musd[harm] += month.hosted_per_year * (to - from);
  world.month.diffuse_harm_musd += month.musd_per_year * (to - from);
  world.month.unseen_diffuse_harm_musd += month.musd_per_year * unseen;
  if (harms.seen_year[harm] != kNever && harms.attributed_year[harm] == kNever) {
    attribute(world, harm);
  }
}

}  // namespace

void accrue_diffuse_harm(World& world) {
  if (!world.scenario->mechanisms.diffuse.enabled) {
    return;
  }
  if (world.diffuse.coverage.taken.empty()) {
    world.diffuse.coverage = coverage_table(world);
  }
  world.diffuse.alarm = portable_log(world.scenario->mechanisms.diffuse.alarm_run_length);
  admit_instances(world);
  end_fixed_episodes(world);
  DiffuseHarms& harms = world.diffuse.harms;
  std::ranges::fill(harms.month, FamilyMonth{.alarm_year = kNever});
  for (std::uint32_t row = 0; row < world.diffuse.instances.count(); ++row) {
    expose(world, row);
  }
  const std::vector<Family> family = families(world);
  const Pools pooled = pools(world, family);
  std::size_t next = 0;  // of these
  const bool over = world.step + 1 == world.clock.n_steps || world.month.end_year != kNever;
  for (std::uint32_t harm = 0; harm < harms.count(); ++harm) {
    if (harms.open[harm] != 0) {
      const bool has_pool = next < pooled.harm.size() && pooled.harm[next] == harm;
      live_month_of(world, harm, family[harms.root[harm]],
                    has_pool ? &pooled.law[next++] : nullptr);
    }
    if (over && harms.open[harm] != 0) {
      end_episode(world, harm, {.year = end_of_life(world), .still_open = true});
    }
  }
  if (over) {
    tell_small_harms(world, end_of_life(world));
  }
}

}  // namespace fingers
