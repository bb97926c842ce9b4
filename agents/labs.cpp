#include "agents/labs.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "agents/addresses.hpp"
#include "agents/loss_of_control.hpp"
#include "agents/world.hpp"
#include "engine/arithmetic.hpp"

namespace fingers {

namespace {

constexpr double kMonthsPerYear = 12.0;
constexpr double kMinusInfinity = -std::numeric_limits<double>::infinity();
constexpr double kTrendYear = 2024.5;  ///< where flop_per_usd_2024 and a_b = 0 stand

/// Algorithmic gain per year without brakes and spillovers [OOM] (M1.2).
double algorithm_gain(const TrendParameters& trends) {
  return kMonthsPerYear * portable_log10(2.0) / trends.algorithm_doubling_months;
}

double budget_usd(const World& world, LabId lab) {  // M1.3
  const std::uint32_t g = world.labs.group[lab];
  const LabGroup& group = world.scenario->labs[g];
  const double grown =
      group.budget_usd_per_year * portable_pow(group.growth, world.society.groups.pace_years[g]);
  return std::min(group.cap_usd_per_year, grown) * portable_pow(world.labs.rank[lab], -group.zipf);
}

/// Budget-weighted mean of the brakes of all labs (M1.2; one bloc).
double mean_pace(const World& world) {
  double sum = 0;
  double weight = 0;
  for (LabId lab = 0; lab < world.labs.count(); ++lab) {
    const double budget = budget_usd(world, lab);
    sum += budget * world.society.groups.rules[world.labs.group[lab]].society.pace;
    weight += budget;
  }
  return weight > 0 ? sum / weight : 1.0;
}

/// O of M1.2: mean over labs of the openness of the newest model in its present form.
double openness(const World& world) {
  double sum = 0;
  for (const ModelId newest : world.labs.newest) {
    sum += newest == kNone ? 0.0 : openness_weight(world.models.form[newest]);
  }
  return world.labs.count() == 0 ? 0.0 : sum / world.labs.count();
}

/// Best of the labs that train on their own, and that follow the regime's groups' frontier.
double training_frontier(const World& world) {
  double best = kMinusInfinity;
  for (LabId lab = 0; lab < world.labs.count(); ++lab) {
    if (world.scenario->labs[world.labs.group[lab]].lag_months == 0) {
      best = std::max(best, world.labs.best_oom[lab]);
    }
  }
  return best;
}

/// Safety share under the pressure of the nearest rival (M1.5).
double safety_share(const World& world, LabId lab) {
  const TrainingParameters& training = world.scenario->mechanisms.training;
  const std::uint32_t g = world.labs.group[lab];
  const double own = world.labs.best_oom[lab];
  double gap = std::numeric_limits<double>::infinity();
  for (LabId rival = 0; rival < world.labs.count(); ++rival) {
    if (rival != lab && own != kMinusInfinity && world.labs.best_oom[rival] != kMinusInfinity) {
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
  double best = kMinusInfinity;
  for (const ModelId m : world.models.bases) {
    if (world.models.maker[m] != lab && weights_are_out(world.models.form[m])) {
      best = std::max(best, world.models.capability_oom[m]);
    }
  }
  return best;
}

/// Whether a model with weights out lies within 1 OOM of what the lab would train (M1.4).
bool can_bootstrap(const World& world, double own_oom) {
  constexpr double kNearOom = 1.0;
  for (const ModelId m : world.models.bases) {
    if (weights_are_out(world.models.form[m]) &&
        std::fabs(world.models.capability_oom[m] - own_oom) <= kNearOom) {
      return true;
    }
  }
  return false;
}

struct Run {
  double own_oom = 0;      ///< what the run itself reaches
  double visible_oom = 0;  ///< what evaluations see of it
};

Run training_run(const World& world, LabId lab, std::uint64_t identity, double safety) {  // M1.4
  const TrainingParameters& training = world.scenario->mechanisms.training;
  const double y = world.y();
  const double share =
      std::min(training.run_share_max, training.run_share * portable_pow(training.run_growth, y));
  const double flop = (1.0 - safety) * share * budget_usd(world, lab) * flop_per_usd(world, y);
  if (flop <= 0) {
    return {.own_oom = kMinusInfinity, .visible_oom = kMinusInfinity};
  }
  Stream luck(world.keys.dynamics, address(identity, Process::training_luck));
  double own = portable_log10(flop) + world.trends.algorithms_oom +
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

/// What a lab that follows the frontier at a lag has now (row_lag_months), -infinity before that.
double lagged_frontier(const World& world, double lag_months) {
  const double lag_steps = lag_months / (kMonthsPerYear * world.clock.dt_years);
  const auto back = static_cast<std::int64_t>(std::llround(lag_steps));
  const std::int64_t at = static_cast<std::int64_t>(world.step) - back;
  return at < 0 ? kMinusInfinity : world.trends.frontier_oom[static_cast<std::size_t>(at)];
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
                 .form = decided_form(world, rules, identity, visible),
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
    const double followed = lagged_frontier(world, group.lag_months);
    run = {.own_oom = followed, .visible_oom = followed};
  }
  if (run.own_oom == kMinusInfinity) {
    return;
  }
  if (is_displaced(world, lab, identity, run.own_oom)) {
    labs.learnt_oom[lab] = std::max(labs.learnt_oom[lab], best_weights_of_others(world, lab));
    return;
  }
  publish(world, lab, identity, run, safety);
}

void add_initial_models(World& world, const LabGroup& group, LabId first) {
  const TrainingParameters& training = world.scenario->mechanisms.training;
  std::vector<const InitialModel*> by_age;
  for (const InitialModel& model : group.initial_models) {
    by_age.push_back(&model);
  }
  std::ranges::stable_sort(by_age, {}, &InitialModel::year);
  std::uint64_t ordinal = 0;
  for (const InitialModel* model : by_age) {
    const LabId lab = first + static_cast<LabId>(model->rank - 1);
    Labs& labs = world.labs;
    const ModelId id =
        add_model(world,
                  {.identity = birth_identity(static_cast<std::uint64_t>(Birth::model),
                                              labs.identity[lab], 0xFFFFFFFFU, ordinal++),
                   .maker = lab,
                   .capability_oom = model->capability_oom,
                   .visible_oom = model->capability_oom,
                   .alignment = training.alignment_max *
                                chance_of_hazard(group.safety_share / training.safety_reference),
                   .release_year = model->year,
                   .form = model->form,
                   .licence = model->licence,
                   .given = true,
                   .monitored = model->monitored},
                  labs.newest[lab]);
    labs.best_oom[lab] = std::max(labs.best_oom[lab], model->capability_oom);
    labs.newest[lab] = id;
  }
}

}  // namespace

double flop_per_usd(const World& world, double y) {  // M1.1
  const TrendParameters& trends = world.scenario->mechanisms.trends;
  const double since = world.clock.start_year + y - kTrendYear;
  return trends.flop_per_usd_2024 * portable_pow(2.0, since / trends.hardware_doubling_years);
}

void make_labs(World& world) {
  const Scenario& scenario = *world.scenario;
  world.trends.algorithms_oom =
      (world.clock.start_year - kTrendYear) * algorithm_gain(scenario.mechanisms.trends);
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
      labs.rank.push_back(static_cast<double>(rank));
      Stream phase(world.keys.population, address(labs.identity.back(), Process::lab_phase));
      labs.phase_months.push_back(group.cadence_months * uniform(phase));
      labs.best_oom.push_back(kMinusInfinity);
      labs.learnt_oom.push_back(kMinusInfinity);
      labs.newest.push_back(kNone);
    }
    add_initial_models(world, group, first);
  }
}

void advance_trends(World& world) {
  world.trends.frontier_oom.push_back(training_frontier(world));
  if (world.step == 0) {
    return;  // the start holds for the first month
  }
  const TrendParameters& trends = world.scenario->mechanisms.trends;
  const double dt = world.clock.dt_years;
  world.trends.openness = openness(world);
  world.trends.algorithms_oom += dt * algorithm_gain(trends) * mean_pace(world) *
                                 (1.0 + trends.openness_spillover * world.trends.openness);
  GroupStates& groups = world.society.groups;
  for (std::size_t g = 0; g < groups.pace_years.size(); ++g) {
    groups.pace_years[g] += dt * groups.rules[g].society.pace;
  }
}

void train_and_release(World& world) {
  const double now_months = world.y() * kMonthsPerYear;
  const double month_length = world.clock.dt_years * kMonthsPerYear;
  for (LabId lab = 0; lab < world.labs.count(); ++lab) {
    const double cadence = world.scenario->labs[world.labs.group[lab]].cadence_months;
    const double phase = world.labs.phase_months[lab];
    // M3.3: a lab is never further behind weights that are out than the copying gap.
    world.labs.learnt_oom[lab] =
        std::max(world.labs.learnt_oom[lab], best_weights_of_others(world, lab) -
                                                 world.scenario->mechanisms.training.copy_gap_oom);
    const double from = std::ceil((now_months - phase) / cadence);
    const double to = std::ceil((now_months + month_length - phase) / cadence);
    for (double slot = std::max(0.0, from); slot < to; slot += 1.0) {
      train(world, lab, static_cast<std::uint64_t>(slot));
    }
  }
}

}  // namespace fingers
