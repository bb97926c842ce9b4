// Which tables a dataset file has, and their columns. Tested by
// tests/engine/dataset_tables_test.cpp.
#include "engine/dataset_tables.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "engine/careful_child.hpp"
#include "engine/column_reader.hpp"
#include "engine/contract.hpp"
#include "engine/dataset_columns.hpp"
#include "engine/dataset_design.hpp"
#include "engine/dataset_reader.hpp"
#include "engine/dataset_rows.hpp"
#include "engine/dataset_texts.hpp"
#include "engine/declared_columns.hpp"
#include "engine/hdf5_read.hpp"

namespace fingers {

namespace {

using State = DatasetTables::State;

/// Adds the columns of a table one after the other; each has its own values.
class TableMaker {
 public:
  explicit TableMaker(std::string name) { table_.name = std::move(name); }

  void add(const FoundColumn& column) {
    std::ranges::move(shown_columns(column, table_.blank.values.size()),
                      std::back_inserter(table_.columns));
    table_.blank.values.push_back(std::visit([](auto values) -> CellValues { return values; },
                                             empty_column(column.about.type)));
  }
  void add_text(const FoundColumn& column) {
    add(column);
    table_.columns.back().kind = CellKind::text;
    table_.columns.back().type = "text";
    table_.blank.values.back() = std::vector<std::string>{};
  }
  /// What the file keeps nowhere: whose name and meaning are ours.
  void add_number(const std::string& name, const std::string& meaning) {
    FoundColumn column;
    column.about = {.name = name,
                    .type = ColumnType::u4,
                    .unit = "1",
                    .meaning = meaning,
                    .dictionary = {},
                    .flags = {}};
    add(column);
  }
  [[nodiscard]] DatasetTable take() { return std::move(table_); }

 private:
  DatasetTable table_;
};

/// Makes the tables of an open file.
class TableList {
 public:
  TableList(State& state, std::string setting_name)
      : state_(state), columns_(state.file), setting_name_(std::move(setting_name)) {}

  void make() {
    add_design();
    add_runs();
    if (!state_.failed_runs.empty()) {
      TableMaker table = begin("failures");
      table.add_text(columns_.texts("failures", "reason"));
      state_.tables.push_back(table.take());
    }
    add_outcomes();
    add_series();
    for (const TableDeclaration& ragged : state_.schema.tables) {
      add_ragged(ragged);
    }
  }

 private:
  [[nodiscard]] FoundColumn setting() const {
    FoundColumn column = columns_.texts("design", "setting");
    column.about.name = setting_name_;
    column.about.type = ColumnType::u4;
    column.names = state_.settings;
    return column;
  }

  /// A table of runs, with its keys.
  [[nodiscard]] TableMaker begin(const std::string& name) const {
    TableMaker table(name);
    table.add(columns_.numbers("runs", "run"));
    table.add(setting());
    table.add(columns_.numbers("runs", "point"));
    table.add(columns_.numbers("runs", "replicate"));
    return table;
  }

  void add_design() {
    TableMaker table("design");
    table.add(columns_.numbers("design", "point"));
    table.add_text(columns_.texts("design", "name"));
    table.add(setting());
    if (has_blocks(state_.design.kind)) {
      table.add(columns_.numbers("design", "base_row"));
      table.add(columns_.numbers("design", "step"));
      table.add_text(columns_.texts("design", "block"));
    }
    for (const FoundColumn& factor : columns_.listed("design")) {
      table.add(factor);
    }
    state_.tables.push_back(table.take());
  }

  void add_runs() {
    std::vector<ColumnDeclaration> declared = leading_run_columns();
    declared.erase(declared.begin(), declared.begin() + 3);  // run, point and replicate are keys
    for (const TableDeclaration& ragged : state_.schema.tables) {
      std::ranges::move(ragged_run_columns(ragged), std::back_inserter(declared));
    }
    declared.push_back(hash_run_column());
    TableMaker table = begin("runs");
    for (const ColumnDeclaration& column : declared) {
      table.add(columns_.numbers("runs", column.name));
      state_.run_columns.push_back(column);
    }
    state_.tables.push_back(table.take());
  }

  void add_outcomes() {
    TableMaker table = begin("outcomes");
    for (const std::string group : {"design", "runs"}) {
      for (const FoundColumn& column : columns_.listed(group)) {
        table.add(column);
      }
    }
    state_.tables.push_back(table.take());
  }

  void add_series() {
    if (state_.schema.series.empty()) {
      return;
    }
    TableMaker table = begin("series");
    table.add(columns_.numbers("series", "time"));
    for (const FoundColumn& column : columns_.listed("series")) {
      table.add(column);
    }
    state_.tables.push_back(table.take());
  }

  void add_ragged(const TableDeclaration& ragged) {
    TableMaker table = begin(ragged.name);
    table.add_number(ragged.row, "number of the row in its run, from 0");
    for (const FoundColumn& column : columns_.listed(ragged.name)) {
      table.add(column);
    }
    state_.tables.push_back(table.take());
  }

  State& state_;
  DatasetColumns columns_;
  std::string setting_name_;
};

void note_settings(State& state) {
  for (const DesignPoint& point : state.design.points) {
    const auto found = std::ranges::find(state.settings, point.setting);
    state.setting_of_point.push_back(static_cast<std::uint32_t>(found - state.settings.begin()));
    if (found == state.settings.end()) {
      state.settings.push_back(point.setting);
    }
  }
}

void read_failures(State& state) {
  if (!has_link(state.file, "failures")) {
    return;
  }
  const Handle group = open_group(state.file, "failures");
  state.failure_reasons = read_texts(group, "reason");
  state.failed_runs.resize(state.failure_reasons.size());
  ColumnReader(group, "run", ColumnType::u4, state.failed_runs.size())
      .read(0, state.failed_runs.size(), state.failed_runs.data());
}

std::unique_ptr<State> open_state(const std::string& path, const std::string& setting_name) {
  const DatasetReader reader(path);  // holds the lengths of all columns against each other
  auto state = std::make_unique<State>();
  state->path = path;
  state->schema = reader.schema();
  state->n_runs = reader.n_runs();
  state->file = open_hdf5_file(path);
  try {
    expect_whole_texts(state->file);
    state->design = read_design(state->file);
    note_settings(*state);
    read_failures(*state);
    TableList(*state, setting_name).make();
  } catch (const Hdf5Error& error) {
    throw unreadable(path, error);
  }
  return state;
}

}  // namespace

const DatasetTable& State::table(const std::string& name) const {
  const auto found = std::ranges::find(tables, name, &DatasetTable::name);
  EXPECT_CONTRACT(found != tables.end());
  return *found;
}

DatasetTables::DatasetTables(const std::string& path, const std::string& setting_name) {
  try_in_child(path, [&] { open_state(path, setting_name); });
  state_ = open_state(path, setting_name);
}

DatasetTables::~DatasetTables() = default;
DatasetTables::DatasetTables(DatasetTables&&) noexcept = default;
DatasetTables& DatasetTables::operator=(DatasetTables&&) noexcept = default;

const std::vector<DatasetTable>& DatasetTables::tables() const { return state_->tables; }
const std::vector<std::string>& DatasetTables::settings() const { return state_->settings; }

void DatasetTables::read(const std::string& table, const RowChoice& choice,
                         const TakeBlock& take) const {
  const State& file = *state_;
  BlockBuilder block(file.table(table), choice, take);
  try {
    if (table == "design") {
      read_design_rows(file, choice, block);
    } else if (table == "runs") {
      read_run_rows(file, choice, block);
    } else if (table == "failures") {
      read_failure_rows(file, choice, block);
    } else if (table == "outcomes") {
      read_outcome_rows(file, choice, block);
    } else if (table == "series") {
      read_series_rows(file, choice, block);
    } else {
      const auto ragged = std::ranges::find(file.schema.tables, table, &TableDeclaration::name);
      read_ragged_rows(file, static_cast<std::size_t>(ragged - file.schema.tables.begin()), choice,
                       block);
    }
    block.finish();
  } catch (const Hdf5Error& error) {
    throw unreadable(file.path, error);
  }
}

}  // namespace fingers
