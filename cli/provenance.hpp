// What decides the numbers of a dataset, as JSON for the file, and the description that the store
// wants. Nothing of time, host, path or thread is in here.
#pragma once

#include <string>

#include "cli/input.hpp"
#include "engine/store.hpp"

namespace fingers {

/// The command that repeats a run, from the folder of its config: `fingers run mine.json --seed 7`.
std::string repeat_command(const std::string& config, const Settings& settings);

/// What decides the numbers of a batch, as JSON; with the command that repeats it.
std::string provenance_text(const Batch& batch, const std::string& command);

/// Everything about a dataset but its runs.
DatasetDescription describe(const Batch& batch, const Simulation& simulation,
                            const std::string& provenance);

}  // namespace fingers
