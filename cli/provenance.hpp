// What a results file says of the command that made it.
#pragma once

#include <string>

#include "agents/batch_input.hpp"
#include "agents/provenance.hpp"

namespace fingers {

/// The command that repeats a run, from the folder of its config: `fingers run mine.json --seed 7`.
std::string repeat_command(const std::string& config, const Settings& settings);

/// The same texts with this program's version.
std::string provenance_text(const Batch& batch, const std::string& command);
DatasetDescription describe(const Batch& batch, const Simulation& simulation,
                            const std::string& provenance);

}  // namespace fingers
