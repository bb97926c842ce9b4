// What decides the numbers of a dataset, as JSON for the file, and the description that the store
// wants. Nothing of time, host, path or thread is in here.
#pragma once

#include <string>
#include <string_view>

#include "agents/simulation.hpp"
#include "engine/dataset_description.hpp"

namespace fingers {

/// What decides the numbers of a batch, as JSON; with the command that repeats it and the version
/// of the program.
std::string provenance_text(const Batch& batch, const std::string& command,
                            std::string_view version);

/// Everything about a dataset but its runs.
DatasetDescription describe(const Batch& batch, const Simulation& simulation,
                            const std::string& provenance, std::string_view version);

}  // namespace fingers
