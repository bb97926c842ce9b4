// What the files of the experiment share: looking up parameters that can vary, and saying mistakes.
#pragma once

#include <string>
#include <string_view>

#include "agents/experiment.hpp"

namespace fingers {

/// Adds a mistake, at the place of a pointer.
void complain(const ReadConfig& config, Mistakes& mistakes, const std::string& pointer,
              std::string message);

/// Whether a parameter belongs to the world, and not to what is done with it.
bool is_of_the_world(std::string_view pointer);

/// The parameter at a pointer if it can vary, else null.
const ParameterReader::Resolved* find_parameter(const ReadConfig& config,
                                                const std::string& pointer);

/// `; did you mean "/population/developers/count"?`, or nothing.
std::string nearest_of(const ReadConfig& config, const std::string& pointer);

}  // namespace fingers
