// Tested by tests/engine/memory_dataset_test.cpp.
#include "engine/memory_dataset.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "engine/contract.hpp"
#include "engine/dataset_identity.hpp"
#include "engine/dataset_reader.hpp"
#include "engine/parallel.hpp"

namespace fingers {

namespace {

/// The runs of a batch in the order of a file, and where their rows begin.
struct Gathered {
  std::vector<RunRecord> runs;                     ///< by point, then replicate
  std::vector<std::vector<std::uint64_t>> starts;  ///< [table][run], with the end behind the last
};

std::uint64_t rows_of(const RunRecord& run, std::size_t table) {
  return run.tables[table].empty() ? 0 : column_length(run.tables[table].front());
}

Gathered gather(const RunFunction& run, const DatasetDescription& about, int threads,
                const std::atomic<bool>& stop) {
  const std::uint64_t n_points = about.design.points.size();
  const std::uint32_t replicates = about.design.replicates;
  Gathered gathered;
  gathered.runs.resize(about.design.n_runs());
  for (std::uint64_t row = 0; row < gathered.runs.size(); ++row) {
    gathered.runs[row].point = static_cast<std::uint32_t>(row / replicates);
    gathered.runs[row].replicate = static_cast<std::uint32_t>(row % replicates);
    gathered.runs[row].status = RunStatus::missing;
  }
  for_each_index(
      gathered.runs.size(), threads,
      [&](std::uint64_t i) {
        const auto point = static_cast<std::uint32_t>(i % n_points);
        const auto replicate = static_cast<std::uint32_t>(i / n_points);
        RunRecord record = attempt_run(run, point, replicate);
        if (record.status == RunStatus::failed) {
          std::string why = std::move(record.failure);
          record =
              blank_record(about.schema, about.clock.n_steps, point, replicate, RunStatus::failed);
          record.failure = std::move(why);
        }
        check_record(about.schema, record, about.clock.n_steps);
        gathered.runs[std::uint64_t{point} * replicates + replicate] = std::move(record);
      },
      stop);
  if (stop.load()) {
    return gathered;
  }
  for (std::size_t table = 0; table < about.schema.tables.size(); ++table) {
    std::vector<std::uint64_t>& starts = gathered.starts.emplace_back();
    std::uint64_t rows = 0;
    for (const RunRecord& record : gathered.runs) {
      starts.push_back(rows);
      rows += rows_of(record, table);
    }
    starts.push_back(rows);
  }
  return gathered;
}

/// A number of each run.
template <class Number, class Value>
ColumnData of_runs(const Gathered& gathered, const Value& value) {
  std::vector<Number> values;
  values.reserve(gathered.runs.size());
  for (std::size_t row = 0; row < gathered.runs.size(); ++row) {
    values.push_back(static_cast<Number>(value(row, gathered.runs[row])));
  }
  return values;
}

MemoryGroup runs_group(const Gathered& gathered, const DatasetDescription& about) {
  const RunIdentities identities(about);
  std::vector<ColumnData> values;
  values.push_back(
      of_runs<std::uint32_t>(gathered, [](std::size_t row, const auto&) { return row; }));
  values.push_back(
      of_runs<std::uint32_t>(gathered, [](std::size_t, const auto& run) { return run.point; }));
  values.push_back(
      of_runs<std::uint32_t>(gathered, [](std::size_t, const auto& run) { return run.replicate; }));
  values.push_back(of_runs<std::uint64_t>(gathered, [&](std::size_t, const auto& run) {
    return identities.of(run.point, run.replicate);
  }));
  values.push_back(
      of_runs<std::uint8_t>(gathered, [](std::size_t, const auto& run) { return run.status; }));
  for (const std::vector<std::uint64_t>& starts : gathered.starts) {
    values.push_back(of_runs<std::uint64_t>(
        gathered, [&](std::size_t row, const auto&) { return starts[row]; }));
    values.push_back(of_runs<std::uint32_t>(
        gathered, [&](std::size_t row, const auto&) { return starts[row + 1] - starts[row]; }));
  }
  values.push_back(of_runs<std::uint64_t>(
      gathered, [](std::size_t, const auto& run) { return content_hash(run); }));
  for (std::size_t i = 0; i < about.schema.outcomes.size(); ++i) {
    values.push_back(
        of_runs<double>(gathered, [i](std::size_t, const auto& run) { return run.outcomes[i]; }));
  }
  MemoryGroup group{.name = "runs", .columns = {}};
  const std::vector<ColumnDeclaration> columns = run_columns(about.schema);
  EXPECT_CONTRACT(columns.size() == values.size());
  for (std::size_t i = 0; i < columns.size(); ++i) {
    group.columns.push_back(
        {.declaration = columns[i],
         .names = columns[i].name == "status" ? status_names() : names_of(about.schema, columns[i]),
         .pointer = {},
         .values = std::move(values[i])});
  }
  return group;
}

/// One quantity of every run, [run, time].
std::vector<float> quantity_of(const Gathered& gathered, std::size_t quantity,
                               std::size_t n_times) {
  std::vector<float> values;
  values.reserve(gathered.runs.size() * n_times);
  for (const RunRecord& run : gathered.runs) {
    const auto first = run.series.begin() + static_cast<std::ptrdiff_t>(quantity * n_times);
    values.insert(values.end(), first, first + static_cast<std::ptrdiff_t>(n_times));
  }
  return values;
}

MemoryGroup series_group(const Gathered& gathered, const DatasetDescription& about) {
  MemoryGroup group{.name = "series", .columns = {}};
  std::vector<double> years;
  for (std::uint32_t step = 0; step < about.clock.n_steps; ++step) {
    years.push_back(about.clock.year(step));
  }
  group.columns.push_back(
      {.declaration = time_column(), .names = {}, .pointer = {}, .values = std::move(years)});
  for (std::size_t q = 0; q < about.schema.series.size(); ++q) {
    group.columns.push_back({.declaration = about.schema.series[q],
                             .names = names_of(about.schema, about.schema.series[q]),
                             .pointer = {},
                             .values = quantity_of(gathered, q, about.clock.n_steps)});
    group.columns.back().declaration.type = ColumnType::f4;
  }
  return group;
}

/// One column of a table, the rows of each run behind those of the run before.
ColumnData joined(const Gathered& gathered, std::size_t table, std::size_t column,
                  ColumnType type) {
  ColumnData all = empty_column(type);
  std::visit(
      [&](auto& values) {
        using Values = std::remove_reference_t<decltype(values)>;
        values.reserve(gathered.starts[table].back());
        for (const RunRecord& run : gathered.runs) {
          const Values& own = std::get<Values>(run.tables[table][column]);
          values.insert(values.end(), own.begin(), own.end());
        }
      },
      all);
  return all;
}

/// The row in /runs of every row of a table.
ColumnData run_of_rows(const Gathered& gathered, std::size_t table) {
  const std::vector<std::uint64_t>& starts = gathered.starts[table];
  std::vector<std::uint32_t> values(starts.back());
  for (std::size_t row = 0; row < gathered.runs.size(); ++row) {
    std::fill(values.begin() + static_cast<std::ptrdiff_t>(starts[row]),
              values.begin() + static_cast<std::ptrdiff_t>(starts[row + 1]),
              static_cast<std::uint32_t>(row));
  }
  return values;
}

/// Its columns are joined side by side on `threads`.
MemoryGroup table_group(const Gathered& gathered, const DatasetDescription& about,
                        std::size_t table, int threads) {
  const TableDeclaration& declared = about.schema.tables[table];
  MemoryGroup group{.name = declared.name, .columns = {}};
  group.columns.resize(1 + declared.columns.size());
  group.columns.front() = {.declaration = run_column(),
                           .names = {},
                           .pointer = {},
                           .values = run_of_rows(gathered, table)};
  const std::atomic<bool> never{false};
  for_each_index(
      declared.columns.size(), threads,
      [&](std::uint64_t i) {
        const ColumnDeclaration& column = declared.columns[i];
        group.columns[1 + i] = {.declaration = column,
                                .names = names_of(about.schema, column),
                                .pointer = {},
                                .values = joined(gathered, table, i, column.type)};
      },
      never);
  return group;
}

MemoryGroup design_group(const DatasetDescription& about) {
  MemoryGroup group{.name = "design", .columns = {}};
  for (DesignColumn& column : design_columns(about.design)) {
    group.columns.push_back({.declaration = std::move(column.declaration),
                             .names = {},
                             .pointer = std::move(column.pointer),
                             .values = std::move(column.values)});
  }
  return group;
}

}  // namespace

MemoryDataset run_in_memory(const RunFunction& run, const DatasetDescription& description,
                            int threads, const std::atomic<bool>& stop) {
  const int n_threads = threads > 0 ? threads : available_threads();
  Gathered gathered = gather(run, description, n_threads, stop);
  MemoryDataset dataset;
  dataset.uuid = dataset_uuid(description);
  dataset.config_sha256 = config_sha256(description);
  dataset.n_runs = gathered.runs.size();
  dataset.stopped = std::ranges::any_of(
      gathered.runs, [](const RunRecord& record) { return record.status == RunStatus::missing; });
  if (dataset.stopped) {
    return dataset;
  }
  dataset.groups.push_back(design_group(description));
  dataset.groups.push_back(runs_group(gathered, description));
  if (!description.schema.series.empty() && description.clock.n_steps > 0) {
    dataset.groups.push_back(series_group(gathered, description));
  }
  for (std::size_t table = 0; table < description.schema.tables.size(); ++table) {
    dataset.groups.push_back(table_group(gathered, description, table, n_threads));
    for (RunRecord& record : gathered.runs) {  // no row is kept twice for longer than needed
      record.tables[table].clear();
    }
  }
  for (std::uint32_t row = 0; row < gathered.runs.size(); ++row) {
    const RunRecord& record = gathered.runs[row];
    if (record.status == RunStatus::failed) {
      dataset.failures.push_back({.run = row, .reason = record.failure});
    }
  }
  return dataset;
}

}  // namespace fingers
