// From what a config says of its experiment to a design: factors are looked up among the parameters
// that the config has, and ranges of belief are taken from their declarations.
#pragma once

#include <vector>

#include "agents/scenario.hpp"
#include "engine/config_reader.hpp"

namespace fingers {

/// What a design may come to. A combination of values takes 32 kB of memory (its world as text, for
/// the identities of runs) and 0.6 ms, a further regime of it 6 kB: 4 and 2 GB at most
/// (docs/designs.md).
inline constexpr std::uint32_t kMostCombinations = 1U << 17U;
inline constexpr std::uint32_t kMostPoints = 1U << 19U;

/// What a config has been read into.
struct ReadConfig {
  const Document& document;
  const Scenario& scenario;
  const std::vector<ParameterReader::Resolved>& parameters;
};

/// The factors of the experiment: those listed, then those of `"beliefs": "all"` in the order of
/// the documentation, then the dummy. Mistakes are added, with their places.
std::vector<Factor> factors_of(const ReadConfig& config, Mistakes& mistakes);

/// The design over these factors; without mistakes only.
Design design_of(const ReadConfig& config, const std::vector<Factor>& factors, Mistakes& mistakes);

}  // namespace fingers
