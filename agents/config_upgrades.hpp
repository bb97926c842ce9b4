// The versions of the format of configs, and how one becomes the next.
#pragma once

#include <cstdint>
#include <span>

#include "engine/config_upgrade.hpp"

namespace fingers {

/// The version that this program reads. It rises when a config that was right no longer is, or
/// means something else; with it, `config_upgrades` gets a step.
inline constexpr std::uint64_t kConfigVersion = 1;

/// A step for each version before kConfigVersion, in order.
std::span<const UpgradeStep> config_upgrades();

}  // namespace fingers
