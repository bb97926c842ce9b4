// Reading the rows of one table of a dataset file. For dataset_tables only. Throws Hdf5Error.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/block_builder.hpp"
#include "engine/dataset_tables.hpp"
#include "engine/design.hpp"
#include "engine/hdf5_handle.hpp"

namespace fingers {

/// What is known of a file before its rows are read.
struct DatasetTables::State {
  std::string path;
  Handle file;
  std::uint64_t n_runs = 0;
  Design design;
  std::vector<std::string> settings;            ///< each once
  std::vector<std::uint32_t> setting_of_point;  ///< places in `settings`
  RecordSchema schema;                          ///< names and types
  std::vector<ColumnDeclaration> run_columns;   ///< those of `runs` after the keys
  std::vector<std::uint32_t> failed_runs;
  std::vector<std::string> failure_reasons;
  std::vector<DatasetTable> tables;

  [[nodiscard]] const DatasetTable& table(const std::string& name) const;
};

void read_design_rows(const DatasetTables::State& file, const RowChoice& choice,
                      BlockBuilder& block);
void read_run_rows(const DatasetTables::State& file, const RowChoice& choice, BlockBuilder& block);
void read_failure_rows(const DatasetTables::State& file, const RowChoice& choice,
                       BlockBuilder& block);
void read_outcome_rows(const DatasetTables::State& file, const RowChoice& choice,
                       BlockBuilder& block);
void read_series_rows(const DatasetTables::State& file, const RowChoice& choice,
                      BlockBuilder& block);
/// Of the ragged table with this number in the schema.
void read_ragged_rows(const DatasetTables::State& file, std::size_t ragged, const RowChoice& choice,
                      BlockBuilder& block);

}  // namespace fingers
