// Licences that have a name (model.md M2.2, M2.5).
#pragma once

#include <array>
#include <string_view>

#include "policies/rules.hpp"

namespace fingers {

inline constexpr std::array<std::string_view, 3> kLicenceNames = {"permissive", "community",
                                                                  "service_terms"};

/// The licence of a name in kLicenceNames, by its place there.
Licence named_licence(std::size_t index);

}  // namespace fingers
