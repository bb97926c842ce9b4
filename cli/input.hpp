// A config with what the command line changes in it, read and checked: all mistakes at once.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agents/simulation.hpp"
#include "engine/mistake.hpp"

namespace fingers {

/// What a command line may change in a config.
struct Settings {
  std::optional<std::string> seed;  ///< replaces "seed" and "seeds"
  std::optional<std::string> replicates;
  std::vector<std::string> set;  ///< "/json/pointer=value", applied last, in order
};

struct Input {
  Batch batch;                     ///< with mistakes nothing of it may be used
  std::vector<std::string> files;  ///< that were read, as shown; built-in ones too
};

Input read_input(const std::string& config, const Settings& settings = {});

/// One line each, on standard error.
void print_mistakes(const Mistakes& mistakes);

}  // namespace fingers
