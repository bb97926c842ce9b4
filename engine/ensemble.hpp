// The ensemble runner: every replicate of every point, many worlds side by side, one writer.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "engine/precision.hpp"
#include "engine/progress.hpp"
#include "engine/records.hpp"
#include "engine/store.hpp"

namespace fingers {

/// Runs one replicate of one point from beginning to end. Called from many threads at once.
using RunFunction = std::function<RunRecord(std::uint32_t point, std::uint32_t replicate)>;

/// Calls the function; whatever goes wrong in it, a broken contract too, is a failed run.
RunRecord attempt_run(const RunFunction& run, std::uint32_t point, std::uint32_t replicate);

/// What a run that fails does to its batch. It is recorded with its reason in any case.
enum class Failures : std::uint8_t {
  off,   ///< nothing: the batch ends as if it had not been
  slow,  ///< the batch goes on, and says so at its end
  fast   ///< no further run is begun
};
inline constexpr std::array<std::string_view, 3> kFailuresNames = {"off", "slow", "fast"};

struct EnsembleOptions {
  std::string output_path;
  int threads = 0;  ///< 0: all that are available
  ProgressMode progress = ProgressMode::automatic;
  Opening opening = Opening::fresh;
  SegmentLimits segments;  ///< the result does not depend on it
  const std::atomic<bool>* stop =
      nullptr;  ///< ends the batch well when set; null: stop_requested()
  /// Only the runs whose number (engine/run_set.hpp) leaves this remainder when divided by the
  /// number of shards; several shards are not merged.
  std::uint32_t shard = 0;
  std::uint32_t n_shards = 1;
  bool retry_failed = false;  ///< with Opening::go_on: makes those that failed again
  Failures failures = Failures::slow;
  std::uint64_t memory_bytes = 0;  ///< that the process may take; 0: not looked at
  /// Adds replicates until this precision; the design then has the most that may be needed, and the
  /// file those that were. For one shard only.
  std::optional<PrecisionTarget> precision;
};

struct EnsembleReport {
  BatchState state;      ///< runs of this batch or shard, with those that were there before
  bool stopped = false;  ///< by a signal, or by a failure; what was finished is kept
  std::string
      first_failure;  ///< of a replicate that failed, with its point and number; empty when none
  std::optional<Look> look;  ///< the last one, of a batch that looks for precision
  bool merged = false;
  MergeReport merge;  ///< of a batch that was merged
};

/// Runs points × replicates round-robin over points (so that an interrupted batch has every point),
/// without those that are there already where it goes on, writes segments, then merges (also after
/// a stop: the file then says complete = 0, and the parts stay). A replicate whose function throws,
/// or breaks a contract, is recorded as failed and does not take the batch with it. Throws
/// OutputError when the disk fails; finished replicates are then kept.
EnsembleReport run_ensemble(const RunFunction& run, const DatasetDescription& description,
                            const EnsembleOptions& options);

}  // namespace fingers
