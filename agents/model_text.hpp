// What of a resolved config decides the numbers of its worlds (docs/data-dictionary.md): the
// identity of a replicate is made from it. Titles, notes, claims, seeds, the experiment around the
// world and regimes that the world never meets do not enter.
#pragma once

#include <string>
#include <vector>

#include "engine/config_reader.hpp"

namespace fingers {

/// A JSON object from pointer to value, for worlds that may meet `regimes` and what these refer to.
std::string model_text(const std::vector<ParameterReader::Resolved>& parameters,
                       const std::vector<std::string>& regimes);

/// The two parts of it: what a world is apart from regimes, and the regimes that it may meet.
std::string world_text(const std::vector<ParameterReader::Resolved>& parameters);
std::string regimes_text(const std::vector<ParameterReader::Resolved>& parameters,
                         const std::vector<std::string>& regimes);

}  // namespace fingers
