// Which point of a design a command line means.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/design.hpp"

namespace fingers {

/// "the file has no regime …", with the nearest name and all that it has.
std::string no_regime(const std::string& name, const Design& design);

/// The point by its number, or else by its regime or name; the only one where nothing is said. Else
/// `mistake` says what is wrong.
std::optional<std::uint32_t> chosen_point(const std::optional<std::uint32_t>& number,
                                          const std::string& regime, const Design& design,
                                          std::string& mistake);

}  // namespace fingers
