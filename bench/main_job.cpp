// What each part of a batch costs, from its config to its dataset.
//
//   bench_main_job CONFIG REPLICATES TURNS FOLDER
//
// Each turn does the whole batch on one thread, timing its parts as it goes: config, set-up of
// worlds, months, records, segments, merge. Then what cannot be told apart inside of these is done
// again alone: the compression of the final file, and segments and merge of the same runs without
// their events. Prints medians over turns; writes to FOLDER and removes it again.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "agents/provenance.hpp"
#include "agents/simulation.hpp"
#include "bench/processor_time.hpp"
#include "engine/chunk_codec.hpp"
#include "engine/config_files.hpp"
#include "engine/memory_gate.hpp"
#include "engine/packing.hpp"
#include "engine/store.hpp"
#include "policies/builtin.hpp"

namespace fingers {

namespace {

enum Part : std::uint8_t {
  config,
  set_up,
  months,
  records,
  segments,
  merge,
  compression,
  segments_without_events,
  merge_without_events,
  n_parts
};

struct PartText {
  std::string_view name;
  std::string_view meaning;
};

constexpr std::array<PartText, n_parts> kParts = {{
    {"config", "read, checked, its points made"},
    {"set-up of worlds", "with people, which the worlds of a replicate share"},
    {"months", "all that happens in them; events are kept in memory"},
    {"records", "outcomes, series, columns of events"},
    {"segments", "hashed, packed, written, on disk"},
    {"merge", "segments read and checked, the file packed and written"},
    {"compression", "of the merge: columns of the file, at its level"},
    {"segments, no events", "the same runs with series and outcomes alone"},
    {"merge, no events", "likewise"},
}};

/// The parts that a batch is made of; the others are within them.
constexpr std::size_t kWhole = merge + 1;

/// Adds processor time to the part that is being done.
class PartClock {
 public:
  /// What was spent since the last call goes to `part`.
  void lap(Part part) {
    const double now = processor_seconds();
    seconds_[part] += now - last_;
    last_ = now;
  }
  /// What was spent since the last call goes nowhere.
  void skip() { last_ = processor_seconds(); }
  [[nodiscard]] const std::array<double, n_parts>& seconds() const { return seconds_; }

 private:
  std::array<double, n_parts> seconds_{};
  double last_ = processor_seconds();
};

Batch read_config(const std::string& name, std::uint64_t replicates) {
  Loaded loaded = load_document(name, config_files(builtin_texts()));
  if (loaded.mistakes.empty()) {
    static_cast<void>(
        loaded.document.set("/experiment/replicates", std::to_string(replicates), {}));
    Batch batch = read_batch(std::move(loaded.document));
    if (batch.mistakes.empty()) {
      return batch;
    }
    loaded.mistakes = batch.mistakes;
  }
  fmt::print(stderr, "{}\n", to_text(loaded.mistakes.front()));
  std::exit(2);  // NOLINT(concurrency-mt-unsafe): one thread
}

/// The bytes of one column of the final file, in the order of runs.
struct PlainColumn {
  std::size_t element_bytes = 1;
  std::vector<std::byte> bytes;

  template <class T>
  void append(std::span<const T> values) {
    element_bytes = sizeof(T);
    const auto more = std::as_bytes(values);
    bytes.insert(bytes.end(), more.begin(), more.end());
  }
};

/// Columns of tables, then quantities, then outcomes, as wide as the chunks of the file.
class PlainColumns {
 public:
  explicit PlainColumns(std::size_t n_times) : n_times_(n_times) {}

  void append(const RunRecord& record) {
    std::size_t next = 0;
    for (const std::vector<ColumnData>& table : record.tables) {
      for (const ColumnData& column : table) {
        std::visit([&](const auto& values) { at(next).append(std::span(values)); }, column);
        ++next;
      }
    }
    n_tables_ = next;
    const std::span<const float> series(record.series);
    for (std::size_t start = 0; start < series.size(); start += n_times_) {
      at(next++).append(series.subspan(start, n_times_));
    }
    n_series_ = next;
    for (const double& outcome : record.outcomes) {
      at(next++).append(std::span<const double>(&outcome, 1));
    }
  }

  /// Compresses all of it, as the merge does.
  void compress() const {
    const Packing packing;
    std::vector<std::byte> stored;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const PlainColumn& column = columns_[i];
      const std::size_t rows = i < n_tables_   ? packing.table_chunk_rows
                               : i < n_series_ ? packing.series_chunk_runs * n_times_
                                               : packing.run_chunk_rows;
      const std::size_t step = rows * column.element_bytes;
      for (std::size_t start = 0; start < column.bytes.size(); start += step) {
        const std::size_t length = std::min(step, column.bytes.size() - start);
        encode_chunk(std::span(column.bytes).subspan(start, length), column.element_bytes,
                     packing.deflate_level, stored);
      }
    }
  }

 private:
  PlainColumn& at(std::size_t i) {
    if (i == columns_.size()) {
      columns_.emplace_back();
    }
    return columns_[i];
  }

  std::size_t n_times_;
  std::vector<PlainColumn> columns_;
  std::size_t n_tables_ = 0;
  std::size_t n_series_ = 0;
};

/// What all turns have in common.
struct Task {
  std::string config;
  std::uint64_t replicates = 0;
  std::string path;
};

/// What came out of a turn.
struct Turn {
  std::array<double, n_parts> seconds{};
  DatasetTotals totals;
  std::uint64_t n_runs = 0;
  double agent_steps = 0;
  std::uint64_t file_bytes = 0;
};

/// The same run with nothing in its tables.
RunRecord without_events(const RunRecord& record) {
  RunRecord bare = record;
  for (std::vector<ColumnData>& table : bare.tables) {
    for (ColumnData& column : table) {
      std::visit([](auto& values) { values.clear(); }, column);
    }
  }
  return bare;
}

/// Writes and merges runs that are made already.
void store_again(std::vector<RunRecord> runs, const std::string& path,
                 const DatasetDescription& about, PartClock& clock) {
  clock.skip();
  {
    SegmentWriter writer(path, about, 0, Opening::overwrite);
    for (RunRecord& run : runs) {
      writer.add(std::make_unique<RunRecord>(std::move(run)));
    }
    writer.flush();
  }
  clock.lap(segments_without_events);
  merge_segments(path, about);
  clock.lap(merge_without_events);
}

Turn take_turn(const Task& task) {
  PartClock clock;
  const Batch batch = read_config(task.config, task.replicates);
  const Simulation simulation(batch.points);
  const DatasetDescription about = describe(batch, simulation, "{}", "bench");
  const auto n_points = static_cast<std::uint32_t>(batch.points.size());
  const std::uint32_t n_steps = simulation.clock().n_steps;
  clock.lap(config);
  Turn turn;
  PlainColumns columns(n_steps);
  std::vector<RunRecord> bare;
  {
    SegmentWriter writer(task.path, about, 0, Opening::overwrite);
    for (std::uint32_t replicate = 0; replicate < task.replicates; ++replicate) {
      for (std::uint32_t point = 0; point < n_points; ++point) {
        clock.skip();
        const StreamSeeds seeds = seeds_of_point(batch.design, batch.scenario.seeds, point);
        auto record = std::make_unique<RunRecord>();
        {
          World world = simulation.make_world(point, make_world_keys(seeds, replicate));
          clock.lap(set_up);
          std::uint32_t step = 0;
          while (step < n_steps && simulation.advance(world, step)) {
            ++step;
          }
          clock.lap(months);
          *record = simulation.records(world);
          const Population& people = world.scenario->population;
          turn.agent_steps +=
              static_cast<double>(step) *
              static_cast<double>(people.developers.count + people.bad_actors.count);
        }
        clock.lap(records);
        record->point = point;
        record->replicate = replicate;
        columns.append(*record);
        bare.push_back(without_events(*record));
        clock.skip();
        writer.add(std::move(record));
        clock.lap(segments);
      }
    }
    clock.skip();
    writer.flush();
  }
  clock.lap(segments);
  const MergeReport report = merge_segments(task.path, about);
  clock.lap(merge);
  turn.totals = report.totals;
  turn.n_runs = report.n_runs;
  turn.file_bytes = std::filesystem::file_size(task.path);
  clock.skip();
  columns.compress();
  clock.lap(compression);
  store_again(std::move(bare), task.path, about, clock);
  std::filesystem::remove(task.path);
  turn.seconds = clock.seconds();
  return turn;
}

double median(std::vector<double> values) {
  const std::size_t middle = values.size() / 2;
  std::ranges::sort(values);
  return values.size() % 2 == 1 ? values[middle] : 0.5 * (values[middle - 1] + values[middle]);
}

double total(const DatasetTotals& totals, std::string_view outcome) {
  const auto found =
      std::ranges::find(totals.outcome_sums, outcome, &std::pair<std::string, double>::first);
  return found == totals.outcome_sums.end() ? 0 : found->second;
}

void print(const std::vector<Turn>& turns) {
  std::array<double, n_parts> seconds{};
  for (std::size_t part = 0; part < n_parts; ++part) {
    std::vector<double> values;
    for (const Turn& turn : turns) {
      values.push_back(turn.seconds[part]);
    }
    seconds[part] = median(std::move(values));
  }
  double whole = 0;
  for (std::size_t part = 0; part < kWhole; ++part) {
    whole += seconds[part];
  }
  const Turn& turn = turns.front();
  const std::uint64_t events =
      turn.totals.table_rows.empty() ? 0 : turn.totals.table_rows.front().second;
  fmt::print("| part | processor [s] | share | |\n|---|---|---|---|\n");
  for (std::size_t part = 0; part < n_parts; ++part) {
    if (part == kWhole) {
      fmt::print("| **whole** | {:.2f} | | {} runs, medians of {} turns |\n", whole, turn.n_runs,
                 turns.size());
    }
    fmt::print("| {} | {:.3f} | {:.1f} % | {} |\n", kParts[part].name, seconds[part],
               100 * seconds[part] / whole, kParts[part].meaning);
  }
  const double writing = seconds[segments] + seconds[merge] - seconds[segments_without_events] -
                         seconds[merge_without_events];
  fmt::print(
      "| **events** | {:.3f} | {:.1f} % | to write them: segments and merge, less those "
      "without |\n",
      writing, 100 * writing / whole);
  fmt::print(
      "\na processor second: {:.3g} agent-steps, {:.3g} acts, {:.3g} events; {:.1f} MB "
      "written, peak {:.0f} MB (with copies for what is done again)\n",
      turn.agent_steps / whole, total(turn.totals, "actions") / whole,
      static_cast<double>(events) / whole, 1e-6 * static_cast<double>(turn.file_bytes),
      1e-6 * static_cast<double>(peak_resident_bytes()));
}

int bench(const Task& task, std::uint64_t n_turns) {
  std::vector<Turn> turns;
  for (std::uint64_t i = 0; i < n_turns; ++i) {
    turns.push_back(take_turn(task));
  }
  print(turns);
  return 0;
}

}  // namespace

}  // namespace fingers

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv, argv + argc);
  const auto number = [&words](std::size_t i) {
    return i < words.size() ? std::strtoull(words[i].c_str(), nullptr, 10) : 0;
  };
  if (words.size() != 5 || number(2) == 0 || number(3) == 0) {
    fmt::print(stderr, "usage: bench_main_job CONFIG REPLICATES TURNS FOLDER\n");
    return 2;
  }
  return fingers::bench(
      {.config = words[1], .replicates = number(2), .path = words[4] + "/main_job.h5"}, number(3));
}
