// What a batch will take, from some of its runs.
#pragma once

#include <cstdint>

#include "engine/ensemble.hpp"
#include "engine/store.hpp"

namespace fingers {

/// A mean with its standard error.
struct Estimate {
  double mean = 0;
  double error = 0;
};

struct PilotReport {
  std::uint64_t n_runs = 0;        ///< of the pilot
  std::uint64_t n_failed = 0;      ///< of these
  Estimate seconds_a_run;          ///< of one processor; of making, packing and merging a run
  Estimate events_a_run;           ///< rows of the first table
  double file_bytes_a_run = 0;     ///< of the results file
  double parts_bytes_a_run = 0;    ///< of the parts that stand beside it until it is whole
  std::uint64_t memory_bytes = 0;  ///< that the process took with all threads at work
};

/// Makes runs of replicate 0 of points that are spread evenly over the design, in a random order
/// that `seeds.design` decides, on `threads` threads for about `seconds`, or until every point has
/// had its turn; at least one a thread. Errors are those of a simple random sample of points.
PilotReport run_pilot(const RunFunction& run, const DatasetDescription& description, int threads,
                      double seconds);

/// Bytes of memory that can be had now, and of disk in the folder of a file.
std::uint64_t available_memory_bytes();
std::uint64_t free_disk_bytes(const std::string& file);

}  // namespace fingers
