// A dataset file (docs/data-dictionary.md), a segment or the canonical file alike, generic over
// what a model records. Runs are appended in the order of (point, replicate).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/column_writer.hpp"
#include "engine/dataset_header.hpp"
#include "engine/hdf5_handle.hpp"
#include "engine/packing.hpp"
#include "engine/store.hpp"

namespace fingers {

class DatasetWriter {
 public:
  /// Writes the header and makes every dataset. `file` and `description` must outlive the writer.
  /// Throws Hdf5Error, as all members do.
  DatasetWriter(const Handle& file, const DatasetDescription& description,
                const DatasetSizes& sizes, const Packing& packing);

  /// Appends the next run with its identity and content hash.
  void append(const RunRecord& record, std::uint64_t identity, std::uint64_t hash);
  /// Writes what is left. Expects: as many runs and rows as announced.
  void finish();

 private:
  void make_runs(std::uint64_t rows, const Packing& packing);
  void make_series(std::uint64_t rows, const Packing& packing);
  void make_table(const TableDeclaration& table, std::uint64_t rows, const Packing& packing);
  void append_run_row(const RunRecord& record, std::uint64_t identity, std::uint64_t hash);
  void append_series(const RunRecord& record);
  void append_table(std::size_t table, const std::vector<ColumnData>& columns);
  void write_failures();

  const Handle& file_;
  const DatasetDescription& description_;
  std::optional<ColumnWriter> runs_;
  std::optional<ColumnWriter> series_;  ///< none when nothing is recorded over time
  std::vector<ColumnWriter> tables_;
  std::vector<std::uint64_t> table_starts_;  ///< rows so far
  std::uint32_t n_written_ = 0;
  std::vector<std::uint32_t> failed_runs_;
  std::vector<std::string> failure_reasons_;
};

}  // namespace fingers
