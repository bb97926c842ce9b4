#include "agents/freedom.hpp"

#include <algorithm>
#include <limits>
#include <vector>

#include "agents/world.hpp"
#include "engine/arithmetic.hpp"

namespace fingers {

namespace {

/// What one model gives of one freedom.
struct Offer {
  double granted = 0;
  double possible = 0;
  double cost_usd = 0;
};

double gate_share(const World& world, Form form) {
  return form == Form::gated_weights ? world.scenario->mechanisms.access.gate_accept : 1.0;
}

/// What a cap on the users of one licensee leaves of freedom 0 (M2.2).
double left_by_cap(const World& world, ModelId m) {
  const double cap = world.models.licence[m].user_cap;
  const double beyond = world.access.users > cap ? 1.0 - cap / world.access.users : 0.0;
  return 1.0 - world.scenario->mechanisms.freedom.large_licensee_share * beyond;
}

Offer run_freely(const World& world, ModelId m) {  // freedom 0
  const Form form = world.models.form[m];
  const bool out = weights_are_out(form);
  return {.granted = (1.0 - world.models.licence[m].forbidden_share) * left_by_cap(world, m),
          .possible = out ? gate_share(world, form)
                          : world.scenario->mechanisms.freedom.hosted_run_possible,
          .cost_usd = out ? run_cost_usd(world, m) : 0.0};
}

Offer modify_by_tuning(const World& world, ModelId m) {  // freedom 1a
  const Form form = world.models.form[m];
  const Licence& licence = world.models.licence[m];
  const FreedomParameters& p = world.scenario->mechanisms.freedom;
  const bool out = weights_are_out(form);
  const bool service = form == Form::hosted_finetune;
  return {.granted = licence.derivatives || service ? 1.0 - licence.forbidden_share : 0.0,
          .possible = out       ? gate_share(world, form)
                      : service ? p.finetune_possible
                                : 0.0,
          .cost_usd = world.scenario->mechanisms.fingers.tune_usd};
}

Offer modify_from_source(const World& world, ModelId m) {  // freedom 1b
  const Form form = world.models.form[m];
  const Licence& licence = world.models.licence[m];
  const bool weights_do = world.scenario->mechanisms.freedom.weights_are_source;
  const bool possible = form == Form::full_source || (weights_do && weights_are_out(form));
  const double cost = weights_do ? world.scenario->mechanisms.fingers.tune_usd
                                 : retrain_cost_usd(world, world.models.capability_oom[m]);
  return {.granted = licence.derivatives ? 1.0 - licence.forbidden_share : 0.0,
          .possible = possible ? gate_share(world, form) : 0.0,
          .cost_usd = cost};
}

Offer redistribute(const World& world, ModelId m) {  // freedom 2
  const Form form = world.models.form[m];
  return {.granted = world.models.licence[m].redistribution ? 1.0 : 0.0,
          .possible = weights_are_out(form) ? gate_share(world, form) : 0.0,
          .cost_usd = 0.0};
}

Offer distribute_modified(const World& world, ModelId m) {  // freedom 3
  const Licence& licence = world.models.licence[m];
  Offer offer = redistribute(world, m);
  const double named =
      licence.naming_duty ? world.scenario->mechanisms.freedom.naming_duty_cost : 0.0;
  offer.granted = licence.redistribution && licence.derivatives ? 1.0 - named : 0.0;
  offer.cost_usd = world.scenario->mechanisms.fingers.tune_usd;
  return offer;
}

/// Best over models: of the licence, of the artefacts, and per person of what the budget reaches.
FreedomShares best_of(const World& world, std::vector<Offer>& offers) {
  FreedomShares shares;
  std::ranges::sort(offers, {}, &Offer::cost_usd);
  double best = 0;
  double here = 0;  // share of those who can pay for the offer
  for (std::size_t i = 0; i < offers.size(); ++i) {
    const Offer& offer = offers[i];
    if (i == 0 || offer.cost_usd > offers[i - 1].cost_usd) {
      const double richer = share_who_afford(*world.developers, offer.cost_usd);
      shares.exercisable += best * (here - richer);
      here = richer;
    }
    shares.granted = std::max(shares.granted, offer.granted);
    shares.possible = std::max(shares.possible, offer.possible);
    best = std::max(best, offer.granted * offer.possible);
  }
  shares.exercisable += best * here;
  return shares;
}

/// The best that somebody who can spend so much may, can and can pay for.
double within_budget(const std::vector<Offer>& offers, double budget_usd) {
  double best = 0;
  for (const Offer& offer : offers) {
    best = offer.cost_usd <= budget_usd ? std::max(best, offer.granted * offer.possible) : best;
  }
  return best;
}

}  // namespace

double retrain_cost_usd(const World& world, double capability_oom) {
  double commons = 1;
  const GroupStates& groups = world.society.groups;
  for (std::size_t g = 0; g < groups.rules.size(); ++g) {
    if (groups.follows[g] != 0) {
      commons = std::max(commons, groups.rules[g].society.compute_commons);
    }
  }
  return power_of_ten(capability_oom - home_algorithms_oom(world)) /
         flop_per_usd(world, world.y()) / commons;
}

double community_reach_oom(const World& world) {
  const std::vector<double>& budgets = world.developers->sorted_budget_usd;
  return budgets.empty() ? -std::numeric_limits<double>::infinity()
                         : portable_log10(budgets.back() / retrain_cost_usd(world, 0.0));
}

bool community_can_retrain(const World& world, std::uint32_t model, double reach_oom) {
  return world.scenario->mechanisms.derivatives.enabled &&
         world.models.form[model] == Form::full_source &&
         world.models.capability_oom[model] <= reach_oom;
}

std::array<FreedomShares, kFreedoms> measure_freedoms(const World& world) {
  constexpr std::array kOffer = {run_freely, modify_by_tuning, modify_from_source, redistribute,
                                 distribute_modified};
  const double reach = frontier_oom(world) - world.scenario->mechanisms.freedom.reach_oom;
  std::array<FreedomShares, kFreedoms> shares{};
  for (std::size_t f = 0; f < kFreedoms; ++f) {
    std::vector<Offer> offers;
    for (const ModelId m : world.models.bases) {  // derivatives are as free as their bases
      if (world.models.capability_oom[m] >= reach && is_accessible(world.models.form[m])) {
        offers.push_back(kOffer[f](world, m));
      }
    }
    shares[f] = best_of(world, offers);
    for (const BudgetClass& budget : world.scenario->mechanisms.freedom.budget_classes) {
      shares[f].by_class.push_back(within_budget(offers, budget.usd_per_year));
    }
  }
  return shares;
}

double dependence(const World& world) {
  std::vector<double> share(world.labs.count(), 0.0);
  for (ModelId m = 0; m < world.models.count(); ++m) {
    share[world.models.maker[m]] += world.models.use_users[m];
  }
  double index = 0;
  double total = 0;
  for (const double s : share) {
    index += s * s;
    total += s;
  }
  return total > 0 ? index / (total * total) : 0.0;  // some may be without access (M13)
}

double surveillance_share(const World& world) {
  const Mechanisms& p = world.scenario->mechanisms;
  double observed = 0;
  for (ModelId m = 0; m < world.models.count(); ++m) {
    const Form form = world.models.form[m];
    const double use = world.models.use_users[m];
    if (is_hosted(form) && world.models.monitored[m] != 0 && p.monitoring.enabled) {
      observed += use;
    } else if (weights_are_out(form) && p.monitoring.enabled) {
      observed += use * p.access.third_party_host * p.monitoring.third_party_factor;
    }
  }
  return observed;
}

}  // namespace fingers
