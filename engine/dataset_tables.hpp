// The content of a dataset file as tables: design, runs, failures, outcomes, series, and each
// ragged table, read in blocks of rows (docs/exports.md). Whatever is wrong with the file is an
// InputError that names it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/table_text.hpp"

namespace fingers {

/// Which rows; an empty list: all.
struct RowChoice {
  std::vector<std::string> settings;
  std::vector<std::uint32_t> replicates;
  std::string category;            ///< of tables that have this column …
  std::vector<std::string> names;  ///< … only rows of these
};

struct DatasetTable {
  std::string name;
  std::vector<TableColumn> columns;
  RowBlock blank;  ///< no rows, with values of the right types
};

class DatasetTables {
 public:
  /// Opens a file that may be damaged. `setting_name`: what tables call the column of settings.
  DatasetTables(const std::string& path, const std::string& setting_name);
  ~DatasetTables();
  DatasetTables(const DatasetTables&) = delete;
  DatasetTables& operator=(const DatasetTables&) = delete;
  DatasetTables(DatasetTables&&) noexcept;
  DatasetTables& operator=(DatasetTables&&) noexcept;

  /// All tables that the file has.
  [[nodiscard]] const std::vector<DatasetTable>& tables() const;
  /// The settings of the design, each once, in order of points.
  [[nodiscard]] const std::vector<std::string>& settings() const;

  using TakeBlock = std::function<void(const RowBlock&)>;
  /// Gives the rows of a table, in order, in blocks of bounded size. Runs that are not done have
  /// rows in `runs` and `failures` only. Contract: the file has the table.
  void read(const std::string& table, const RowChoice& choice, const TakeBlock& take) const;

  struct State;  ///< for the files that read (dataset_rows.hpp)

 private:
  std::unique_ptr<State> state_;
};

}  // namespace fingers
