#include "agents/models.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "agents/addresses.hpp"
#include "agents/gates.hpp"
#include "agents/world.hpp"
#include "engine/arithmetic.hpp"

namespace fingers {

namespace {

/// Months that a staged clock shows: it stands still once the group's clocks are frozen (M12.2).
double staged_months(const World& world, ModelId model, std::uint32_t group) {
  const double now = std::min(world.year(), world.society.groups.frozen_year[group]);
  const double years = now - world.models.release_year[model] + kDueSlackYears;
  return std::max(0.0, years * kMonthsPerYear);
}

/// Weights that are out stay out; anything else takes the form that the rules give (M2.4).
Form next_form(Form present, Form ruled) {
  return weights_are_out(present) ? std::max(present, ruled) : ruled;
}

/// Leaks a year (M3.2): of gated weights, or of weights that are not out, by the lab's security.
double leak_rate(const World& world, ModelId model) {
  constexpr double kReferenceLevel = 3;
  const LeakParameters& leaks = world.scenario->mechanisms.leaks;
  if (weights_are_out(world.models.form[model])) {
    return leaks.gated_per_year;
  }
  const double level = security_level(world, world.models.maker[model]);
  return leaks.closed_per_year * portable_pow(leaks.factor_per_level, level - kReferenceLevel);
}

/// Who a model descends from (M5.5); a base model is its own parent.
void add_to_family(Models& models, ModelId id, ModelId parent) {
  const bool base = parent == id;
  models.parent.push_back(parent);
  models.root.push_back(base ? id : models.root[parent]);
  models.layers.push_back(base ? 0 : models.layers[parent] + 1);
  models.children.push_back(0);
  models.family_attachment.push_back(base ? 1 : 0);
  if (base) {
    models.bases.push_back(id);
  } else {
    models.children[parent] += 1;
    models.family_attachment[models.root[id]] += 2;  // its own 1, and one more child
  }
}

/// Whether the safeguards of a lab's weights can be stripped (M7.1).
std::uint8_t strips(const World& world, std::uint64_t identity, LabId maker) {
  const double own = world.scenario->labs[world.labs.group[maker]].strip_success;
  const double chance = std::isnan(own) ? world.scenario->mechanisms.misuse.strip_success : own;
  Stream stream(world.keys.dynamics, address(identity, Process::strip));
  return uniform(stream) < chance ? 1 : 0;
}

/// A derivative's weights are as far out as those of its root, on the same terms (M5.5).
void follow_root(Models& models, ModelId derivative) {
  const ModelId root = models.root[derivative];
  models.form[derivative] = models.form[root];
  models.licence[derivative] = models.licence[root];
}

}  // namespace

ModelId add_model(World& world, const NewModel& model, ModelId previous) {
  Models& models = world.models;
  const ModelId id = models.count();
  const bool base = model.parent == kNone;
  models.identity.push_back(model.identity);
  models.maker.push_back(model.maker);
  models.developer.push_back(model.developer);
  add_to_family(models, id, base ? id : model.parent);
  models.capability_oom.push_back(model.capability_oom);
  models.visible_oom.push_back(model.visible_oom);
  models.alignment.push_back(model.alignment);
  models.release_year.push_back(model.release_year);
  models.release_form.push_back(model.form);
  models.form.push_back(model.form);
  models.licence.push_back(model.licence);
  models.given.push_back(model.given ? 1 : 0);
  models.withdrawn_year.push_back(kNever);
  models.monitored.push_back(model.monitored ? 1 : 0);
  models.strippable.push_back(base ? strips(world, model.identity, model.maker)
                                   : models.strippable[models.root[id]]);  // once per root (M7.1)
  models.control_virulence.push_back(0);
  models.press_danger.push_back(0);
  models.leaked_year.push_back(kNever);
  models.leak_hazard.push_back(0);
  Stream threshold(world.keys.dynamics, address(model.identity, Process::leak));
  models.leak_threshold.push_back(exponential(threshold));
  models.use_users.push_back(0);
  models.use_developers.push_back(0);
  models.use_auditors.push_back(0);
  add_flaws(world, id, previous);
  double& danger = models.press_danger[models.root[id]];
  danger = std::max(danger, models.control_virulence[id] * (1.0 - model.alignment));
  return id;
}

Form permitted_form(const World& world, LabId maker, Form form) {
  if (is_captured(world, maker)) {
    form = std::min(form, Form::hosted);
  }
  if (has_stopped_releasing(world, maker) && weights_are_out(form)) {
    form = world.scenario->mechanisms.shocks.after_stop;
  }
  return form;
}

void change_form(Models& models, ModelId model, Form form, double year) {
  if (form == models.form[model]) {
    return;
  }
  models.form[model] = form;
  if (models.layers[model] == 0) {
    models.form_changes.push_back({.year = year, .model = model, .form = form});
  }
}

void step_releases(World& world) {
  Models& models = world.models;
  for (ModelId m = 0; m < models.count(); ++m) {
    if (models.layers[m] > 0) {
      follow_root(models, m);  // its root comes before it
      continue;
    }
    if (models.given[m] != 0 || models.withdrawn_year[m] != kNever) {
      continue;
    }
    const std::uint32_t group = world.labs.group[models.maker[m]];
    const Rules rules = rules_for_model(world, group, staged_months(world, m, group));
    const Form ruled = decided_form(world, rules,
                                    {.identity = models.identity[m],
                                     .maker = models.maker[m],
                                     .visible_oom = models.visible_oom[m]});
    const Form form = next_form(models.form[m], permitted_form(world, models.maker[m], ruled));
    const bool new_terms = form != models.form[m] && weights_are_out(form);
    if (new_terms || !weights_are_out(models.form[m])) {
      models.licence[m] = rules.licence;  // terms of weights that are out are those of their day
    }
    change_form(models, m, form, world.year());
    models.monitored[m] = rules.monitoring.on ? 1 : 0;
  }
}

void leak(World& world) {
  const LeakParameters& leaks = world.scenario->mechanisms.leaks;
  if (!leaks.enabled) {
    return;
  }
  Models& models = world.models;
  for (const ModelId m : models.bases) {
    if (models.form[m] >= Form::open_weights || models.leaked_year[m] != kNever) {
      continue;
    }
    const double rate = leak_rate(world, m);
    const double before = models.leak_hazard[m];
    models.leak_hazard[m] += rate * world.clock.dt_years;
    if (models.leak_hazard[m] >= models.leak_threshold[m]) {
      models.leaked_year[m] = world.year() + (models.leak_threshold[m] - before) / rate;
    }
  }
}

double run_cost_usd(const World& world, ModelId model) {
  constexpr double kReferenceOom = 25.58;
  const AccessParameters& access = world.scenario->mechanisms.access;
  const double y = world.y();
  const double physical_oom = world.models.capability_oom[model] - home_algorithms_oom(world);
  const double cheaper = flop_per_usd(world, y) / flop_per_usd(world, 0);
  return access.inference_usd_per_year *
         power_of_ten(access.inference_exponent * (physical_oom - kReferenceOom)) / cheaper;
}

double frontier_oom(const World& world) {
  double best = -std::numeric_limits<double>::infinity();
  for (const ModelId m : world.models.bases) {
    best = std::max(best, world.models.capability_oom[m]);
  }
  return best;
}

}  // namespace fingers
