// Outcomes of a replicate (M15), each computed from recorded events and series alone, so that
// anybody can compute it again from the file.
#pragma once

#include <vector>

#include "agents/events.hpp"
#include "agents/record.hpp"
#include "agents/scenario.hpp"

namespace fingers {

std::vector<ColumnDeclaration> outcome_columns(const Scenario& scenario);
std::vector<double> outcomes_of(const Scenario& scenario, const Events& events,
                                const Series& series);

}  // namespace fingers
