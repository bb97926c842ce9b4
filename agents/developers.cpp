#include "agents/developers.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>
#include <vector>

#include "agents/acts.hpp"
#include "agents/acts_by_place.hpp"
#include "agents/addresses.hpp"
#include "agents/loss_of_control.hpp"
#include "agents/world.hpp"
#include "engine/arithmetic.hpp"

namespace fingers {

namespace {

/// Unfixed control virulence V of the copy in hand (M5.3).
double copy_virulence(const World& world, ModelId model, const Deployment& copy) {
  const FlawTables& tables = world.flaw_tables;
  double sum = 0;
  for (const std::uint32_t i : instances_of(tables, model, FlawKind::control)) {
    sum += virulence_in_copy(world, i, copy, world.year());
  }
  return sum;
}

/// What the rules of those who follow the regime under study leave of developers' recklessness.
double recklessness_factor(const World& world) {
  const GroupStates& groups = world.society.groups;
  double factor = 1;
  for (std::size_t g = 0; g < groups.rules.size(); ++g) {
    if (groups.follows[g] != 0) {
      factor = std::min(factor, groups.rules[g].society.recklessness_factor);
    }
  }
  return factor;
}

/// Hazard of a press by a developer of recklessness 1 that no act of the month exceeds.
double hazard_bound(const World& world, const AccessTable& table) {
  const FingersParameters& p = world.scenario->mechanisms.fingers;
  double bound = 0;
  for (const ModelId m : table.by_cost) {
    const double most = world.models.capability_oom[m] + p.elicitation_cap_oom;  // of its family
    bound = std::max(bound, world.models.press_danger[m] * critical_share(world, most));
  }
  return p.press_scale * recklessness_factor(world) * bound;
}

/// Whether an act falls to a dependant who has not moved yet (M13): drawn for acts that matter
/// only.
bool lost_access(const World& world, std::uint64_t identity) {
  const double share = world.shocks.developers_without_access;
  if (share <= 0) {
    return false;
  }
  Stream stream(world.keys.dynamics, address(identity, Process::migration, world.step));
  return uniform(stream) < share;
}

/// An act whose uniform lies under the bound: works it out in full (M5.3).
void resolve_press(World& world, std::uint32_t developer, std::uint64_t identity, double u,
                   const Reach& reach) {
  const FingersParameters& p = world.scenario->mechanisms.fingers;
  const Developers& developers = *world.developers;
  if (lost_access(world, identity)) {
    return;
  }
  Stream stream(world.keys.dynamics, address(identity, Process::act_details, world.step));
  const ModelId model = pick_model(world, reach, uniform(stream), identity);
  const Action action = action_of(world, developer, model);
  const double elicited = elicited_oom(world, action, model, uniform(stream));
  const bool own_copy =
      weights_are_out(world.models.form[model]) && developers.third_party[developer] == 0;
  const Deployment copy{.developer = developer, .newest = !own_copy};
  const double hazard = p.press_scale * copy_virulence(world, model, copy) *
                        developers.recklessness[developer] * recklessness_factor(world);
  const double exposure =
      press_exposure(world, model, elicited, developers.diligence[developer], action.stop);
  if (u < chance_of_hazard(hazard * exposure)) {
    lose_control(world, {.year = world.year() + world.clock.dt_years * uniform(stream),
                         .identity = identity,
                         .agent_kind = AgentKind::developer,
                         .agent = developer,
                         .model = model,
                         .route = action.route,
                         .capability_oom = world.models.capability_oom[model] + elicited,
                         .copy = copy});
  } else if (u < chance_of_hazard(hazard * press_exposure(world, model, elicited, 0.0, 0.0))) {
    world.month.near_misses += 1;  // care or a host made the difference (M15)
  }
}

/// The acts of one developer in a month whose press uniforms lie under the bound, from the smallest
/// up (M5.3). The n uniforms of n acts are drawn in order of size: the k-th smallest of those that
/// are left is 1 − (1 − u)(1 − U)^(1/left), so that almost always one draw settles all n, and more
/// acts never press less.
void press_all(World& world, std::uint32_t developer, std::uint64_t n, double first_uniform,
               double bound) {
  const Reach reach = reach_of(world, developer);
  double log_above = 0;  // ln(1 − u) of the act at hand
  for (std::uint64_t k = 0; k < n && k <= kMaxActOfStep; ++k) {
    const std::uint64_t identity = actor_identity(Actor::developer, developer, k);
    const double drawn =
        k == 0 ? first_uniform
               : uniform_of_word(random_block(
                     world.keys.dynamics, address(identity, Process::act_press, world.step))[0]);
    log_above += portable_log1p(-drawn) / static_cast<double>(n - k);
    const double u = -portable_expm1(log_above);
    if (u >= bound) {
      return;
    }
    resolve_press(world, developer, identity, u, reach);
  }
}

/// Counts the acts of all developers who can use a model, and what these are worth (M14).
void add_benefit(World& world, const MonthActs& acts) {
  const ActsWorth worth = worth_of(acts.by_place, *world.developers, world.access,
                                   1.0 - world.shocks.developers_without_access);
  world.month.actions += worth.actions;
  world.month.benefit += worth.benefit;
}

/// Works out the acts of developers whose least uniform lies under the bound of their presses;
/// blocks where nobody's can are passed over.
void press_rarely(World& world, const MonthActs& acts, double bound) {
  constexpr double kRounding = 1e-12;  // of a few products, each within 2^-53
  for (std::uint32_t block = 0; block < acts.least_press.size(); ++block) {
    if (bound < acts.least_press[block] * (1 - kRounding)) {
      continue;
    }
    for (const Acting& who :
         ActingBlock(*world.developers, world.keys.dynamics, world.step, block)) {
      const double reckless_bound = bound * world.developers->recklessness[who.developer];
      // else the smallest of the uniforms is over the bound
      if (who.press_uniform < who.acts * reckless_bound &&
          reach_of(world, who.developer).models > 0) {
        press_all(world, who.developer, static_cast<std::uint64_t>(who.acts), who.press_uniform,
                  reckless_bound);
      }
    }
  }
}

/// Sorts budgets, and gives each developer its place.
void rank_budgets(Developers& developers) {
  const std::uint32_t n = developers.count();
  std::vector<std::pair<double, std::uint32_t>> order(n);
  for (std::uint32_t i = 0; i < n; ++i) {
    order[i] = {developers.budget_usd[i], i};
  }
  std::ranges::sort(order);
  developers.sorted_budget_usd.reserve(n);
  for (const auto& [budget, i] : order) {
    developers.sorted_budget_usd.push_back(budget);
  }
  developers.place.assign(n, kElsewhere);
  std::uint32_t next = 0;
  for (const bool granted : {false, true}) {
    std::vector<std::uint32_t>& place_of_rank = developers.place_of_rank[granted ? 1 : 0];
    place_of_rank.reserve(std::size_t{n} + 1);
    for (const auto& [budget, i] : order) {
      place_of_rank.push_back(next);
      if ((developers.granted[i] != 0) == granted && developers.third_party[i] == 0) {
        developers.place[i] = next++;
      }
    }
    place_of_rank.push_back(next);
  }
}

}  // namespace

Developers make_developers(const Scenario& scenario, const StreamKey& population) {
  const DeveloperParameters& p = scenario.population.developers;
  const AccessParameters& access = scenario.mechanisms.access;
  Developers developers;
  const double dt_years = scenario.clock().dt_years;
  double total_acts = 0;
  const double recklessness_mu = -0.5 * p.recklessness_sd_ln * p.recklessness_sd_ln;
  for (std::uint32_t i = 0; i < p.count; ++i) {
    const std::uint64_t who = actor_identity(Actor::developer, i);
    const auto stream = [&](Process process) { return Stream(population, address(who, process)); };
    Stream activity = stream(Process::developer_activity);
    Stream recklessness = stream(Process::developer_recklessness);
    Stream diligence = stream(Process::developer_diligence);
    Stream budget = stream(Process::developer_budget);
    Stream granted = stream(Process::developer_granted);
    Stream third_party = stream(Process::developer_third_party);
    const double mean =
        p.weight * dt_years * gamma_with_mean(p.activity_shape, p.activity_mean, activity);
    developers.mean_acts.push_back(mean);
    developers.no_act.push_back(portable_exp(-mean));
    developers.no_act_of_uniforms.push_back(
        static_cast<std::uint64_t>(std::ceil(developers.no_act.back() * 0x1p53)));
    total_acts += mean;
    developers.cumulative_acts.push_back(total_acts);
    developers.recklessness.push_back(
        lognormal(recklessness_mu, p.recklessness_sd_ln, recklessness));
    developers.diligence.push_back(beta(p.diligence_a, p.diligence_b, diligence));
    developers.budget_usd.push_back(
        power_of_ten(p.budget_mean_log10_usd + p.budget_sd_log10_usd * normal(budget)));
    developers.granted.push_back(uniform(granted) < access.gate_accept ? 1 : 0);
    developers.third_party.push_back(uniform(third_party) < access.third_party_host ? 1 : 0);
  }
  rank_budgets(developers);
  return developers;
}

void make_auditors(World& world) {
  const AuditorParameters& p = world.scenario->population.auditors;
  const double mu = -0.5 * p.skill_sd_ln * p.skill_sd_ln;
  for (std::uint32_t i = 0; i < p.count; ++i) {
    Stream stream(world.keys.population,
                  address(actor_identity(Actor::auditor, i), Process::auditor_skill));
    world.auditors.skill.push_back(lognormal(mu, p.skill_sd_ln, stream));
    world.auditors.total_skill += world.auditors.skill.back();
  }
}

void press(World& world) {
  if (world.models.count() == 0 || world.year() < world.paused_until) {
    return;
  }
  world.month.community_acts = true;
  const double bound = world.scenario->mechanisms.fingers.enabled
                           ? std::max(hazard_bound(world, world.access.accepted),
                                      hazard_bound(world, world.access.others))
                           : 0.0;
  const MonthActs& acts =
      world.community == nullptr
          ? draw_acts(*world.developers, world.keys.dynamics, world.step, world.own_acts)
          : world.community->acts(*world.developers, world.keys.dynamics, world.step);
  add_benefit(world, acts);
  press_rarely(world, acts, bound);
}

std::uint32_t count_poorer(const Developers& developers, double usd) {
  const auto& budgets = developers.sorted_budget_usd;
  return static_cast<std::uint32_t>(std::ranges::lower_bound(budgets, usd) - budgets.begin());
}

double share_above(const Developers& developers, std::uint32_t poorer) {
  const std::size_t n = developers.sorted_budget_usd.size();
  return n == 0 ? 0.0 : static_cast<double>(n - poorer) / static_cast<double>(n);
}

double share_who_afford(const Developers& developers, double usd) {
  return share_above(developers, count_poorer(developers, usd));
}

}  // namespace fingers
