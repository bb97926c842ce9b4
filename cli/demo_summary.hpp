// What many replicates say after a demo has shown one.
#pragma once

#include <string>
#include <vector>

#include "agents/simulation.hpp"

namespace fingers {

/// Runs so many replicates of the points and puts chance of a catastrophe, harm and freedom beside
/// each other, with intervals, bands and n; then what the model does not claim. Ends early when a
/// signal comes.
std::string summary_text(const Simulation& simulation, const Batch& batch,
                         const std::vector<std::uint32_t>& points, std::uint32_t replicates);

}  // namespace fingers
