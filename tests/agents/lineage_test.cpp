// Models and their forms as they are recorded where a config asks for it: who made what from what,
// how far out it was when, what was withdrawn.
#include "agents/lineage.hpp"

#include <cmath>
#include <map>

#include "agents/addresses.hpp"
#include "agents/world.hpp"
#include "tests/support/worlds.hpp"

using namespace fingers;

namespace {

/// A recorded table as numbers, by name of column.
using Table = std::map<std::string, std::vector<double>>;

Table table_of(const TableDeclaration& declared, const std::vector<ColumnData>& columns) {
  REQUIRE(columns.size() == declared.columns.size());
  Table table;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    INFO(declared.columns[c].name);
    CHECK(columns[c].index() == empty_column(declared.columns[c].type).index());
    CHECK(column_length(columns[c]) == column_length(columns[0]));
    table[declared.columns[c].name] = std::visit(
        [](const auto& values) { return std::vector<double>(values.begin(), values.end()); },
        columns[c]);
  }
  return table;
}

Table models_of(const World& world) { return table_of(model_table(), model_columns(world)); }

Table forms_of(const World& world) {
  return table_of(model_form_table(), model_form_columns(world));
}

/// A small world in which the community publishes.
constexpr const char* kPublishing = R"({"output": {"models": true},
    "population": {"users": {"middle_years": -50}},
    "mechanisms": {"derivatives": {"enabled": true, "publish": 0.01}}})";

/// What a row says of the makers of a model, against the rows before it.
void check_makers(const World& world, const Table& models, std::size_t m) {
  const auto at = [&](const char* column) { return models.at(column)[m]; };
  const bool base = at("parent") == kNone;
  const bool by_lab = at("agent_kind") == static_cast<double>(AgentKind::lab);
  CHECK(base == (at("root") == static_cast<double>(m)));
  CHECK(base == by_lab);
  CHECK((by_lab || at("agent_kind") == static_cast<double>(AgentKind::developer)));
  CHECK(at("agent") < (by_lab ? world.labs.count() : world.developers->count()));
  const auto root = static_cast<std::size_t>(at("root"));
  const auto lab = static_cast<LabId>(models.at("agent")[root]);
  CHECK(models.at("parent")[root] == kNone);
  CHECK(models.at("root")[root] == at("root"));
  CHECK(at("maker") == world.labs.group[lab] + 1);
  if (!base) {
    REQUIRE(at("parent") < static_cast<double>(m));
    const auto parent = static_cast<std::size_t>(at("parent"));
    CHECK(models.at("release_year")[parent] <= at("release_year"));  // of one month: by number
    CHECK(models.at("root")[parent] == at("root"));
    CHECK(models.at("alignment")[parent] >= at("alignment"));
  }
}

/// The form that each model has in the end, by its first one and what came later.
std::vector<double> last_forms(const Table& models, const Table& forms) {
  std::vector<double> form = models.at("release_form");
  double before = 0;
  for (std::size_t i = 0; i < forms.at("time").size(); ++i) {
    const auto model = static_cast<std::size_t>(forms.at("model")[i]);
    const double next = forms.at("form")[i];
    CHECK(forms.at("time")[i] >= std::max(before, models.at("release_year")[model]));
    CHECK(models.at("root")[model] == static_cast<double>(model));
    CHECK(next != form[model]);
    CHECK((next > form[model] || !weights_are_out(static_cast<Form>(form[model]))));
    before = forms.at("time")[i];
    form[model] = next;
  }
  for (std::size_t m = 0; m < form.size(); ++m) {
    form[m] = form[static_cast<std::size_t>(models.at("root")[m])];
  }
  return form;
}

}  // namespace

TEST_CASE("models are recorded where a config asks for it, and nowhere else") {
  const auto plain = scenario_with("{}", "closed");
  CHECK(record_schema(*plain).tables.size() == 1);
  CHECK(run_of(plain).tables.size() == 1);
  const auto asked = scenario_with(R"({"output": {"models": true}})", "closed");
  const RecordSchema schema = record_schema(*asked);
  const RunRecord record = run_of(asked);
  REQUIRE(schema.tables.size() == 3);
  CHECK(schema.tables[1].name == "models");
  CHECK(schema.tables[2].name == "model_forms");
  check_record(schema, record, asked->clock().n_steps);
  CHECK(column_length(record.tables[1][0]) > 5);
  CHECK(record.series == run_of(plain).series);
}

TEST_CASE("a world without AI has tables of models without rows") {
  const auto none = scenario_with(R"({"ai": false, "output": {"models": true}})", "closed");
  const RunRecord record = run_of(none);
  REQUIRE(record.tables.size() == 3);
  CHECK(column_length(record.tables[1][0]) == 0);
  CHECK(column_length(record.tables[2][0]) == 0);
}

TEST_CASE("every line of models leads back to a base of a lab, each to an older model") {
  for (const std::string regime : {"open-weights-permissive", "staged-release", "closed"}) {
    INFO(regime);
    const World world = lived(kPublishing, regime, 36);
    const Table models = models_of(world);
    REQUIRE(models.at("root").size() == world.models.count());
    double published = 0;
    for (std::size_t m = 0; m < models.at("root").size(); ++m) {
      check_makers(world, models, m);
      published += models.at("parent")[m] == kNone ? 0 : 1;
    }
    CHECK(published == sum_of(series_of(world, "derivatives")));
    CHECK(published > 5);  // the rest of the world's weights are out under every regime
  }
}

TEST_CASE("events name models that are there, by the number of their row") {
  const World world = lived(kPublishing, "open-weights-permissive", 36);
  const Table models = models_of(world);
  int named = 0;
  for (std::size_t i = 0; i < world.events.count(); ++i) {
    if (world.events.model[i] == kNone) {
      continue;
    }
    ++named;
    REQUIRE(world.events.model[i] < models.at("root").size());
    CHECK(models.at("root")[world.events.model[i]] == world.events.root[i]);
    CHECK(models.at("release_year")[world.events.model[i]] <
          world.events.time[i] + world.clock.dt_years);
  }
  CHECK(named > 20);
}

TEST_CASE("forms of release and what came later give the forms that models have") {
  for (const std::string& regime : builtin_regime_names()) {
    INFO(regime);
    const World world = lived(kPublishing, regime, 36);
    const Table models = models_of(world);
    const std::vector<double> forms = last_forms(models, forms_of(world));
    for (ModelId m = 0; m < world.models.count(); ++m) {
      CHECK(forms[m] == static_cast<double>(world.models.form[m]));
    }
  }
}

TEST_CASE("a staged release and what a gate holds back can be read from the forms") {
  const World world =
      lived(R"({"output": {"models": true}, "mechanisms": {"release": {"evaluation_sd_oom": 0}},
          "labs": {"rest-of-the-world": null},
          "regimes": {"staged": {"policies": [
            {"kind": "later_step", "form": "open_weights", "after_months": 12},
            {"kind": "gate", "above_oom": 27, "form": "hosted", "rule": "own"}]}}})",
            "staged", 36);
  const Table models = models_of(world);
  const Table forms = forms_of(world);
  const std::vector<double> last = last_forms(models, forms);
  int held = 0;
  for (ModelId m = 0; m < world.models.count(); ++m) {
    const bool old = world.models.release_year[m] < world.year() - 1.0;
    if (world.models.given[m] == 0 && old) {
      const bool dangerous = world.models.visible_oom[m] > 27;
      CHECK(last[m] == static_cast<double>(dangerous ? Form::hosted : Form::open_weights));
      held += dangerous ? 1 : 0;
    }
  }
  CHECK(held > 0);
  REQUIRE(!forms.at("time").empty());
  for (std::size_t i = 0; i < forms.at("time").size(); ++i) {
    const auto model = static_cast<std::size_t>(forms.at("model")[i]);
    CHECK(forms.at("time")[i] - models.at("release_year")[model] == Approx(1).margin(1e-5));
  }
}

TEST_CASE("given models keep the dates of their later forms, also those before the start") {
  const World world = lived(R"({"output": {"models": true},
      "labs": {"frontier": {"count": 1, "budget_usd_per_year": 0, "initial_models": [
        {"name": "a", "rank": 1, "capability_oom": 25, "year": 2023, "form": "internal",
         "later": [{"year": 2023.5, "form": "hosted"}, {"year": 2024.25, "form": "gated_weights"},
                   {"year": 2024.75, "form": "hosted"}, {"year": 2025.3, "form": "open_weights"}]}
      ]}}})",
                            "closed", 24, kIdleLab);
  CHECK(models_of(world).at("release_year") == std::vector<double>{2023});
  const Table forms = forms_of(world);
  CHECK(forms.at("time") == std::vector<double>{2023.5, 2024.25, round_time(2025.3)});
  CHECK(forms.at("form") == std::vector<double>{1, 3, 4});  // gated weights do not come back
}

TEST_CASE("what a maker withdraws goes with all that was made from it, and has no more offspring") {
  for (const bool hosted : {true, false}) {
    World world = world_with(R"({"output": {"models": true},
        "population": {"developers": {"count": 500, "activity_mean": 10}},
        "mechanisms": {"fingers": {"enabled": false, "tune_usd": 0},
          "shocks": {"shock_per_year": {"terms": 0, "withdraw": 0, "stop_release": 0}},
          "derivatives": {"enabled": true, "publish": 0.005}}})",
                             "closed", kIdleLab);
    release_model(world, 26, hosted ? Form::hosted : Form::open_weights);
    world.models.licence[0].revocable = true;
    live(world, 6);
    const double shock = world.clock.year(6) + 0.02;
    world.shocks.due_year[0][static_cast<std::size_t>(ShockKind::withdraw)] = shock;
    live(world, 12);
    const Table models = models_of(world);
    const Table forms = forms_of(world);
    for (std::size_t m = 0; m < models.at("root").size(); ++m) {
      // What came out on the last day of that month was under way.
      const bool before = models.at("release_year")[m] <= shock;
      CHECK(models.at("release_year")[m] <= world.clock.year(7));
      CHECK(std::isnan(models.at("withdrawn_at")[m]) != before);
      CHECK((!before || models.at("withdrawn_at")[m] == Approx(shock).margin(1e-3)));
    }
    CHECK((models.at("root").size() > 10) != hosted);
    CHECK(forms.at("time") == (hosted ? std::vector<double>{round_time(shock)}
                                      : std::vector<double>{}));  // weights that are out stay out
  }
}

TEST_CASE("a leak has its day in the table") {
  const World world = lived(R"({"output": {"models": true}, "mechanisms": {"leaks":
      {"gated_per_year": 6}}})",
                            "gated-weights", 36);
  const Table models = models_of(world);
  int leaks = 0;
  for (ModelId m = 0; m < world.models.count(); ++m) {
    const double at = models.at("leaked_at")[m];
    CHECK(std::isnan(at) == (world.models.leaked_year[m] == kNever));
    if (!std::isnan(at)) {
      ++leaks;
      CHECK(at == Approx(world.models.leaked_year[m]).margin(1e-3));
    }
  }
  CHECK(leaks > 2);
}
