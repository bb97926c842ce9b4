// Concentration of power (M12.1): whoever controls much of all use of AI may abuse it, once, and
// nothing is released after that.
#pragma once

#include <cstdint>

#include "agents/events.hpp"
#include "agents/models.hpp"

namespace fingers {

struct World;

struct Concentration {
  double index = 0;                 ///< Herfindahl index of this month, 0 to 1
  double hazard = 0;                ///< integral, against an Exp(1) threshold
  double captured_year = kNever;    ///< calendar year
  std::uint8_t captor_follows = 0;  ///< 1: the captor follows the regime under study
};

/// Herfindahl index over controllers of honest use, 0 to 1. A hosted model and a revocable licence
/// are controlled by their maker; irrevocable weights by the host that runs them, or by nobody
/// where everyone runs a copy of his own.
double concentration_index(const World& world);

/// Measures the month's index, and abuses what is concentrated when its time has come.
void concentrate(World& world);

/// true when this maker's new models can be hosted at most, because power was captured.
bool is_captured(const World& world, LabId maker);

}  // namespace fingers
