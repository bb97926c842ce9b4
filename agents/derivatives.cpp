#include "agents/derivatives.hpp"

#include <algorithm>

#include "agents/acts.hpp"
#include "agents/addresses.hpp"
#include "agents/world.hpp"
#include "engine/arithmetic.hpp"

namespace fingers {

namespace {

/// Most publications that a month is looked through for: each stands for many.
constexpr std::uint64_t kMostCandidates = 1000;
/// The community as a whole, where a developer's number would stand.
constexpr std::uint64_t kCommunity = (std::uint64_t{1} << 40U) - 1;

/// The developer at u in [0, 1), ∝ mean number of acts.
std::uint32_t developer_at(const Developers& developers, double u) {
  const auto& cumulative = developers.cumulative_acts;
  const auto hit = std::ranges::upper_bound(cumulative, u * cumulative.back());
  const auto last = static_cast<std::ptrdiff_t>(cumulative.size()) - 1;
  return static_cast<std::uint32_t>(std::min(hit - cumulative.begin(), last));
}

/// A publication that may come to be: the act that would lead to it, as any other act of the month.
void consider(World& world, std::uint64_t ordinal) {
  const std::uint64_t act = actor_identity(Actor::developer, kCommunity, ordinal);
  Stream stream(world.keys.dynamics, address(act, Process::publish_details, world.step));
  const std::uint32_t developer = developer_at(*world.developers, uniform(stream));
  const double at = uniform(stream);
  const Reach reach = reach_of(world, developer);
  if (reach.models == 0) {
    return;
  }
  const ModelId parent = pick_model(world, reach, at, act);
  const Action action = action_of(world, developer, parent);
  const Licence licence = world.models.licence[parent];
  if (!action.modifies || !licence.derivatives || !licence.redistribution) {
    return;
  }
  const double gain = elicited_oom(world, action, parent, uniform(stream));
  const Models& models = world.models;
  const double erosion = world.scenario->mechanisms.derivatives.tune_erosion;
  const std::uint64_t maker = actor_identity(Actor::developer, developer);
  add_model(world,
            {.identity = birth_identity(static_cast<std::uint64_t>(Birth::model), maker, world.step,
                                        ordinal),
             .maker = models.maker[parent],
             .capability_oom = models.capability_oom[parent] + gain,
             .visible_oom = models.visible_oom[parent] + gain,
             .alignment = models.alignment[parent] * (1.0 - erosion),
             .release_year = world.end_of_step(),
             .form = models.form[parent],
             .licence = licence,
             .given = models.given[parent] != 0,
             .monitored = false,
             .parent = parent,
             .developer = developer},
            kNone);
  world.month.derivatives += 1;
}

/// Years from a fix in the parent until a derivative's maintainer has merged it; infinity: never.
double maintainer_delay_years(const World& world, const PublishedFix& fix, ModelId derivative) {
  const DerivativeParameters& p = world.scenario->mechanisms.derivatives;
  const std::uint64_t pair = birth_identity(static_cast<std::uint64_t>(Birth::flaw),
                                            world.flaw_tables.flaws.identity[fix.flaw], fix.ordinal,
                                            world.models.identity[derivative]);
  Stream merges(world.lasting, address(pair, Process::merge));
  if (uniform(merges) >= p.merge) {
    return kNever;
  }
  Stream delay(world.lasting, address(pair, Process::maintainer_delay));
  return weibull(p.maintainer_shape, p.maintainer_scale_days / kDaysPerYear, delay);
}

}  // namespace

void publish_derivatives(World& world) {
  const DerivativeParameters& p = world.scenario->mechanisms.derivatives;
  if (!p.enabled || !world.month.community_acts || world.developers->count() == 0) {
    return;
  }
  // Marking each act with chance `publish` thins the stream of all acts (M5.5).
  const double mean = p.publish * world.developers->cumulative_acts.back() *
                      (1.0 - world.shocks.developers_without_access);  // M13
  Stream count(world.keys.dynamics, address(actor_identity(Actor::developer, kCommunity),
                                            Process::publish_count, world.step));
  const std::uint64_t n = std::min(large_count(mean, count), kMostCandidates);
  for (std::uint64_t j = 0; j < n; ++j) {
    consider(world, j);
  }
}

void split_use_in_families(Models& models) {
  if (models.bases.size() == models.count()) {
    return;
  }
  const auto part = [&models](ModelId m) {
    return (1.0 + models.children[m]) / models.family_attachment[models.root[m]];
  };
  for (ModelId m = 0; m < models.count(); ++m) {
    if (models.layers[m] > 0) {
      const double share = part(m);
      const ModelId root = models.root[m];
      models.use_users[m] = share * models.use_users[root];
      models.use_developers[m] = share * models.use_developers[root];
      models.use_auditors[m] = share * models.use_auditors[root];
    }
  }
  for (const ModelId base : models.bases) {
    const double share = part(base);
    models.use_users[base] *= share;
    models.use_developers[base] *= share;
    models.use_auditors[base] *= share;
  }
}

double family_factor(const Models& models, ModelId model) {
  return models.layers[model] > 0
             ? 1.0
             : models.family_attachment[model] / (1.0 + models.children[model]);
}

double merged_year(const World& world, const PublishedFix& fix, ModelId model, ModelId origin) {
  if (model == origin) {
    return fix.year;
  }
  const double in_parent = merged_year(world, fix, world.models.parent[model], origin);
  const bool came_with_it = in_parent <= world.models.release_year[model];
  if (came_with_it || in_parent == kNever) {
    return in_parent;
  }
  return in_parent + maintainer_delay_years(world, fix, model);
}

}  // namespace fingers
