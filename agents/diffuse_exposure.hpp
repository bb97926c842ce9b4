// Who is exposed to diffuse flaws in a month, and what hosts and deployments see of it themselves
// (M11). For the diffuse*.cpp files only.
#pragma once

#include <cstdint>

#include "agents/models.hpp"

namespace fingers {

struct World;

/// Rows for diffuse flaws of models that are new this month.
void admit_instances(World& world);

/// Adds up the month of each family over all flaws of all models that are used, and begins an
/// episode where there is none.
void expose_users(World& world);

/// How many people use a model.
double users_of(const World& world, ModelId model);

/// Users a year of whom something is heard, of so many.
double observed_per_year(const World& world, double users);

/// When reports of an episode begin to come in this month (calendar year).
double reports_begin(const World& world, std::uint32_t harm);

/// Fewer than one person: nobody uses it.
inline constexpr double kLeastUsers = 1.0;

}  // namespace fingers
