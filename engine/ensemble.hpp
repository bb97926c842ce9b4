// The ensemble runner: every replicate of every point, many worlds side by side, one writer.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

#include "engine/progress.hpp"
#include "engine/records.hpp"
#include "engine/store.hpp"

namespace fingers {

/// Runs one replicate of one point from beginning to end. Called from many threads at once.
using RunFunction = std::function<RunRecord(std::uint32_t point, std::uint32_t replicate)>;

struct EnsembleOptions {
  std::string output_path;
  int threads = 0;  ///< 0: all that are available
  ProgressMode progress = ProgressMode::automatic;
  bool overwrite = false;
  SegmentLimits segments;  ///< the result does not depend on it
  const std::atomic<bool>* stop =
      nullptr;  ///< ends the batch well when set; null: stop_requested()
};

struct EnsembleReport {
  BatchState state;
  bool stopped = false;  ///< by a signal; what was finished is kept
  std::string
      first_failure;  ///< of a replicate that failed, with its point and number; empty when none
};

/// Runs points × replicates round-robin over points (so that an interrupted batch has every point),
/// writes segments, then merges (also after a stop: the file then says complete = 0, and the parts
/// stay). A replicate whose function throws is recorded as failed and does not take the batch with
/// it. Throws OutputError when the disk fails; finished replicates are then kept.
EnsembleReport run_ensemble(const RunFunction& run, const DatasetDescription& description,
                            const EnsembleOptions& options);

}  // namespace fingers
