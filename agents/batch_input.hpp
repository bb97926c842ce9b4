// A config with what is changed in it from outside, read and checked: all mistakes at once.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agents/simulation.hpp"
#include "engine/config_reader.hpp"

namespace fingers {

/// What a command line, or a program that runs the model, may change in a config.
struct Settings {
  std::optional<std::string> seed;  ///< replaces "seed" and "seeds"
  std::optional<std::string> replicates;
  std::vector<std::string> set;  ///< "/json/pointer=value", applied last, in order
};

/// Reads a batch by the name of its config, with the points that its design lists in a file. The
/// mistakes of the batch hold all that is wrong.
Batch read_batch_of(const std::string& config, const Settings& settings, const TextSource& configs,
                    const TextSource& points);

}  // namespace fingers
