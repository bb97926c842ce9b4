// Points that a config lists, with a value for each column and perhaps a regime of their own.
#pragma once

#include <vector>

#include "agents/experiment.hpp"

namespace fingers {

/// So many mistakes of a table are said, not more.
inline constexpr std::size_t kMostTableMistakes = 20;

/// The parameters that the columns name. Mistakes are said at the cell, so that they point into the
/// file where the points come from one.
std::vector<Factor> factors_of_points(const ReadConfig& config, Mistakes& mistakes);

/// The design of the listed points; without mistakes only.
Design design_of_points(const ReadConfig& config, const std::vector<Factor>& factors);

/// The pointer in the config of the value that a listed point gives to a factor.
std::string pointer_of_value(const Experiment& experiment, std::size_t point, std::size_t factor);

}  // namespace fingers
