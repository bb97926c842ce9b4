// A new version: raise kConfigVersion, and add a step that changes a config of the version before
// through JsonEdit. Tested by tests/agents/config_upgrades_test.cpp.
#include "agents/config_upgrades.hpp"

#include <array>

namespace fingers {

std::span<const UpgradeStep> config_upgrades() {
  static const std::array<UpgradeStep, kConfigVersion> steps = {{
      {.from = 0,
       .what = "a config says which version of the format it is written in",
       .changes = [](JsonEdit& /*config*/) {}},  // drafts of before differ in nothing else
  }};
  return steps;
}

}  // namespace fingers
