// Tables written as text files (docs/exports.md).
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/dataset_tables.hpp"
#include "engine/disk.hpp"
#include "engine/table_text.hpp"

namespace fingers {

/// A table that is made in memory: of texts, and texts that are JSON.
struct TextTable {
  std::string name;
  std::vector<TableColumn> columns;
  RowBlock block;

  explicit TextTable(std::string table_name) : name(std::move(table_name)) {}
  /// Adds a column; before any row.
  void add_column(const std::string& column, CellKind kind);
  void add_row(const std::vector<std::string>& cells);
};

/// Every column of every table: what it is called, its unit, type, meaning, and categories.
TextTable dictionary_table(const std::vector<DatasetTable>& tables);

/// Writes tables into files of a set, `NAME.csv` or `NAME.jsonl`, one after the other. Rows are
/// made into text on several threads; the bytes do not depend on how many.
class TableFiles {
 public:
  /// `stop`: ends the writing where it is set.
  TableFiles(FileSet& files, TableFormat format, int threads, const std::atomic<bool>& stop);

  /// Answers how many rows it wrote; nothing when it was stopped. Throws OutputError and
  /// InputError.
  std::optional<std::uint64_t> write(const DatasetTables& dataset, const DatasetTable& table,
                                     const RowChoice& choice);
  void write(const TextTable& table);

 private:
  void append(const TableText& text, const RowBlock& block);

  FileSet& files_;
  TableFormat format_;
  int threads_;
  const std::atomic<bool>& stop_;
  std::vector<std::string> pieces_;  ///< of text; kept, for their memory
};

}  // namespace fingers
