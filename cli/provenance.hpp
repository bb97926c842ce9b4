// What decides the numbers of a dataset, as JSON for the file, and the description that the store
// wants. Nothing of time, host, path or thread is in here.
#pragma once

#include <string>

#include "cli/input.hpp"
#include "engine/store.hpp"

namespace fingers {

/// The command that repeats a run, from the folder of its config: `fingers run mine.json --seed 7`.
std::string repeat_command(const std::string& config, const Settings& settings);

/// Everything about a dataset but its runs.
DatasetDescription describe(const Batch& batch, const Simulation& simulation,
                            const std::string& command);

}  // namespace fingers
