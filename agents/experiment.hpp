// From what a config says of its experiment to a design: factors are looked up among the parameters
// that the config has, and ranges of belief are taken from their declarations.
#pragma once

#include <vector>

#include "agents/scenario.hpp"
#include "engine/config_reader.hpp"

namespace fingers {

/// What a config has been read into.
struct ReadConfig {
  const Document& document;
  const Scenario& scenario;
  const std::vector<ParameterReader::Resolved>& parameters;
};

/// The factors of the experiment: those listed, then those of `"beliefs": "all"` in the order of
/// the documentation. Mistakes are added, with their places.
std::vector<Factor> factors_of(const ReadConfig& config, Mistakes& mistakes);

/// The design over these factors; without mistakes only.
Design design_of(const ReadConfig& config, const std::vector<Factor>& factors, Mistakes& mistakes);

}  // namespace fingers
