#include "agents/labs.hpp"

#include <algorithm>
#include <cmath>

#include "agents/addresses.hpp"
#include "agents/gates.hpp"
#include "agents/loss_of_control.hpp"
#include "agents/world.hpp"
#include "engine/arithmetic.hpp"

namespace fingers {

namespace {

/// Safety share under the pressure of the nearest rival (M1.5).
double safety_share(const World& world, LabId lab) {
  const TrainingParameters& training = world.scenario->mechanisms.training;
  const std::uint32_t g = world.labs.group[lab];
  const double own = world.labs.best_oom[lab];
  double gap = kInfinity;
  for (LabId rival = 0; rival < world.labs.count(); ++rival) {
    if (rival != lab && own != kNothing && world.labs.best_oom[rival] != kNothing) {
      gap = std::min(gap, std::fabs(own - world.labs.best_oom[rival]));
    }
  }
  const double relaxed = std::min(1.0, world.scenario->labs[g].safety_share *
                                           world.society.groups.rules[g].society.safety_factor);
  const double pressure = training.race_pressure * portable_exp(-gap / training.race_width_oom);
  return std::max(training.safety_floor, relaxed * (1.0 - pressure));
}

/// Best capability among base models with weights out of other labs: what tuning elicits is not
/// training that another could start from.
double best_weights_of_others(const World& world, LabId lab) {
  double best = kNothing;
  for (const ModelId m : world.models.bases) {
    if (world.models.maker[m] != lab && weights_are_out(world.models.form[m])) {
      best = std::max(best, world.models.capability_oom[m]);
    }
  }
  return best;
}

/// Best capability among models that other labs host.
double best_hosted_of_others(const World& world, LabId lab) {
  double best = kNothing;
  for (const ModelId m : world.models.bases) {
    if (world.models.maker[m] != lab && is_hosted(world.models.form[m])) {
      best = std::max(best, world.models.capability_oom[m]);
    }
  }
  return best;
}

/// Whether a model with weights out lies within 1 OOM of what the lab would train (M1.4).
bool can_bootstrap(const World& world, double own_oom) {
  constexpr double kNearOom = 1.0;
  return std::ranges::any_of(world.models.bases, [&](ModelId m) {
    return weights_are_out(world.models.form[m]) &&
           std::fabs(world.models.capability_oom[m] - own_oom) <= kNearOom;
  });
}

struct Run {
  double own_oom = 0;      ///< what the run itself reaches
  double visible_oom = 0;  ///< what evaluations see of it
};

Run training_run(const World& world, LabId lab, std::uint64_t identity, double safety) {  // M1.4
  const TrainingParameters& training = world.scenario->mechanisms.training;
  const double y = world.y();
  const double flop =
      (1.0 - safety) * run_share(world, y) * budget_usd(world, lab) * flop_per_usd(world, y);
  if (flop <= 0) {
    return {.own_oom = kNothing, .visible_oom = kNothing};
  }
  Stream luck(world.keys.dynamics, address(identity, Process::training_luck));
  double own = portable_log10(flop) + world.trends.algorithms_oom[world.labs.bloc[lab]] +
               training.capability_sd_oom * normal(luck);
  if (can_bootstrap(world, own)) {
    own += training.bootstrap_oom;
  }
  Stream jump(world.keys.dynamics, address(identity, Process::training_jump));
  const bool jumps = uniform(jump) < training.jump_probability;
  const bool seen = uniform(jump) < training.evaluation_quality;
  const double size = jumps ? training.jump_mean_oom * exponential(jump) : 0.0;
  return {.own_oom = own + size, .visible_oom = seen ? own + size : own};
}

/// A lab that builds on weights that are out keeps their safeguards and publishes nothing (M1.3).
bool is_displaced(const World& world, LabId lab, std::uint64_t identity, double own_oom) {
  const LabGroup& group = world.scenario->labs[world.labs.group[lab]];
  Stream stream(world.keys.dynamics, address(identity, Process::training_displacement));
  return uniform(stream) < group.displacement &&
         best_weights_of_others(world, lab) >= own_oom - group.displacement_oom;
}

void publish(World& world, LabId lab, std::uint64_t identity, const Run& run, double safety) {
  const TrainingParameters& training = world.scenario->mechanisms.training;
  Labs& labs = world.labs;
  const double known = std::max(labs.best_oom[lab], labs.learnt_oom[lab]);  // k of M1.4
  const double capability = std::max(known, run.own_oom);
  const Rules& rules = world.society.groups.rules[labs.group[lab]];
  const double visible = std::max(known, run.visible_oom);
  const ModelId model =
      add_model(world,
                {.identity = identity,
                 .maker = lab,
                 .capability_oom = capability,
                 .visible_oom = visible,
                 .alignment = training.alignment_max *
                              chance_of_hazard(safety / training.safety_reference),  // M1.5
                 .release_year = world.year(),
                 .form = permitted_form(
                     world, lab,
                     decided_form(world, rules,
                                  {.identity = identity, .maker = lab, .visible_oom = visible})),
                 .licence = rules.licence,
                 .given = false,
                 .monitored = rules.monitoring.on},
                labs.newest[lab]);
  labs.best_oom[lab] = std::max(labs.best_oom[lab], capability);
  labs.newest[lab] = model;
  test_model(world, lab, model);
}

void train(World& world, LabId lab, std::uint64_t slot) {
  Labs& labs = world.labs;
  const LabGroup& group = world.scenario->labs[labs.group[lab]];
  const std::uint64_t identity =
      birth_identity(static_cast<std::uint64_t>(Birth::model), labs.identity[lab], slot, 0);
  const double safety = safety_share(world, lab);
  Run run = training_run(world, lab, identity, safety);
  if (group.lag_months > 0) {
    const double followed = lagged_frontier_oom(world, group.lag_months);
    if (followed <= labs.best_oom[lab]) {
      return;  // the frontier has not moved: what there was to publish is out
    }
    run = {.own_oom = followed, .visible_oom = followed};
  }
  if (run.own_oom == kNothing) {
    return;
  }
  if (is_displaced(world, lab, identity, run.own_oom)) {
    labs.learnt_oom[lab] = std::max(labs.learnt_oom[lab], best_weights_of_others(world, lab));
    return;
  }
  publish(world, lab, identity, run, safety);
}

}  // namespace

double budget_usd(const World& world, LabId lab) {  // M1.3
  const std::uint32_t g = world.labs.group[lab];
  const LabGroup& group = world.scenario->labs[g];
  const double grown =
      group.budget_usd_per_year * portable_pow(group.growth, world.society.groups.pace_years[g]);
  return std::min(group.cap_usd_per_year, grown) * portable_pow(world.labs.rank[lab], -group.zipf);
}

double security_level(const World& world, LabId lab) {
  const std::uint32_t g = world.labs.group[lab];
  return world.scenario->labs[g].security_level +
         world.society.groups.rules[g].security.extra_levels;
}

void test_model(World& world, LabId lab, ModelId model) {  // M1.6
  const TrainingParameters& training = world.scenario->mechanisms.training;
  const FingersParameters& fingers = world.scenario->mechanisms.fingers;
  if (!fingers.enabled || training.lab_presses <= 0) {
    return;
  }
  double virulence = 0;
  const FlawTables& tables = world.flaw_tables;
  for (std::uint32_t i = tables.instance_offset[model]; i < tables.instance_offset[model + 1];
       ++i) {
    if (tables.flaws.kind[tables.instances.flaw[i]] == FlawKind::control) {
      virulence += tables.instances.birth_virulence[i];
    }
  }
  const double exposure = press_exposure(world, model, 0.0, training.lab_diligence, fingers.stop);
  const double hazard = training.lab_presses * fingers.press_scale * virulence * exposure;
  Stream stream(world.keys.dynamics,
                address(world.models.identity[model], Process::lab_press, world.step));
  if (uniform(stream) < chance_of_hazard(hazard)) {
    const double year = world.year() + world.clock.dt_years * uniform(stream);
    lose_control(world, {.year = year,
                         .identity = world.models.identity[model],
                         .agent_kind = AgentKind::lab,
                         .agent = lab,
                         .model = model,
                         .route = Route::internal,
                         .capability_oom = world.models.capability_oom[model],
                         .copy = {.developer = 0, .newest = true}});
  }
}

void make_labs(World& world) {
  const Scenario& scenario = *world.scenario;
  world.flaw_tables.instance_offset.push_back(0);
  if (!scenario.ai) {
    return;
  }
  Labs& labs = world.labs;
  for (std::uint32_t g = 0; g < scenario.labs.size(); ++g) {
    const LabGroup& group = scenario.labs[g];
    const LabId first = labs.count();
    const std::uint64_t name = name_identity(group.name.data(), group.name.size());
    for (std::uint64_t rank = 1; rank <= group.count; ++rank) {
      labs.identity.push_back(
          birth_identity(static_cast<std::uint64_t>(Birth::lab), name, 0, rank));
      labs.group.push_back(g);
      labs.bloc.push_back(bloc_number(world, group.bloc));
      labs.rank.push_back(static_cast<double>(rank));
      Stream phase(world.keys.population, address(labs.identity.back(), Process::lab_phase));
      labs.phase_months.push_back(group.cadence_months * uniform(phase));
      labs.best_oom.push_back(kNothing);
      labs.learnt_oom.push_back(kNothing);
      labs.newest.push_back(kNone);
    }
    schedule_given_models(world, g, first);
  }
}

void train_and_release(World& world) {
  const double now_months = world.y() * kMonthsPerYear;
  const double month_length = world.clock.dt_years * kMonthsPerYear;
  for (LabId lab = 0; lab < world.labs.count(); ++lab) {
    const double cadence = world.scenario->labs[world.labs.group[lab]].cadence_months;
    const double phase = world.labs.phase_months[lab];
    const double from = std::ceil((now_months - phase) / cadence);
    const double to = std::ceil((now_months + month_length - phase) / cadence);
    for (double slot = std::max(0.0, from); slot < to; slot += 1.0) {
      train(world, lab, static_cast<std::uint64_t>(slot));
    }
  }
}

void learn_from_others(World& world) {
  const CopyingParameters& p = world.scenario->mechanisms.copying;
  if (!p.enabled) {
    return;
  }
  const double closed = chance_of_hazard(p.distillation_per_year * world.clock.dt_years);
  for (LabId lab = 0; lab < world.labs.count(); ++lab) {
    double& learnt = world.labs.learnt_oom[lab];
    // never further behind weights that are out than the copying gap
    learnt = std::max(learnt, best_weights_of_others(world, lab) - p.copy_gap_oom);
    const double known = std::max(learnt, world.labs.best_oom[lab]);
    const double gap = best_hosted_of_others(world, lab) - p.copy_gap_oom - known;
    if (closed > 0 && known != kNothing && gap > 0) {
      learnt = known + closed * gap;
    }
  }
}

}  // namespace fingers
