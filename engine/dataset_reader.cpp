// Tested by tests/engine/store_test.cpp.
#include "engine/dataset_reader.hpp"

#include <algorithm>
#include <filesystem>
#include <limits>
#include <optional>

#include "engine/column_reader.hpp"
#include "engine/contract.hpp"
#include "engine/dataset_design.hpp"
#include "engine/dataset_texts.hpp"
#include "engine/declared_columns.hpp"
#include "engine/hdf5_read.hpp"

namespace fingers {

namespace {

/// The columns that a group names; `type`: what its columns hold, where all hold the same (their
/// readers check it).
std::vector<ColumnDeclaration> found_columns(const Handle& group, std::optional<ColumnType> type) {
  std::vector<ColumnDeclaration> columns;
  for (const std::string& name : words_of(read_text_attribute(group, "columns"))) {
    columns.push_back({.name = name,
                       .type = type ? *type : column_type(open_dataset(group, name), name),
                       .unit = {},
                       .meaning = {},
                       .dictionary = {},
                       .flags = {}});
  }
  return columns;
}

RecordSchema found_schema(const Handle& file) {
  RecordSchema schema;
  schema.name = read_text_attribute(file, "schema");
  schema.version = static_cast<std::uint32_t>(read_whole_attribute(file, "schema_version"));
  for (const std::string& name : words_of(read_text_attribute(file, "tables"))) {
    const Handle group = open_group(file, name);
    schema.tables.push_back({.name = name,
                             .row = read_text_attribute(group, "row"),
                             .meaning = {},
                             .columns = found_columns(group, std::nullopt)});
  }
  if (has_link(file, "series")) {
    schema.series = found_columns(open_group(file, "series"), ColumnType::f4);
  }
  schema.outcomes = found_columns(open_group(file, "runs"), ColumnType::f8);
  return schema;
}

/// Adds `n` rows of a reader to a column.
void read_rows(ColumnReader& reader, std::uint64_t first, std::uint64_t n, ColumnData& column) {
  std::visit(
      [&](auto& values) {
        values.resize(n);
        reader.read(first, n, values.data());
      },
      column);
}

}  // namespace

struct DatasetReader::State {
  std::string path;
  Handle file;
  Handle runs_group;
  RecordSchema schema;
  std::uint64_t n_runs = 0;
  std::uint64_t n_points = 0;
  std::uint64_t n_times = 0;
  std::vector<std::uint64_t> table_rows;

  std::map<std::string, ColumnReader> run_columns;
  std::vector<ColumnReader> outcome_columns;
  std::vector<ColumnReader> series_columns;
  std::vector<std::vector<ColumnReader>> table_columns;
  std::map<std::uint32_t, std::string> failures;
  bool payload_open = false;

  std::uint64_t next_run = 0;
  RunHeader header;
  std::vector<std::uint64_t> table_starts;  ///< of the run of `header`

  void open();
  void open_payload();
  void open_failures();
  template <class T>
  T cell(const std::string& column) {
    T value{};
    run_columns.at(column).read(next_run, 1, &value);
    return value;
  }
  void read_header();
  std::vector<double> read_outcomes();
  RunRecord read_record();

  /// Runs a piece of reading; what goes wrong in it is said of this file.
  template <class Body>
  auto guarded(const Body& body) {
    try {
      return body();
    } catch (const Hdf5Error& error) {
      throw unreadable(path, error);
    }
  }
};

void DatasetReader::State::open() {
  schema = found_schema(file);
  runs_group = open_group(file, "runs");
  n_runs = lengths_of(open_dataset(runs_group, "point"), "point").at(0);
  if (n_runs > std::numeric_limits<std::uint32_t>::max() ||
      n_runs != read_whole_attribute(file, "n_runs")) {
    throw Hdf5Error("the number of runs is not what the file says");
  }
  n_points = lengths_of(open_dataset(open_group(file, "design"), "name"), "name").at(0);
  std::vector<ColumnDeclaration> columns = leading_run_columns();
  for (const TableDeclaration& table : schema.tables) {
    for (ColumnDeclaration& column : ragged_run_columns(table)) {
      columns.push_back(std::move(column));
    }
    table_rows.push_back(
        lengths_of(open_dataset(open_group(file, table.name), "run"), "run").at(0));
    if (table_rows.back() != read_whole_attribute(file, "n_" + table.name)) {
      throw Hdf5Error("the number of rows of '" + table.name + "' is not what the file says");
    }
  }
  columns.push_back(hash_run_column());
  for (const ColumnDeclaration& column : columns) {
    run_columns.emplace(std::piecewise_construct, std::forward_as_tuple(column.name),
                        std::forward_as_tuple(runs_group, column.name, column.type, n_runs));
  }
  table_starts.resize(schema.tables.size(), 0);
  header.counts.resize(schema.tables.size(), 0);
  if (!schema.series.empty()) {
    const Handle group = open_group(file, "series");
    n_times = lengths_of(open_dataset(group, "time"), "time").at(0);
  }
}

void DatasetReader::State::open_payload() {
  if (payload_open) {
    return;
  }
  if (!schema.series.empty()) {
    const Handle group = open_group(file, "series");
    for (const ColumnDeclaration& column : schema.series) {
      series_columns.emplace_back(group, column.name, ColumnType::f4, n_runs, n_times);
    }
  }
  for (std::size_t i = 0; i < schema.tables.size(); ++i) {
    const Handle group = open_group(file, schema.tables[i].name);
    std::vector<ColumnReader>& readers = table_columns.emplace_back();
    for (const ColumnDeclaration& column : schema.tables[i].columns) {
      readers.emplace_back(group, column.name, column.type, table_rows[i]);
    }
  }
  open_failures();
  payload_open = true;
}

void DatasetReader::State::open_failures() {
  if (!has_link(file, "failures")) {
    return;
  }
  const Handle group = open_group(file, "failures");
  const std::vector<std::string> reasons = read_texts(group, "reason");
  std::vector<std::uint32_t> runs(reasons.size());
  ColumnReader(group, "run", ColumnType::u4, runs.size()).read(0, runs.size(), runs.data());
  for (std::size_t i = 0; i < runs.size(); ++i) {
    failures[runs[i]] = reasons[i];
  }
}

void DatasetReader::State::read_header() {
  for (std::size_t i = 0; i < table_starts.size(); ++i) {
    table_starts[i] += header.counts[i];
    header.counts[i] = cell<std::uint32_t>(schema.tables[i].row + "_count");
    if (header.counts[i] > table_rows[i] - table_starts[i] ||
        cell<std::uint64_t>(schema.tables[i].row + "_start") != table_starts[i]) {
      throw Hdf5Error("the rows of '" + schema.tables[i].name + "' do not follow the runs");
    }
  }
  header.point = cell<std::uint32_t>("point");
  if (header.point >= n_points) {
    throw Hdf5Error("run " + std::to_string(next_run) + " is of point " +
                    std::to_string(header.point) + ", which the design does not have");
  }
  header.replicate = cell<std::uint32_t>("replicate");
  header.identity = cell<std::uint64_t>("identity");
  header.content_hash = cell<std::uint64_t>("content_xxh3");
  const auto status = cell<std::uint8_t>("status");
  if (status >= status_names().size()) {
    throw Hdf5Error("run " + std::to_string(next_run) + " has an unknown status");
  }
  header.status = static_cast<RunStatus>(status);
  ++next_run;
}

std::vector<double> DatasetReader::State::read_outcomes() {
  std::vector<double> values(schema.outcomes.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (outcome_columns.size() == i) {
      outcome_columns.emplace_back(runs_group, schema.outcomes[i].name, ColumnType::f8, n_runs);
    }
    outcome_columns[i].read(next_run - 1, 1, &values[i]);
  }
  return values;
}

RunRecord DatasetReader::State::read_record() {
  open_payload();
  const std::uint64_t run = next_run - 1;
  RunRecord record = blank_record(schema, n_times, header.point, header.replicate, header.status);
  for (std::size_t t = 0; t < record.tables.size(); ++t) {
    for (std::size_t c = 0; c < record.tables[t].size(); ++c) {
      read_rows(table_columns[t][c], table_starts[t], header.counts[t], record.tables[t][c]);
    }
  }
  for (std::size_t q = 0; q < series_columns.size(); ++q) {
    series_columns[q].read(run, 1, record.series.data() + q * n_times);
  }
  record.outcomes = read_outcomes();
  if (record.status == RunStatus::failed) {
    const auto found = failures.find(static_cast<std::uint32_t>(run));
    record.failure = found == failures.end() ? "unknown reason" : found->second;
  }
  if (record.status != RunStatus::missing && content_hash(record) != header.content_hash) {
    throw Hdf5Error("run " + std::to_string(run) + " (point " + std::to_string(header.point) +
                    ", replicate " + std::to_string(header.replicate) +
                    ") does not hold what its content hash says");
  }
  return record;
}

DatasetReader::DatasetReader(const std::string& path) : state_(std::make_unique<State>()) {
  state_->path = path;
  state_->file = open_hdf5_file(path);
  state_->guarded([this] { state_->open(); });
}

DatasetReader::~DatasetReader() = default;
DatasetReader::DatasetReader(DatasetReader&&) noexcept = default;
DatasetReader& DatasetReader::operator=(DatasetReader&&) noexcept = default;

const std::string& DatasetReader::path() const { return state_->path; }
const RecordSchema& DatasetReader::schema() const { return state_->schema; }
std::uint64_t DatasetReader::n_runs() const { return state_->n_runs; }
std::uint64_t DatasetReader::table_rows(std::size_t table) const {
  return state_->table_rows.at(table);
}

std::optional<RunHeader> DatasetReader::next() {
  if (state_->next_run == state_->n_runs) {
    return std::nullopt;
  }
  state_->guarded([this] { state_->read_header(); });
  return state_->header;
}

void DatasetReader::rewind() {
  state_->next_run = 0;
  std::ranges::fill(state_->table_starts, 0);
  std::ranges::fill(state_->header.counts, 0);
}

RunRecord DatasetReader::record() {
  EXPECT_CONTRACT(state_->next_run > 0);
  return state_->guarded([this] { return state_->read_record(); });
}

std::vector<double> DatasetReader::outcomes() {
  EXPECT_CONTRACT(state_->next_run > 0);
  return state_->guarded([this] { return state_->read_outcomes(); });
}

std::string DatasetReader::text_attribute(const std::string& name) {
  return state_->guarded([&] { return read_text_attribute(state_->file, name); });
}

std::uint64_t DatasetReader::whole_attribute(const std::string& name) {
  return state_->guarded([&] { return read_whole_attribute(state_->file, name); });
}

std::string DatasetReader::text(const std::string& name) {
  return state_->guarded([&] { return read_text(state_->file, name); });
}

std::optional<bool> DatasetReader::texts_are_whole() {
  return state_->guarded([this] { return fingers::texts_are_whole(state_->file); });
}

void DatasetReader::expect_whole_texts() {
  state_->guarded([this] { fingers::expect_whole_texts(state_->file); });
}

Design DatasetReader::design() {
  return state_->guarded([this] { return read_design(state_->file); });
}

RunRecord blank_record(const RecordSchema& schema, std::uint64_t n_times, std::uint32_t point,
                       std::uint32_t replicate, RunStatus status) {
  RunRecord record;
  record.point = point;
  record.replicate = replicate;
  record.status = status;
  for (const TableDeclaration& table : schema.tables) {
    std::vector<ColumnData>& columns = record.tables.emplace_back();
    for (const ColumnDeclaration& column : table.columns) {
      columns.push_back(empty_column(column.type));
    }
  }
  record.series.assign(schema.series.size() * n_times, std::numeric_limits<float>::quiet_NaN());
  record.outcomes.assign(schema.outcomes.size(), std::numeric_limits<double>::quiet_NaN());
  return record;
}

}  // namespace fingers
