// A results file as input: the batch that made it, read back from the config that it holds.
#pragma once

#include <string>
#include <vector>

#include "agents/simulation.hpp"
#include "engine/run_sources.hpp"
#include "engine/store.hpp"

namespace fingers {

struct ResultsFile {
  std::string path;          ///< of the file whose config it is: the results, or one of their parts
  Batch batch;               ///< without mistakes
  std::string provenance;    ///< JSON, as the file has it
  DatasetDescription about;  ///< of the whole batch
};

/// Reads the config of a results file, or of its parts where the file is not there. Throws
/// InputError for a file that cannot be read, and for one whose config means something else to this
/// program: another results version, or other parameters.
ResultsFile read_results_file(const std::string& path);

/// Finds the runs of a file's batch in these places. Of a batch that looks for precision the design
/// gets as many replicates as there are, for how many it wants only its outcomes say.
FoundRuns find_runs(const std::vector<std::string>& places, ResultsFile& file);

}  // namespace fingers
