// Tested by tests/engine/dataset_tables_test.cpp.
#include "engine/dataset_rows.hpp"

#include <algorithm>
#include <optional>
#include <type_traits>

#include "engine/column_reader.hpp"
#include "engine/contract.hpp"
#include "engine/dataset_reader.hpp"
#include "engine/hdf5_read.hpp"

namespace fingers {

namespace {

using State = DatasetTables::State;

/// Which runs a choice keeps.
class ChosenRuns {
 public:
  ChosenRuns(const State& file, const RowChoice& choice)
      : file_(file), replicates_(choice.replicates) {
    for (const std::string& setting : file.settings) {
      is_chosen_.push_back(choice.settings.empty() ||
                           std::ranges::count(choice.settings, setting) > 0);
    }
  }

  [[nodiscard]] bool has_point(std::uint32_t point) const {
    return is_chosen_[file_.setting_of_point[point]];
  }
  [[nodiscard]] bool has(std::uint32_t point, std::uint32_t replicate) const {
    return has_point(point) &&
           (replicates_.empty() || std::ranges::count(replicates_, replicate) > 0);
  }

 private:
  const State& file_;
  const std::vector<std::uint32_t>& replicates_;
  std::vector<bool> is_chosen_;
};

/// Walks over the runs of a file that a choice keeps.
class RunWalk {
 public:
  RunWalk(const State& file, const RowChoice& choice)
      : file_(file),
        reader_(file.path),
        chosen_(file, choice),
        starts_(file.schema.tables.size()) {}

  /// The next run that is chosen; nothing after the last.
  std::optional<RunHeader> next() {
    for (auto header = advance(); header; header = advance()) {
      if (header->point >= file_.design.points.size()) {
        throw Hdf5Error("run " + std::to_string(run_) + " is of a point that is not there");
      }
      if (chosen_.has(header->point, header->replicate)) {
        return header;
      }
    }
    return std::nullopt;
  }
  std::optional<RunHeader> next_done() {
    auto header = next();
    while (header && header->status != RunStatus::done) {
      header = next();
    }
    return header;
  }
  /// Of the last run.
  [[nodiscard]] std::uint32_t run() const { return static_cast<std::uint32_t>(run_); }
  [[nodiscard]] std::uint64_t start(std::size_t ragged) const { return starts_[ragged]; }

 private:
  std::optional<RunHeader> advance() {
    for (std::size_t t = 0; t < counts_.size(); ++t) {
      starts_[t] += counts_[t];
    }
    auto header = reader_.next();
    if (header) {
      counts_ = header->counts;
      run_ = n_read_++;
    }
    return header;
  }

  const State& file_;
  DatasetReader reader_;
  ChosenRuns chosen_;
  std::vector<std::uint64_t> starts_;
  std::vector<std::uint32_t> counts_;
  std::uint64_t n_read_ = 0;
  std::uint64_t run_ = 0;
};

/// Adds rows of a column to the values of a block.
void add_rows(ColumnReader& reader, std::uint64_t first, std::uint64_t rows, CellValues& values) {
  std::visit(
      [&]<class T>(std::vector<T>& cells) {
        if constexpr (!std::is_same_v<T, std::string>) {
          const std::size_t before = cells.size();
          cells.resize(before + rows * reader.row_bytes() / sizeof(T));
          reader.read(first, rows, cells.data() + before);
        }
      },
      values);
}

/// Readers of the columns that fill the values of a block from `first_values` on.
std::vector<ColumnReader> open_columns(const Handle& group,
                                       const std::vector<ColumnDeclaration>& columns,
                                       std::uint64_t rows, std::uint64_t row_elements = 0) {
  std::vector<ColumnReader> readers;
  readers.reserve(columns.size());
  for (const ColumnDeclaration& column : columns) {
    readers.emplace_back(group, column.name, column.type, rows, row_elements);
  }
  return readers;
}

void add_keys(const State& file, std::uint32_t run, const RunHeader& header, std::uint64_t n,
              BlockBuilder& block) {
  block.repeat(0, run, n);
  block.repeat(1, file.setting_of_point[header.point], n);
  block.repeat(2, header.point, n);
  block.repeat(3, header.replicate, n);
}

/// The first columns of every table of runs: run, setting, point, replicate.
constexpr std::size_t kKeys = 4;

}  // namespace

void read_design_rows(const State& file, const RowChoice& choice, BlockBuilder& block) {
  const ChosenRuns chosen(file, choice);
  const bool blocks = has_blocks(file.design.kind);
  for (std::uint32_t p = 0; p < file.design.points.size(); ++p) {
    if (!chosen.has_point(p)) {
      continue;
    }
    const DesignPoint& point = file.design.points[p];
    block.repeat(0, p);
    block.repeat(1, point.name);
    block.repeat(2, file.setting_of_point[p]);
    if (blocks) {
      block.repeat(3, point.block.base_row);
      block.repeat(4, point.block.step);
      block.repeat(5, point.block.name);
    }
    for (std::size_t f = 0; f < point.values.size(); ++f) {
      block.repeat((blocks ? 6 : 3) + f, point.values[f]);
    }
    block.added(1);
  }
}

void read_run_rows(const State& file, const RowChoice& choice, BlockBuilder& block) {
  std::vector<ColumnReader> readers =
      open_columns(open_group(file.file, "runs"), file.run_columns, file.n_runs);
  RunWalk walk(file, choice);
  while (const auto header = walk.next()) {
    add_keys(file, walk.run(), *header, 1, block);
    for (std::size_t c = 0; c < readers.size(); ++c) {
      add_rows(readers[c], walk.run(), 1, block.values(kKeys + c));
    }
    block.added(1);
  }
}

void read_failure_rows(const State& file, const RowChoice& choice, BlockBuilder& block) {
  RunWalk walk(file, choice);
  std::size_t i = 0;
  while (const auto header = walk.next()) {
    while (i < file.failed_runs.size() && file.failed_runs[i] < walk.run()) {
      ++i;
    }
    if (i < file.failed_runs.size() && file.failed_runs[i] == walk.run()) {
      add_keys(file, walk.run(), *header, 1, block);
      block.repeat(kKeys, file.failure_reasons[i]);
      block.added(1);
    }
  }
}

void read_outcome_rows(const State& file, const RowChoice& choice, BlockBuilder& block) {
  std::vector<ColumnReader> readers =
      open_columns(open_group(file.file, "runs"), file.schema.outcomes, file.n_runs);
  const std::size_t n_factors = file.design.factors.size();
  RunWalk walk(file, choice);
  while (const auto header = walk.next_done()) {
    add_keys(file, walk.run(), *header, 1, block);
    for (std::size_t f = 0; f < n_factors; ++f) {
      block.repeat(kKeys + f, file.design.points[header->point].values[f]);
    }
    for (std::size_t c = 0; c < readers.size(); ++c) {
      add_rows(readers[c], walk.run(), 1, block.values(kKeys + n_factors + c));
    }
    block.added(1);
  }
}

void read_series_rows(const State& file, const RowChoice& choice, BlockBuilder& block) {
  const Handle group = open_group(file.file, "series");
  const std::uint64_t n_times = lengths_of(open_dataset(group, "time"), "time").at(0);
  std::vector<double> times(n_times);
  ColumnReader(group, "time", ColumnType::f8, n_times).read(0, n_times, times.data());
  std::vector<ColumnReader> readers = open_columns(group, file.schema.series, file.n_runs, n_times);
  RunWalk walk(file, choice);
  while (const auto header = walk.next_done()) {
    add_keys(file, walk.run(), *header, n_times, block);
    auto& column = std::get<std::vector<double>>(block.values(kKeys));
    column.insert(column.end(), times.begin(), times.end());
    for (std::size_t q = 0; q < readers.size(); ++q) {
      add_rows(readers[q], walk.run(), 1, block.values(kKeys + 1 + q));
    }
    block.added(n_times);
  }
}

void read_ragged_rows(const State& file, std::size_t ragged, const RowChoice& choice,
                      BlockBuilder& block) {
  const TableDeclaration& table = file.schema.tables[ragged];
  const Handle group = open_group(file.file, table.name);
  const std::uint64_t n_rows = lengths_of(open_dataset(group, "run"), "run").at(0);
  std::vector<ColumnReader> readers = open_columns(group, table.columns, n_rows);
  RunWalk walk(file, choice);
  while (const auto header = walk.next_done()) {
    const std::uint32_t count = header->counts[ragged];
    for (std::uint32_t row = 0; row < count;) {
      const auto n = static_cast<std::uint32_t>(std::min<std::uint64_t>(count - row, block.room()));
      add_keys(file, walk.run(), *header, n, block);
      auto& numbers = std::get<std::vector<std::uint32_t>>(block.values(kKeys));
      for (std::uint32_t i = 0; i < n; ++i) {
        numbers.push_back(row + i);
      }
      for (std::size_t c = 0; c < readers.size(); ++c) {
        add_rows(readers[c], walk.start(ragged) + row, n, block.values(kKeys + 1 + c));
      }
      block.added(n);
      row += n;
    }
  }
}

}  // namespace fingers
