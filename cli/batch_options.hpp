// What the commands that run a batch have in common: their options, and how a batch is run and
// reported.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "cli/input.hpp"
#include "engine/ensemble.hpp"

namespace fingers {

/// How worlds are run; no result depends on it.
struct RunningOptions {
  int threads = 0;  ///< 0: all processors
  std::string progress = "auto";
  std::string failures = "slow";
  std::uint64_t memory_bytes = 0;  ///< 0: no limit
  double save_seconds = SegmentLimits().seconds;
};

/// A config and where its results go.
struct BatchOptions {
  std::string config;
  std::string output;
  Settings settings;
  RunningOptions running;
};

void add_running_options(CLI::App& line, RunningOptions& options);
void add_batch_options(CLI::App& line, BatchOptions& options);

/// Where the results go: what -o says, or the config's name in the current folder. Throws
/// OutputPlaceError for a config from standard input, whose results need a name.
std::string output_path(const BatchOptions& options);

/// Refuses to replace what is no file, a folder or a device, and a config that was just read.
/// Throws OutputPlaceError.
void check_target(const std::string& output, const std::vector<std::string>& inputs);

/// Where a batch goes, how it meets what is there, and what part of it is run.
struct BatchTask {
  std::string output;
  std::string provenance;  ///< JSON (provenance_text() in provenance.hpp)
  Opening opening = Opening::fresh;
  bool retry_failed = false;
  std::uint32_t shard = 0;
  std::uint32_t n_shards = 1;
};

/// Runs a batch, writes the sidecar, says what came of it; answers the exit code. `command_line`
/// goes into the sidecar.
int run_batch(const Batch& batch, const BatchTask& task, const RunningOptions& running,
              const std::vector<std::string>& command_line);

}  // namespace fingers
