// Tested by tests/engine/store_test.cpp.
#include "engine/dataset_writer.hpp"

#include <algorithm>
#include <limits>

#include "engine/contract.hpp"
#include "engine/dataset_texts.hpp"
#include "engine/declared_columns.hpp"
#include "engine/hdf5_write.hpp"

namespace fingers {

namespace {

constexpr std::size_t kLongestReason = 2000;  ///< memory must not grow with what an exception says

/// Cut between two characters, not within one.
std::string shortened(std::string text) {
  if (text.size() > kLongestReason) {
    std::size_t length = kLongestReason;
    while (length > 0 && (static_cast<unsigned>(text[length]) & 0xC0U) == 0x80U) {
      --length;
    }
    text.resize(length);
  }
  return text;
}

ColumnShape shape_of(std::uint64_t rows, std::uint64_t chunk_rows, const Packing& packing) {
  return {.rows = rows,
          .row_elements = 0,
          .chunk_rows = chunk_rows,
          .deflate_level = packing.deflate_level};
}

/// The coordinates of /series.
void write_series_axes(const Handle& group, std::uint64_t n_runs, const Clock& clock,
                       const Packing& packing) {
  ColumnWriter run(shape_of(n_runs, packing.run_chunk_rows, packing), 1);
  run.add(group, run_column());
  for (std::uint32_t i = 0; i < n_runs; ++i) {
    run.append({&i}, 1);
  }
  run.finish();
  ColumnWriter time(shape_of(clock.n_steps, packing.run_chunk_rows, packing), 1);
  time.add(group, time_column());
  for (std::uint32_t step = 0; step < clock.n_steps; ++step) {
    const double value = clock.year(step);
    time.append({&value}, 1);
  }
  time.finish();
}

}  // namespace

DatasetWriter::DatasetWriter(const Handle& file, const DatasetDescription& description,
                             const DatasetSizes& sizes, const Packing& packing)
    : file_(file), description_(description) {
  EXPECT_CONTRACT(sizes.n_runs <= std::numeric_limits<std::uint32_t>::max());
  write_header(file, description, sizes);
  make_runs(sizes.n_runs, packing);
  make_series(sizes.n_runs, packing);
  for (std::size_t i = 0; i < sizes.table_rows.size(); ++i) {
    make_table(description.schema.tables[i], sizes.table_rows[i], packing);
  }
  table_starts_.resize(sizes.table_rows.size(), 0);
}

void DatasetWriter::append(const RunRecord& record, std::uint64_t identity, std::uint64_t hash) {
  append_run_row(record, identity, hash);
  if (series_) {
    append_series(record);
  }
  for (std::size_t i = 0; i < tables_.size(); ++i) {
    append_table(i, record.tables[i]);
  }
  if (record.status == RunStatus::failed) {
    failed_runs_.push_back(n_written_);
    failure_reasons_.push_back(shortened(record.failure));
  }
  ++n_written_;
}

void DatasetWriter::finish() {
  runs_->finish();
  if (series_) {
    series_->finish();
  }
  for (ColumnWriter& table : tables_) {
    table.finish();
  }
  write_failures();
  write_texts_sha256(file_);
}

void DatasetWriter::make_runs(std::uint64_t rows, const Packing& packing) {
  const Handle group = make_group(file_, "runs");
  runs_.emplace(shape_of(rows, packing.run_chunk_rows, packing), packing.threads);
  Dimensions dimensions(group);
  for (const ColumnDeclaration& column : run_columns(description_.schema)) {
    runs_->add(group, column,
               column.name == "status" ? status_names() : names_of(description_.schema, column));
    if (column.name == "run") {
      dimensions.add_coordinate("run");
    } else {
      dimensions.attach(column.name, {"run"});
    }
  }
  for (const TableDeclaration& table : description_.schema.tables) {  // CF: contiguous ragged array
    const std::string name = table.row + "_count";
    write_attribute(checked(H5Dopen2(group.get(), name.c_str(), H5P_DEFAULT), "open " + name),
                    "sample_dimension", table.row);
  }
  write_attribute(group, "columns", list_of_names(description_.schema.outcomes));
  dimensions.finish();
}

void DatasetWriter::make_series(std::uint64_t rows, const Packing& packing) {
  const std::vector<ColumnDeclaration>& quantities = description_.schema.series;
  const Clock& clock = description_.clock;
  if (quantities.empty() || clock.n_steps == 0) {
    return;
  }
  const Handle group = make_group(file_, "series");
  write_series_axes(group, rows, clock, packing);
  Dimensions dimensions(group);
  dimensions.add_coordinate("run");
  dimensions.add_coordinate("time");
  ColumnShape shape = shape_of(rows, packing.series_chunk_runs, packing);
  shape.row_elements = clock.n_steps;
  series_.emplace(shape, packing.threads);
  for (ColumnDeclaration quantity : quantities) {
    quantity.type = ColumnType::f4;
    series_->add(group, quantity, names_of(description_.schema, quantity));
    dimensions.attach(quantity.name, {"run", "time"});
  }
  write_attribute(group, "columns", list_of_names(quantities));
  dimensions.finish();
}

void DatasetWriter::make_table(const TableDeclaration& table, std::uint64_t rows,
                               const Packing& packing) {
  const Handle group = make_group(file_, table.name);
  Dimensions dimensions(group);
  dimensions.add_plain(table.row, rows);
  ColumnWriter& columns =
      tables_.emplace_back(shape_of(rows, packing.table_chunk_rows, packing), packing.threads);
  columns.add(group, run_column());
  dimensions.attach("run", {table.row});
  for (const ColumnDeclaration& column : table.columns) {
    EXPECT_CONTRACT(column.name != "run" && column.name != table.row);
    columns.add(group, column, names_of(description_.schema, column));
    dimensions.attach(column.name, {table.row});
  }
  write_attribute(group, "long_name", table.meaning);
  write_attribute(group, "row", table.row);
  write_attribute(group, "columns", list_of_names(table.columns));
  dimensions.finish();
}

void DatasetWriter::append_run_row(const RunRecord& record, std::uint64_t identity,
                                   std::uint64_t hash) {
  const auto status = static_cast<std::uint8_t>(record.status);
  std::vector<std::uint32_t> counts;
  for (const std::vector<ColumnData>& table : record.tables) {
    const std::size_t n = table.empty() ? 0 : column_length(table.front());
    EXPECT_CONTRACT(n <= std::numeric_limits<std::uint32_t>::max());
    counts.push_back(static_cast<std::uint32_t>(n));
  }
  std::vector<const void*> row = {&n_written_, &record.point, &record.replicate, &identity,
                                  &status};
  for (std::size_t i = 0; i < counts.size(); ++i) {
    row.push_back(&table_starts_[i]);
    row.push_back(&counts[i]);
  }
  row.push_back(&hash);
  for (const double& outcome : record.outcomes) {
    row.push_back(&outcome);
  }
  runs_->append(row, 1);
}

void DatasetWriter::append_series(const RunRecord& record) {
  const std::size_t n_times = description_.clock.n_steps;
  std::vector<const void*> row;
  for (std::size_t q = 0; q < description_.schema.series.size(); ++q) {
    row.push_back(record.series.data() + q * n_times);
  }
  series_->append(row, 1);
}

void DatasetWriter::append_table(std::size_t table, const std::vector<ColumnData>& columns) {
  const std::uint64_t rows = columns.empty() ? 0 : column_length(columns.front());
  const std::vector<std::uint32_t> run(rows, n_written_);
  std::vector<const void*> data = {run.data()};
  for (const ColumnData& column : columns) {
    data.push_back(data_of(column));
  }
  tables_[table].append(data, rows);
  table_starts_[table] += rows;
}

void DatasetWriter::write_failures() {
  if (failed_runs_.empty()) {
    return;
  }
  const Handle group = make_group(file_, "failures");
  ColumnWriter runs(shape_of(failed_runs_.size(), Packing{}.run_chunk_rows, Packing{}), 1);
  Dimensions dimensions(group);
  dimensions.add_plain("failure", failed_runs_.size());
  runs.add(group, run_column());
  dimensions.attach("run", {"failure"});
  write_attribute(write_texts(group, "reason", failure_reasons_), "long_name",
                  "why the run failed");
  dimensions.attach("reason", {"failure"});
  dimensions.finish();
  runs.append({failed_runs_.data()}, failed_runs_.size());
  runs.finish();
}

}  // namespace fingers
