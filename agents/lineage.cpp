// The columns of models and of their forms. Tested by tests/agents/lineage_test.cpp.
#include "agents/lineage.hpp"

#include <algorithm>
#include <functional>
#include <type_traits>
#include <utility>

#include "agents/world.hpp"

namespace fingers {

namespace {

/// A column: its declaration, and what it holds of a model. Every recorded type goes through a
/// double unchanged.
struct ModelColumn {
  ColumnDeclaration declaration;
  std::function<double(const World&, ModelId)> value;
};

bool is_base(const World& world, ModelId m) { return world.models.layers[m] == 0; }

/// Who made a model.
std::vector<ModelColumn> columns_of_makers() {
  using enum ColumnType;
  return {{{"agent_kind",
            u1,
            "1",
            "who made it: a lab, or a developer from what is out",
            "agent_kind",
            {}},
           [](const World& w, ModelId m) {
             return static_cast<double>(is_base(w, m) ? AgentKind::lab : AgentKind::developer);
           }},
          {{"agent", u4, "1", "number of that agent in its population", {}, {}},
           [](const World& w, ModelId m) {
             return static_cast<double>(is_base(w, m) ? w.models.maker[m] : w.models.developer[m]);
           }},
          {{"maker", u1, "1", "group of labs that made its root", "maker", {}},
           [](const World& w, ModelId m) {
             return static_cast<double>(w.labs.group[w.models.maker[m]] + 1);
           }},
          {{"parent", u4, "1", "number of the model it was made from; none for a base", {}, {}},
           [](const World& w, ModelId m) {
             return static_cast<double>(is_base(w, m) ? kNone : w.models.parent[m]);
           }},
          {{"root", u4, "1", "number of the base at the root of it; its own, for a base", {}, {}},
           [](const World& w, ModelId m) { return static_cast<double>(w.models.root[m]); }}};
}

/// What it was on its first day, and what became of it.
std::vector<ModelColumn> columns_of_lives() {
  using enum ColumnType;
  return {{{"release_year", f8, "year", "its first day (calendar year)", {}, {}},
           [](const World& w, ModelId m) { return round_time(w.models.release_year[m]); }},
          {{"release_form", u1, "1", "how far out it was on that day (M2.1)", "form", {}},
           [](const World& w, ModelId m) { return static_cast<double>(w.models.release_form[m]); }},
          {{"capability_oom", f4, "OOM", "capability", {}, {}},
           [](const World& w, ModelId m) {
             return static_cast<double>(round_recorded(w.models.capability_oom[m]));
           }},
          {{"alignment", f4, "share", "alignment (M1.5)", {}, {}},
           [](const World& w, ModelId m) {
             return static_cast<double>(round_recorded(w.models.alignment[m]));
           }},
          {{"leaked_at", f4, "year", "when its weights leaked (M3.2); NaN: never", {}, {}},
           [](const World& w, ModelId m) {
             return static_cast<double>(time_or_nan(w.models.leaked_year[m]));
           }},
          {{"withdrawn_at",
            f4,
            "year",
            "when its maker ended the service or the licence (M13); NaN: never",
            {},
            {}},
           [](const World& w, ModelId m) {
             return static_cast<double>(time_or_nan(w.models.withdrawn_year[m]));
           }}};
}

std::vector<ModelColumn> columns_of_models() {
  std::vector<ModelColumn> columns = columns_of_makers();
  for (ModelColumn& column : columns_of_lives()) {
    columns.push_back(std::move(column));
  }
  return columns;
}

ColumnData filled(const ModelColumn& column, const World& world) {
  ColumnData data = empty_column(column.declaration.type);
  std::visit(
      [&](auto& values) {
        using Value = typename std::remove_reference_t<decltype(values)>::value_type;
        for (ModelId m = 0; m < world.models.count(); ++m) {
          values.push_back(static_cast<Value>(column.value(world, m)));
        }
      },
      data);
  return data;
}

}  // namespace

TableDeclaration model_table() {
  TableDeclaration table{
      .name = "models",
      .row = "model",
      .meaning = "models; rows in order of run and birth: a model's number is its place in the run",
      .columns = {}};
  for (ModelColumn& column : columns_of_models()) {
    table.columns.push_back(std::move(column.declaration));
  }
  return table;
}

TableDeclaration model_form_table() {
  using enum ColumnType;
  return {.name = "model_forms",
          .row = "model_form",
          .meaning =
              "forms that bases took after their first day, which their derivatives share; "
              "rows in order of run and time",
          .columns = {{"time", f8, "year", "from when on (calendar year)", {}, {}},
                      {"model", u4, "1", "number of the model in the replicate", {}, {}},
                      {"form", u1, "1", "how far out it is from then on (M2.1)", "form", {}}}};
}

std::vector<ColumnData> model_columns(const World& world) {
  std::vector<ColumnData> columns;
  for (const ModelColumn& column : columns_of_models()) {
    columns.push_back(filled(column, world));
  }
  return columns;
}

std::vector<ColumnData> model_form_columns(const World& world) {
  std::vector<FormChange> changes = world.models.form_changes;
  std::ranges::stable_sort(changes, {},
                           [](const FormChange& change) { return round_time(change.year); });
  std::vector<double> time;
  std::vector<std::uint32_t> model;
  std::vector<std::uint8_t> form;
  for (const FormChange& change : changes) {
    time.push_back(round_time(change.year));
    model.push_back(change.model);
    form.push_back(static_cast<std::uint8_t>(change.form));
  }
  return {std::move(time), std::move(model), std::move(form)};
}

}  // namespace fingers
