// Which runs of a design are there already, and in which files. A batch that goes on, grows or is
// joined takes them from its parts folder, from a results file, from those of other machines. A run
// is known by its identity (engine/dataset_identity.hpp): points may have other numbers in a file.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/run_set.hpp"
#include "engine/store.hpp"

namespace fingers {

/// A dataset file, a segment or a whole one, that holds runs of a design.
struct RunSource {
  std::string path;
  /// The number in the design of each point of the file, rising where it is one; kNone: not taken
  /// from here. Empty: the same numbers.
  std::vector<std::uint32_t> points;
};

/// What has been found.
struct FoundRuns {
  RunSet finished;  ///< done or failed
  RunSet failed;
  std::vector<RunSource> sources;  ///< for a merge: the later ones were written later
};

/// Looks through results files and parts folders in this order. Memory grows with the points, and
/// by two bits a run. Reads the manifest of parts of the same batch only; other files run by run.
/// Throws InputError for what cannot be read, and ConflictError for a file with a run that the
/// design does not have: made with other parameters, seeds, points or replicates, or by a version
/// with other results.
FoundRuns find_runs(const std::vector<std::string>& places, const DatasetDescription& description);

/// The files of a results file and its parts folder that are there.
std::vector<std::string> places_of(const std::string& final_path);

}  // namespace fingers
