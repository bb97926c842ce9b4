// Hosts' monitors (M8.1, M8.2) and the outcome of each attempt (M7.2): first every host's review
// load sets this month's q, then each attempt is resolved try by try.
#include <algorithm>
#include <cmath>

#include "agents/addresses.hpp"
#include "agents/bad_actors.hpp"
#include "agents/exploits.hpp"
#include "agents/loss_of_control.hpp"
#include "agents/strikes.hpp"
#include "agents/world.hpp"
#include "engine/arithmetic.hpp"

namespace fingers {

namespace {

/// A value that a regime's monitoring policy sets, or the config's own.
double ruled(double policy, double config) { return std::isnan(policy) ? config : policy; }

/// Number of flags of a month: Poisson, by its normal limit above a mean of 500 (M8.1).
double draw_flags(const World& world, LabId lab, double mean) {
  constexpr double kNormalLimit = 500;
  Stream stream(world.keys.dynamics,
                address(world.labs.identity[lab], Process::host_flags, world.step));
  if (mean <= kNormalLimit) {
    return static_cast<double>(poisson(mean, stream));
  }
  return std::max(0.0, std::floor(mean + std::sqrt(mean) * normal(stream) + 0.5));
}

/// M8.2: what becomes of honest users who were banned by mistake.
void hear_appeals(World& world, double wrongful_bans) {
  const AppealParameters& p = world.scenario->mechanisms.appeals;
  const double reentry = world.scenario->mechanisms.monitoring.reentry_months;
  const double granted = p.enabled ? p.share * p.success : 0.0;
  world.month.standing_wrongful_bans += wrongful_bans * (1.0 - granted);
  world.month.ban_user_months +=
      wrongful_bans * (granted * std::min(p.months, reentry) + (1.0 - granted) * reentry);
}

/// Share of all users whom each lab serves as a host.
std::vector<double> shares_served(const World& world) {
  std::vector<double> share(world.labs.count(), 0.0);
  for (ModelId m = 0; m < world.models.count(); ++m) {
    if (is_hosted(world.models.form[m])) {
      share[world.models.maker[m]] += world.models.use_users[m];
    }
  }
  return share;
}

/// M8.1: flags F of honest uses, nuisance accounts and planned tries against capacity C.
void review(World& world, LabId lab, double users) {
  const MonitoringParameters& p = world.scenario->mechanisms.monitoring;
  const MonitoringRules& rules = world.society.groups.rules[world.labs.group[lab]].monitoring;
  Hosts& hosts = world.hosts;
  const double months = world.clock.dt_years * kMonthsPerYear;
  hosts.honest_uses[lab] = users * p.uses_per_user_month * months;
  if (hosts.guarded[lab] == 0) {
    return;
  }
  const double tpr = ruled(rules.true_positive_rate, p.true_positive_rate);
  const double fpr = ruled(rules.false_positive_rate, p.false_positive_rate);
  const double capacity = ruled(rules.analysts, p.analysts) * p.reviews_per_analyst_month * months;
  const double honest_flags = fpr * hosts.honest_uses[lab];
  const double nuisance = p.nuisance_per_user_year * users * world.clock.dt_years;
  hosts.flags[lab] =
      draw_flags(world, lab, honest_flags + nuisance + tpr * hosts.planned_tries[lab]);
  const double reviewed = hosts.flags[lab] > 0 ? std::min(1.0, capacity / hosts.flags[lab]) : 1.0;
  hosts.seen_per_try[lab] = tpr * reviewed;
  world.month.flags += hosts.flags[lab];
  world.month.reviewed_flags += hosts.flags[lab] * reviewed;
  world.month.bans += (nuisance + honest_flags) * reviewed;
  world.month.wrongful_bans += honest_flags * reviewed;
  hear_appeals(world, honest_flags * reviewed);
}

struct Tries {
  bool passed = false;
  bool seen = false;
};

/// Try by try: each passes with s and is seen with q, independently; seen stops it even if it
/// passed (M8.1).
Tries try_host(const World& world, const Plan& plan, std::uint64_t identity) {
  const Hosts& hosts = world.hosts;
  const auto& finders = hosts.finders[plan.lab];
  const bool finder = std::ranges::find(finders, plan.actor) != finders.end();
  const double pass = finder ? hosts.pass_finder[plan.lab] : hosts.pass[plan.lab];
  const double seen = hosts.seen_per_try[plan.lab];
  Stream stream(world.keys.dynamics, address(identity, Process::attempt_tries, world.step));
  for (std::uint64_t t = 0; t < world.scenario->mechanisms.misuse.tries; ++t) {
    const bool passes = uniform(stream) < pass;
    if (uniform(stream) < seen) {
      return {.passed = false, .seen = true};
    }
    if (passes) {
      return {.passed = true, .seen = false};
    }
  }
  return {};
}

void ban(World& world, const Plan& plan, std::uint64_t identity) {  // M8.2
  const MonitoringParameters& p = world.scenario->mechanisms.monitoring;
  Stream stream(world.keys.dynamics, address(identity, Process::ban, world.step));
  const double until = world.year() + p.reentry_months / kMonthsPerYear * exponential(stream);
  world.bad_actors.ban(plan.actor, plan.lab, world.labs.count(), until);
  if (uniform(stream) < p.arrest) {
    world.bad_actors.arrested[plan.actor] = 1;
  }
  world.month.bans += 1;
}

/// What an attempt uses in the end; model kNone: no AI.
struct Means {
  ModelId model = kNone;
  Route route = Route::none;
};

/// Stripped weights in hand where they are better than working without AI (M7.1).
Means means_at_hand(const World& world) {
  const ModelId weights = world.misuse.best_weights;
  const double no_ai = world.scenario->mechanisms.misuse.no_ai_oom;
  const bool better = weights != kNone && world.models.capability_oom[weights] > no_ai;
  return better ? Means{.model = weights, .route = route_of_copy(world, weights)} : Means{};
}

/// M7.2: success and harm of an attempt; `averted` when a monitor stopped what would have
/// succeeded.
void attempt(World& world, const Plan& plan, std::uint64_t identity, const Means& means,
             bool averted) {
  const Mechanisms& m = world.scenario->mechanisms;
  const double capability =
      means.model == kNone ? m.misuse.no_ai_oom : world.models.capability_oom[means.model];
  const std::optional<Event> harm = strike(world, {.actor = plan.actor,
                                                   .identity = identity,
                                                   .capability_oom = capability,
                                                   .fails = plan.fails});
  if (!harm) {
    return;
  }
  Event event = *harm;
  if (means.model != kNone) {
    name_model(world, event, means.model, means.route);
  }
  note_harm(world, event, identity, m.reporting.report_misuse);
  if (averted) {
    event.flags = kAverted;
    event.seen_year = event.year;
    event.attributed = true;
    if (!world.scenario->output.averted_events) {
      return;
    }
  }
  world.month.events.push_back(event);
}

/// M7.1, M8.1: the chosen route, and after a failed one the next best, what is `at_hand`, unless
/// seen. Answers whether it was seen.
bool resolve(World& world, const Plan& plan, const Means& at_hand) {
  if (plan.through_hole) {
    attack_deployments(world, plan);
    return false;
  }
  const std::uint64_t identity = actor_identity(Actor::bad_actor, plan.actor, plan.act);
  if (plan.lab != kNone) {
    const Tries tries = try_host(world, plan, identity);
    const ModelId served = world.hosts.model[plan.lab];
    const Means hosted{.model = served, .route = route_of(world, served, AgentKind::bad_actor)};
    if (tries.seen) {
      ban(world, plan, identity);
      attempt(world, plan, identity, hosted, true);
      return true;
    }
    if (tries.passed) {
      attempt(world, plan, identity, hosted, false);
      return false;
    }
  }
  attempt(world, plan, identity, at_hand, false);
  return false;
}

/// The plan, or the next best route at once for who was banned for an earlier attempt of this month
/// (M8.2).
Plan still_open(const World& world, Plan plan) {
  if (plan.lab != kNone &&
      world.bad_actors.is_banned(plan.actor, plan.lab, world.labs.count(), world.year())) {
    plan.lab = kNone;
  }
  return plan;
}

/// Counts a domain's attempts at hosts, and what its actors make of those that were seen.
void perceive(World& world, std::size_t domain, double hosted, double seen) {
  world.month.hosted_attempts += hosted;
  world.month.seen_attempts += seen;
  if (hosted > 0) {  // π ← (1−w)π + w·share seen (M8.2)
    const double memory = world.scenario->mechanisms.monitoring.detection_memory;
    double& perceived = world.misuse.perceived[domain];
    perceived += memory * (seen / hosted - perceived);
  }
}

}  // namespace

void review_and_resolve(World& world) {
  const std::vector<double> served = shares_served(world);
  for (LabId lab = 0; lab < world.hosts.count(); ++lab) {
    if (world.hosts.model[lab] != kNone) {
      review(world, lab, world.access.users * served[lab]);
    }
  }
  std::vector<double> hosted(world.misuse.perceived.size(), 0.0);
  std::vector<double> seen(world.misuse.perceived.size(), 0.0);
  const Means at_hand = means_at_hand(world);
  for (const Plan& planned : world.misuse.plans) {
    if (world.bad_actors.arrested[planned.actor] != 0) {
      continue;  // for an earlier attempt of this month
    }
    const Plan plan = still_open(world, planned);
    const bool was_seen = resolve(world, plan, at_hand);
    const std::uint8_t k = world.bad_actors.domain[plan.actor];
    hosted[k] += plan.lab != kNone ? 1 : 0;
    seen[k] += was_seen ? 1 : 0;
  }
  for (std::size_t k = 0; k < hosted.size(); ++k) {
    perceive(world, k, hosted[k], seen[k]);
  }
}

}  // namespace fingers
