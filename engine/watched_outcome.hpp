// One outcome of every run of a batch that looks how precise it is: 8 bytes a run. Runs end in any
// order, and the rule (engine/precision.hpp) takes them replicate by replicate.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/precision.hpp"
#include "engine/records.hpp"
#include "engine/run_sources.hpp"

namespace fingers {

class WatchedOutcome {
 public:
  WatchedOutcome(std::size_t outcome_index, std::size_t n_points)
      : outcome_index_(outcome_index), n_points_(n_points) {}

  /// Takes what is there already from files; of a run that several hold a done one counts. Throws
  /// InputError.
  void read(const std::vector<RunSource>& sources);
  void note(const RunRecord& record);
  /// Hands all replicates that the rule waits for to it. Expects that every point has them.
  void feed(PrecisionRule& rule) const;

 private:
  void set(std::uint64_t run, const OutcomeValue& value);

  std::size_t outcome_index_;
  std::size_t n_points_;
  std::vector<double> values_;  ///< by number of the run
  RunSet finished_;
};

}  // namespace fingers
