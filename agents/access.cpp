#include "agents/access.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "agents/derivatives.hpp"
#include "agents/world.hpp"
#include "engine/arithmetic.hpp"
#include "engine/contract.hpp"

namespace fingers {

namespace {

/// Attraction of each accessible base model for those who mind capability and terms alike (M4),
/// before any preference for a form; 0 for models that are not accessible, and for derivatives: a
/// family attracts as its base does.
std::vector<double> attractions(const World& world) {
  const Models& models = world.models;
  const double sharpness = world.scenario->mechanisms.access.adoption_sharpness;
  double best = -std::numeric_limits<double>::infinity();
  for (const ModelId m : models.bases) {
    if (is_accessible(models.form[m])) {
      best = std::max(best, models.capability_oom[m]);
    }
  }
  std::vector<double> attraction(models.count(), 0.0);
  for (const ModelId m : models.bases) {
    if (is_accessible(models.form[m])) {
      attraction[m] = (1.0 - models.licence[m].forbidden_share) * share_in_reach(world, m) *
                      portable_exp(sharpness * (models.capability_oom[m] - best));
    }
  }
  return attraction;
}

void normalise(std::vector<double>& share) {
  const double total = std::accumulate(share.begin(), share.end(), 0.0);
  for (double& x : share) {
    x = total > 0 ? x / total : 0.0;
  }
}

/// Benefit of one act with a model (M14).
double act_benefit(const World& world, ModelId m) {
  const FreedomParameters& p = world.scenario->mechanisms.freedom;
  const Form form = world.models.form[m];
  const bool tunes = weights_are_out(form) || form == Form::hosted_finetune;
  const double start =
      std::max(world.trends.frontier_oom.front(), world.scenario->mechanisms.misuse.no_ai_oom);
  return power_of_ten(p.benefit_slope * (world.models.capability_oom[m] - start)) *
         (tunes ? p.benefit_tuning : 1.0);
}

/// A base model that developers may use.
struct Usable {
  double cost_usd = 0;
  ModelId model = kNone;
  std::uint32_t poorer = 0;
  double weight = 0;
  double benefit = 0;
};

/// All of them, by cost.
std::vector<Usable> usable_models(const World& world, const std::vector<double>& attraction) {
  const Models& models = world.models;
  const double preference = world.scenario->mechanisms.access.developer_weights_preference;
  std::vector<Usable> usable;
  usable.reserve(models.bases.size());
  for (const ModelId m : models.bases) {
    if (is_accessible(models.form[m]) && attraction[m] > 0) {
      const bool out = weights_are_out(models.form[m]);
      const double cost_usd = out ? run_cost_usd(world, m) : 0.0;
      usable.push_back({.cost_usd = cost_usd,
                        .model = m,
                        .poorer = count_poorer(*world.developers, cost_usd),
                        .weight = attraction[m] * (out ? preference : 1.0),
                        .benefit = act_benefit(world, m)});
    }
  }
  std::ranges::sort(usable, {}, [](const Usable& u) { return std::pair(u.cost_usd, u.model); });
  return usable;
}

/// Sets the table of developers who get gated weights, or of those who do not.
void set_table(const World& world, const std::vector<Usable>& usable, bool accepted,
               AccessTable& table) {
  for (auto* const column : {&table.cost_usd, &table.weight, &table.cumulative, &table.benefit}) {
    column->clear();
  }
  table.by_cost.clear();
  table.poorer.clear();
  double sum = 0;
  double benefit = 0;
  for (const Usable& u : usable) {
    if (world.models.form[u.model] == Form::gated_weights && !accepted) {
      continue;
    }
    sum += u.weight;
    benefit += u.weight * u.benefit;
    table.by_cost.push_back(u.model);
    table.cost_usd.push_back(u.cost_usd);
    table.poorer.push_back(u.poorer);
    table.weight.push_back(u.weight);
    table.cumulative.push_back(sum);
    table.benefit.push_back(benefit);
  }
}

/// Adds the use of the developers of one table, who are `share` of all.
void add_developer_use(World& world, const AccessTable& table, double share) {
  const std::size_t n = table.by_cost.size();
  const double third_party = world.scenario->mechanisms.access.third_party_host;
  // per_weight: share of developers over the weight of what they can reach, summed over classes
  // from above
  double per_weight = 0;
  double reach_next = 0;
  for (std::size_t k = n; k-- > 0;) {
    const double reach_here = share_above(*world.developers, table.poorer[k]);
    const double own_copy = (1.0 - third_party) * (reach_here - reach_next);
    const double elsewhere = k + 1 == n ? third_party : 0.0;  // a host's customers reach all
    if (table.cumulative[k] > 0) {
      per_weight += share * (own_copy + elsewhere) / table.cumulative[k];
    }
    world.models.use_developers[table.by_cost[k]] += per_weight * table.weight[k];
    reach_next = reach_here;
  }
}

/// Moves use that other hosts may not serve, because the licence caps the users of each, to the
/// models that have room (M2.2).
void cap_hosts(World& world) {
  const AccessParameters& p = world.scenario->mechanisms.access;
  Models& models = world.models;
  double freed = 0;
  double with_room = 0;
  std::vector<std::uint8_t> is_full(models.count(), 0);
  for (ModelId m = 0; m < models.count(); ++m) {
    const double elsewhere =
        weights_are_out(models.form[m]) ? p.third_party_host * models.use_users[m] : 0.0;
    const double most = p.third_party_hosts * models.licence[m].user_cap;
    if (elsewhere * world.access.users > most) {
      const double excess = elsewhere - most / world.access.users;
      models.use_users[m] -= excess;
      freed += excess;
      is_full[m] = 1;
    } else {
      with_room += models.use_users[m];
    }
  }
  for (ModelId m = 0; freed > 0 && with_room > 0 && m < models.count(); ++m) {
    models.use_users[m] *= is_full[m] != 0 ? 1.0 : 1.0 + freed / with_room;
  }
}

void share_users(World& world, const std::vector<double>& attraction) {
  const AccessParameters& p = world.scenario->mechanisms.access;
  Models& models = world.models;
  for (ModelId m = 0; m < models.count(); ++m) {
    const double gate = models.form[m] == Form::gated_weights ? p.gate_accept : 1.0;
    models.use_users[m] =
        attraction[m] * gate * (is_hosted(models.form[m]) ? p.hosted_preference : 1.0);
    models.use_auditors[m] = attraction[m] * gate;
  }
  normalise(models.use_users);
  normalise(models.use_auditors);
  cap_hosts(world);
  for (double& share : models.use_users) {
    share *= 1.0 - world.shocks.users_without_access;  // M13
  }
}

}  // namespace

std::uint32_t AccessTable::reach(double budget_usd) const {
  // A binary search whose steps are moves, not branches: budgets are as good as random here.
  std::size_t from = 0;
  for (std::size_t left = cost_usd.size(); left > 0;) {
    const std::size_t half = (left + 1) / 2;
    from += cost_usd[from + half - 1] <= budget_usd ? half : 0;
    left -= half;
  }
  return static_cast<std::uint32_t>(from);
}

ModelId AccessTable::pick(std::uint32_t reach, double u) const {
  EXPECT_CONTRACT(reach >= 1 && reach <= by_cost.size());
  const double at = u * cumulative[reach - 1];
  const auto hit = std::upper_bound(cumulative.begin(), cumulative.begin() + reach, at);
  const auto k = std::min<std::ptrdiff_t>(hit - cumulative.begin(), reach - 1);
  return by_cost[static_cast<std::size_t>(k)];
}

void share_access(World& world) {
  const UserParameters& users = world.scenario->population.users;
  world.access.users = users.most * logistic((world.y() - users.middle_years) / users.width_years);
  measure_displaced(world);
  const std::vector<double> attraction = attractions(world);
  const std::vector<Usable> usable = usable_models(world, attraction);
  set_table(world, usable, true, world.access.accepted);
  set_table(world, usable, false, world.access.others);
  share_users(world, attraction);
  std::ranges::fill(world.models.use_developers, 0.0);
  const double accept = world.scenario->mechanisms.access.gate_accept;
  add_developer_use(world, world.access.accepted, accept);
  add_developer_use(world, world.access.others, 1.0 - accept);
  split_use_in_families(world.models);
  for (double& share : world.models.use_developers) {
    share *= 1.0 - world.shocks.developers_without_access;  // M13
  }
}

}  // namespace fingers
