// The config that a command names, read and checked, and what is said of its mistakes.
#pragma once

#include <string>
#include <vector>

#include "agents/batch_input.hpp"
#include "engine/mistake.hpp"

namespace fingers {

struct Input {
  Batch batch;                     ///< with mistakes nothing of it may be used
  std::vector<std::string> files;  ///< that were read, as shown; built-in ones too
};

Input read_input(const std::string& config, const Settings& settings = {});

/// One line each, on standard error.
void print_mistakes(const Mistakes& mistakes);

}  // namespace fingers
