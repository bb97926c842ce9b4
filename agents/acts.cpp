#include "agents/acts.hpp"

#include <algorithm>

#include "agents/addresses.hpp"
#include "agents/freedom.hpp"
#include "agents/world.hpp"
#include "engine/arithmetic.hpp"

namespace fingers {

namespace {

/// A member of a base's family, ∝ 1 + number of its published children (M4).
ModelId pick_member(const World& world, ModelId base, std::uint64_t act) {
  const Models& models = world.models;
  const std::uint32_t attachment = models.family_attachment[base];
  if (attachment <= 1) {
    return base;  // it has no derivatives
  }
  Stream stream(world.keys.dynamics, address(act, Process::lineage_pick, world.step));
  double at = uniform(stream) * attachment;
  for (ModelId m = base; m < models.count(); ++m) {
    if (models.root[m] == base) {
      at -= 1.0 + models.children[m];
      if (at < 0) {
        return m;
      }
    }
  }
  return base;
}

}  // namespace

Reach reach_of(const World& world, std::uint32_t developer) {
  const Developers& developers = *world.developers;
  const AccessTable& table =
      developers.granted[developer] != 0 ? world.access.accepted : world.access.others;
  const auto all = static_cast<std::uint32_t>(table.by_cost.size());
  return {.table = &table,
          .models = developers.third_party[developer] != 0
                        ? all
                        : table.reach(developers.budget_usd[developer])};
}

ModelId pick_model(const World& world, const Reach& reach, double u, std::uint64_t act) {
  return pick_member(world, reach.table->pick(reach.models, u), act);
}

Action action_of(const World& world, std::uint32_t developer, ModelId model) {
  const FingersParameters& p = world.scenario->mechanisms.fingers;
  const double budget = world.developers->budget_usd[developer];
  const Form form = world.models.form[model];
  const Route route = route_of(world, model, AgentKind::developer);
  if (form == Form::hosted) {
    return {p.elicitation_hosted_oom, p.stop, route, false};
  }
  if (form == Form::hosted_finetune) {
    return {p.elicitation_finetune_oom, p.stop, route, false};
  }
  const bool elsewhere = world.developers->third_party[developer] != 0;
  const double stop =
      elsewhere ? p.stop * world.scenario->mechanisms.monitoring.third_party_factor : 0.0;
  // the cost is over the compute commons already
  const double root_oom = world.models.capability_oom[world.models.root[model]];
  const bool pretrains = form == Form::full_source &&
                         budget >= p.pretrain_fraction * retrain_cost_usd(world, root_oom);
  if (pretrains) {
    return {p.elicitation_source_oom, stop, route, true};
  }
  const bool tunes = budget >= p.tune_usd;
  return {tunes ? p.elicitation_tune_oom : p.elicitation_hosted_oom, stop, route, tunes};
}

double elicited_oom(const World& world, const Action& action, ModelId model, double u) {
  const Models& models = world.models;
  const double before = models.capability_oom[model] - models.capability_oom[models.root[model]];
  const double room = world.scenario->mechanisms.fingers.elicitation_cap_oom - before;
  return std::min(room, -action.elicitation_oom * portable_log1p(-u));
}

}  // namespace fingers
