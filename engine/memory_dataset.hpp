// A dataset that is never on disk: the columns of a results file (docs/data-dictionary.md) in
// memory, for programs that run the model again and again, such as loops of calibration.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/dataset_description.hpp"
#include "engine/declared_columns.hpp"
#include "engine/ensemble.hpp"

namespace fingers {

/// A column and its values.
struct MemoryColumn {
  ColumnDeclaration declaration;
  std::vector<std::string> names;  ///< of its codes; none for a quantity
  std::string pointer;             ///< of a factor's parameter
  ColumnData values;
};

struct MemoryGroup {
  std::string name;  ///< as in a file: "design", "runs", "events", …
  std::vector<MemoryColumn> columns;
};

struct MemoryFailure {
  std::uint32_t run = 0;  ///< row in /runs
  std::string reason;
};

struct MemoryDataset {
  std::string uuid;
  std::string config_sha256;
  std::uint64_t n_runs = 0;
  /// design, runs, series (first its time, then quantities [run, time], run-major) and the tables.
  std::vector<MemoryGroup> groups;
  std::vector<MemoryFailure> failures;
  bool stopped = false;  ///< before all runs were made; there are no groups then
};

/// Runs every replicate of every point on `threads` (0: all that are available) and lays them out
/// in the order of a file. Ends early, and well, when `stop` is set. The result does not depend on
/// the number of threads, and its values are those of the file that run_ensemble() writes.
MemoryDataset run_in_memory(const RunFunction& run, const DatasetDescription& description,
                            int threads, const std::atomic<bool>& stop);

}  // namespace fingers
