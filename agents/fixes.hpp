// Published fixes (M6.4): what becomes of the flaw, how deployments take the fix (M6.5), and what
// finds and fixes tell bad actors (M6.3).
#pragma once

#include <cstdint>

#include "agents/flaws.hpp"

namespace fingers {

struct World;

/// Under what a fix is published.
struct FixSetting {
  ModelId in_weights = kNone;  ///< the newest model that has the flaw and whose weights are out
  double bad_rate = 0;         ///< rate a year at which bad actors find the flaw this month
};

/// M6.4: publishes a fix for all who have the flaw.
void publish_fix(World& world, std::uint32_t flaw, double year, const FixSetting& setting);

/// A find of eyeballs, of which bad actors may hear before there is a fix (M6.3).
void leak_find(World& world, std::uint32_t flaw);

/// Whether bad actors search for flaws of this kind (M6.3).
bool is_searched(FlawKind kind);

}  // namespace fingers
