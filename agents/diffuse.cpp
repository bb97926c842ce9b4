// The month of diffuse harm (M11): harm accrues per model, tests look at reports, what was seen is
// traced to its layer and handed to the search's own path of fixes (M6.4).
#include "agents/diffuse.hpp"

#include <algorithm>
#include <cmath>

#include "agents/addresses.hpp"
#include "agents/diffuse_episodes.hpp"
#include "agents/diffuse_exposure.hpp"
#include "agents/world.hpp"
#include "engine/arithmetic.hpp"

namespace fingers {

namespace {

/// Users of a root and its derivatives, and how many of these have any.
struct Family {
  double users = 0;
  std::uint32_t n_used = 0;
};

std::vector<Family> families(const World& world) {
  std::vector<Family> families(world.models.count());
  for (ModelId m = 0; m < world.models.count(); ++m) {
    const double users = users_of(world, m);
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
  pools.harm.reserve(harms.count());
  std::vector<double> effects;
  effects.reserve(harms.count());
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

/// When the common test of a family's pooled reports raises an alarm.
double pool_alarm_year(World& world, std::uint32_t harm, const Family& family,
                       const ReportLaw& law) {
  DiffuseHarms& harms = world.diffuse.harms;
  const double years = harms.month[harm].years;
  const double observed = observed_per_year(world, family.users) * years;
  const double share =
      observe(harms.pool[harm], world.scenario->mechanisms.diffuse.pooling * observed, law,
              world.diffuse.alarm,
              {.key = world.keys.dynamics,
               .address = address(harms.identity[harm], Process::diffuse_reports, world.step)});
  return reports_begin(world, harm) + share * years;
}

/// The first alarm that was told, or what eyeballs have found (M6.2), makes harm seen.
void see(World& world, const StepTimes& times, std::uint32_t harm, double pooled) {
  DiffuseHarms& harms = world.diffuse.harms;
  const FamilyMonth& month = harms.month[harm];
  const double found =
      std::max(world.flaw_tables.flaws.found_year[harms.flaw[harm]], harms.began_year[harm]);
  const double seen = std::max(std::min({month.alarm_year, pooled, found}), harms.began_year[harm]);
  if (seen >= times.lived_until) {
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
void attribute(World& world, const StepTimes& times, std::uint32_t harm) {
  DiffuseHarms& harms = world.diffuse.harms;
  const DiffuseParameters& p = world.scenario->mechanisms.diffuse;
  const double found = world.flaw_tables.flaws.found_year[harms.flaw[harm]];
  const double to = times.lived_until;
  if (found < to) {  // by eyeballs, or through another family
    harms.attributed_year[harm] = std::max(found, harms.seen_year[harm]);
    return;
  }
  const double rate = attempts_per_year(world, harms.seen_form[harm]);
  for (double from = std::max(times.begin, harms.resume_year[harm]); from < to && rate > 0;
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

/// One month of an open episode; `pooled`: when the common test of its family raises an alarm.
void live_month_of(World& world, const StepTimes& times, std::uint32_t harm, double pooled) {
  DiffuseHarms& harms = world.diffuse.harms;
  const FamilyMonth& month = harms.month[harm];
  if (month.users <= 0) {
    end_episode(world, harm, {.year = times.begin});
    return;
  }
  const double from = std::clamp(harms.began_year[harm], times.begin, times.end);
  const double to = std::max(from, times.lived_until);
  if (harms.seen_year[harm] == kNever) {
    see(world, times, harm, pooled);
  }
  const double unseen = std::clamp(harms.seen_year[harm], from, to) - from;
  harms.harm_musd[harm] += month.musd_per_year * (to - from);
  harms.hosted_musd[harm] += month.hosted_per_year * (to - from);
  world.month.diffuse_harm_musd += month.musd_per_year * (to - from);
  world.month.unseen_diffuse_harm_musd += month.musd_per_year * unseen;
  if (harms.seen_year[harm] != kNever && harms.attributed_year[harm] == kNever) {
    attribute(world, times, harm);
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
  expose_users(world);
  const std::vector<Family> family = families(world);
  const Pools pooled = pools(world, family);
  std::size_t next = 0;  // of these
  const StepTimes times = world.times();
  const bool over = world.step + 1 == world.clock.n_steps || world.month.end_year != kNever;
  const DiffuseHarms& harms = world.diffuse.harms;
  for (std::uint32_t harm = 0; harm < harms.count(); ++harm) {
    if (harms.open[harm] != 0) {
      double alarm_year = kNever;
      if (next < pooled.harm.size() && pooled.harm[next] == harm) {
        alarm_year = pool_alarm_year(world, harm, family[harms.root[harm]], pooled.law[next++]);
      }
      live_month_of(world, times, harm, alarm_year);
    }
    if (over && harms.open[harm] != 0) {
      end_episode(world, harm, {.year = times.lived_until, .still_open = true});
    }
  }
  if (over) {
    tell_small_harms(world, times.lived_until);
  }
}

}  // namespace fingers
