// What is recorded each month: the list stands once, in `quantities`.
#include "agents/quantities.hpp"

#include <limits>
#include <utility>

#include "agents/freedom.hpp"
#include "agents/world.hpp"

namespace fingers {

Quantity count(std::string name, std::string meaning, double Month::* field) {
  return {.column = {.name = std::move(name),
                     .type = ColumnType::f4,
                     .unit = "1/step",
                     .meaning = std::move(meaning),
                     .dictionary = {},
                     .flags = {}},
          .measure = [field](const World& world) { return world.month.*field; },
          .exact = true};
}

Quantity level(std::string name, std::string unit, std::string meaning,
               std::function<double(const World&)> measure) {
  return {.column = {.name = std::move(name),
                     .type = ColumnType::f4,
                     .unit = std::move(unit),
                     .meaning = std::move(meaning),
                     .dictionary = {},
                     .flags = {}},
          .measure = std::move(measure),
          .exact = false};
}

namespace {

double best_capability(const World& world, bool (*counts)(Form)) {
  double best = std::numeric_limits<double>::quiet_NaN();
  for (const ModelId m : world.models.bases) {
    if (counts(world.models.form[m]) && !(world.models.capability_oom[m] <= best)) {
      best = world.models.capability_oom[m];
    }
  }
  return best;
}

/// Diffuse harm counts in the month in which it accrues, not in that of its event (M11).
double month_harm(const World& world) {
  double sum = world.month.diffuse_harm_musd;
  for (const Event& event : world.month.events) {
    const bool counts = (event.flags & kAverted) == 0 && event.year <= world.month.end_year &&
                        event.kind != EventKind::diffuse;
    sum += counts ? event.severity_musd : 0.0;
  }
  return sum;
}

double weights_use(const World& world) {
  double share = 0;
  for (ModelId m = 0; m < world.models.count(); ++m) {
    share += weights_are_out(world.models.form[m]) ? world.models.use_users[m] : 0.0;
  }
  return share;
}

/// Unfixed control virulence of what developers use, in its newest state of fixes.
double control_in_use(const World& world) {
  const FlawTables& tables = world.flaw_tables;
  const Models& models = world.models;
  // A flaw acts where it came in and in all that was made from there: use is summed up the lines.
  std::vector<double> use = models.use_developers;
  for (ModelId m = models.count(); m-- > 0;) {
    use[models.parent[m]] += models.layers[m] > 0 ? use[m] : 0.0;
  }
  double sum = 0;
  for (ModelId m = 0; m < models.count(); ++m) {
    for (const std::uint32_t i : own_instances_of(tables, m, FlawKind::control)) {
      sum += tables.flaws.virulence[tables.instances.flaw[i]] * use[m];
    }
  }
  return sum;
}

void add_counts(std::vector<Quantity>& list) {
  list.push_back(count("actions", "acts of community developers", &Month::actions));
  list.push_back(count("near_misses", "presses that care or a host kept from a loss of control",
                       &Month::near_misses));
  list.push_back(count("attempts", "attempts of bad actors", &Month::attempts));
  list.push_back(count("hosted_attempts", "attempts at hosts", &Month::hosted_attempts));
  list.push_back(count("seen_attempts", "attempts that monitors saw", &Month::seen_attempts));
  list.push_back(count("finds", "flaws found by eyeballs", &Month::finds));
  list.push_back(count("fixes", "fixes published", &Month::fixes));
  list.push_back(
      count("panel_fixes", "fixes of weights × deployments of the panel", &Month::panel_fixes));
  list.push_back(
      count("panel_taken_30d", "of these, taken within 30 days", &Month::panel_taken_30d));
  list.push_back(
      count("panel_taken_90d", "of these, taken within 90 days", &Month::panel_taken_90d));
  list.push_back(
      count("panel_taken_365d", "of these, taken within 365 days", &Month::panel_taken_365d));
  list.push_back(count("panel_never", "of these, never taken", &Month::panel_never));
}

void add_levels(std::vector<Quantity>& list) {
  list.push_back(level("harm_musd", "M$/step", "harm of the step",
                       [](const World& w) { return month_harm(w); }));
  list.push_back(level("diffuse_harm_musd", "M$/step", "of this, diffuse harm that accrued",
                       [](const World& w) { return w.month.diffuse_harm_musd; }));
  list.push_back(level("unseen_diffuse_harm_musd", "M$/step",
                       "of this, from flaws that nobody had seen yet",
                       [](const World& w) { return w.month.unseen_diffuse_harm_musd; }));
  list.push_back(level("bans", "1/step", "accounts banned by hosts",
                       [](const World& w) { return w.month.bans; }));
  list.push_back(level("wrongful_bans", "1/step", "of these, of honest users",
                       [](const World& w) { return w.month.wrongful_bans; }));
  list.push_back(level("flags", "1/step", "flags raised at hosts",
                       [](const World& w) { return w.month.flags; }));
  list.push_back(level("reviewed_flags", "1/step", "of these, reviewed",
                       [](const World& w) { return w.month.reviewed_flags; }));
  list.push_back(level("benefit", "1/step", "acts weighted by what they are worth (M14)",
                       [](const World& w) { return w.month.benefit; }));
  list.push_back(
      level("users", "people", "honest users", [](const World& w) { return w.access.users; }));
  list.push_back(level("weights_use_share", "share", "use that goes to weights that are out",
                       [](const World& w) { return weights_use(w); }));
  list.push_back(level("frontier_oom", "OOM", "capability of the best model", [](const World& w) {
    return best_capability(w, [](Form) { return true; });
  }));
  list.push_back(level("weights_oom", "OOM", "capability of the best weights that are out",
                       [](const World& w) { return best_capability(w, weights_are_out); }));
  list.push_back(level("accessible_oom", "OOM", "capability of the best model that others may use",
                       [](const World& w) { return best_capability(w, is_accessible); }));
  list.push_back(level("algorithms_oom", "OOM", "algorithmic gain of the home bloc since mid-2024",
                       [](const World& w) { return home_algorithms_oom(w); }));
  list.push_back(level("openness", "share", "openness O of the newest models (M1.2)",
                       [](const World& w) { return w.trends.openness; }));
  list.push_back(level("models", "1", "models that exist",
                       [](const World& w) { return static_cast<double>(w.models.count()); }));
  list.push_back(level("control_virulence", "1", "unfixed control virulence of what developers use",
                       [](const World& w) { return control_in_use(w); }));
  list.push_back(level("dependence", "1", "Herfindahl index of use over makers",
                       [](const World& w) { return dependence(w); }));
  list.push_back(level("surveillance_share", "share", "honest activity that some host observes",
                       [](const World& w) { return surveillance_share(w); }));
  list.push_back(level("retrain_cost_usd", "$", "cost of repeating the frontier's training",
                       [](const World& w) { return retrain_cost_usd(w, frontier_oom(w)); }));
}

void add_states(std::vector<Quantity>& list) {
  list.push_back(
      count("stolen_models", "models that states stole from labs", &Month::stolen_models));
  list.push_back(level("state_best_oom", "OOM", "capability of the best adversary state; NaN: none",
                       [](const World& w) { return best_state_oom(w); }));
  list.push_back(level("home_lead_months", "month",
                       "lead of the home bloc over its best adversary state, at the pace of its "
                       "last twelve months; NaN: no state, no model or no pace",
                       [](const World& w) { return home_lead_months(w); }));
  list.push_back(level("state_defence_oom", "OOM", "society's defence against states",
                       [](const World& w) { return state_defence_oom(w); }));
}

void add_freedoms(std::vector<Quantity>& list) {
  for (std::size_t f = 0; f < kFreedoms; ++f) {
    const std::string name = "freedom_" + std::string(kFreedomNames[f]);
    list.push_back(level(name + "_granted", "share", "granted by the best licence in reach",
                         [f](const World& w) { return w.month.freedoms[f].granted; }));
    list.push_back(level(name + "_possible", "share", "made possible by the artefacts in reach",
                         [f](const World& w) { return w.month.freedoms[f].possible; }));
    list.push_back(level(name + "_exercisable", "share",
                         "developers who may, can and can pay for it, weighted by how far",
                         [f](const World& w) { return w.month.freedoms[f].exercisable; }));
  }
}

}  // namespace

std::vector<Quantity> quantities(const Scenario& scenario) {
  std::vector<Quantity> list;
  add_counts(list);
  add_lineage_quantities(list);
  add_levels(list);
  add_states(list);
  add_freedoms(list);
  add_power_quantities(list, scenario);
  for (std::size_t k = 0; k < scenario.domains.size(); ++k) {
    list.push_back(level("defence_" + scenario.domains[k].name + "_oom", "OOM",
                         "society's defence in this domain",
                         [k](const World& w) { return w.defences.level_oom[k]; }));
  }
  return list;
}

}  // namespace fingers
