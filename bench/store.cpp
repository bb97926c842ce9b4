// How fast runs are written, joined, found and checked, and how much memory that takes.
//
//   bench_store events RUNS FOLDER    RUNS worlds of the baseline (some are made, then repeated):
//                                     segments, merge, verification, digest, export
//   bench_store runs RUNS FOLDER      RUNS runs of a year and a few events: how soon a batch goes
//   on
//
// Prints a line for each step: processor seconds (with children), rows a second, peak memory so
// far.
#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "agents/provenance.hpp"
#include "bench/processor_time.hpp"
#include "engine/config_files.hpp"
#include "engine/dataset_reader.hpp"
#include "engine/ensemble.hpp"
#include "engine/memory_gate.hpp"
#include "engine/parallel.hpp"
#include "engine/parts.hpp"
#include "engine/run_sources.hpp"
#include "engine/table_files.hpp"
#include "engine/verify.hpp"
#include "policies/builtin.hpp"

namespace fingers {

namespace {

/// Runs a step and prints what it took.
void measure(const std::string& what, std::uint64_t rows, const std::function<void()>& step) {
  const double began = processor_seconds();
  const auto wall = std::chrono::steady_clock::now();
  step();
  const double seconds = processor_seconds() - began;
  const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - wall;
  fmt::print(
      "{:<28} {:8.2f} s of processor, {:8.2f} s of wall, {:6.2f} M rows a processor second, "
      "peak {:.0f} MB\n",
      what, seconds, passed.count(), 1e-6 * static_cast<double>(rows) / seconds,
      1e-6 * static_cast<double>(peak_resident_bytes()));
}

/// With a year a world where runs are what counts.
Batch baseline(std::uint64_t replicates, bool short_worlds) {
  Loaded loaded = load_document("baseline", config_files(builtin_texts()));
  if (short_worlds) {
    static_cast<void>(loaded.document.set("/time/years", "1", {}));
  }
  static_cast<void>(loaded.document.set("/experiment/replicates", std::to_string(replicates), {}));
  return read_batch(std::move(loaded.document));
}

/// Records of a few worlds, given out again and again.
std::vector<RunRecord> some_worlds(const Batch& batch, const Simulation& simulation) {
  constexpr std::uint32_t kWorlds = 8;
  std::vector<RunRecord> worlds;
  for (std::uint32_t i = 0; i < kWorlds; ++i) {
    worlds.push_back(run_world(simulation, batch.scenario.seeds, i % 2, i / 2));
  }
  return worlds;
}

/// The first events of each run only.
void shorten(std::vector<RunRecord>& worlds, std::size_t events) {
  for (RunRecord& world : worlds) {
    for (ColumnData& column : world.tables.front()) {
      std::visit([events](auto& values) { values.resize(std::min(values.size(), events)); },
                 column);
    }
  }
}

/// All tables of a file as text; what was written is removed again.
void export_tables(const std::string& path, const std::string& folder, TableFormat format) {
  const std::atomic<bool> go_on{false};
  const DatasetTables dataset(path, "regime");
  FileSet set(folder + "/export", {}, true);
  TableFiles files(set, format, available_threads(), go_on);
  for (const DatasetTable& table : dataset.tables()) {
    files.write(dataset, table, {});
  }
}

int bench(const std::string& mode, std::uint64_t n_runs, const std::string& folder) {
  constexpr std::size_t kFewEvents = 3;
  const Batch batch = baseline(n_runs / 2, mode == "runs");
  const Simulation simulation(batch.points);
  const DatasetDescription about = describe(batch, simulation, "{}", "bench");
  std::vector<RunRecord> worlds = some_worlds(batch, simulation);
  if (mode == "runs") {
    shorten(worlds, kFewEvents);
  }
  const RunFunction run = [&worlds](std::uint32_t point, std::uint32_t replicate) {
    return worlds[(2 * replicate + point) % worlds.size()];
  };
  std::uint64_t rows = 0;
  for (std::uint64_t i = 0; i < about.design.n_runs(); ++i) {
    rows += column_length(worlds[i % worlds.size()].tables.front().front());
  }
  EnsembleOptions options;
  options.output_path = folder + "/bench.h5";
  options.opening = Opening::go_on;
  options.progress = ProgressMode::never;
  const std::string& path = options.output_path;
  fmt::print("{} runs, {} events\n", about.design.n_runs(), rows);
  // The first of two shards whose second is empty: so nothing is merged yet.
  measure("segments", rows, [&] {
    SegmentWriter writer(path, about, 0, Opening::fresh);
    for (std::uint64_t i = 0; i < about.design.n_runs(); ++i) {
      auto record = std::make_unique<RunRecord>(
          run(static_cast<std::uint32_t>(i % 2), static_cast<std::uint32_t>(i / 2)));
      record->point = static_cast<std::uint32_t>(i % 2);
      record->replicate = static_cast<std::uint32_t>(i / 2);
      writer.add(std::move(record));
    }
    writer.flush();
  });
  measure("find what is in parts", rows, [&] { find_runs(places_of(path), about); });
  measure("merge", rows, [&] { merge_segments(path, about); });
  measure("find what is in the file", rows, [&] { find_runs({path}, about); });
  measure("verify --quick", rows, [&] { verify_file(path, true); });
  measure("verify", rows, [&] { verify_file(path, false); });
  measure("digest", rows, [&] { content_digest(path); });
  for (const auto& [format, name] :
       {std::pair(TableFormat::csv, "CSV"), {TableFormat::json, "JSON"}}) {
    measure(std::string("export to ") + name, rows, [&] { export_tables(path, folder, format); });
  }
  fmt::print("file {:.1f} MB\n", 1e-6 * static_cast<double>(std::filesystem::file_size(path)));
  std::filesystem::remove(path);
  return 0;
}

}  // namespace

}  // namespace fingers

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv, argv + argc);
  if (words.size() != 4 || (words[1] != "events" && words[1] != "runs")) {
    fmt::print(stderr, "usage: bench_store events|runs RUNS FOLDER\n");
    return 2;
  }
  return fingers::bench(words[1], std::strtoull(words[2].c_str(), nullptr, 10), words[3]);
}
