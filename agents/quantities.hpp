// What every list of recorded quantities builds with: a quantity is a declaration and how it is
// measured at the end of a month.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "agents/record.hpp"

namespace fingers {

/// A count of the month, kept as it is.
Quantity count(std::string name, std::string meaning, double Month::* field);

/// Anything else, rounded when recorded.
Quantity level(std::string name, std::string unit, std::string meaning,
               std::function<double(const World&)> measure);

// The quantities by subject, each in its own file.
void add_lineage_quantities(std::vector<Quantity>& list);
/// Quantities of power and dependence, after all others.
void add_power_quantities(std::vector<Quantity>& list, const Scenario& scenario);

}  // namespace fingers
