// Episodes of diffuse harm (M11): how they begin, how they end, and the events they leave. For the
// diffuse*.cpp files only.
#pragma once

#include <cstdint>

#include "agents/events.hpp"

namespace fingers {

struct World;

/// The row of a flaw in a family; a new one that is not open when there was none.
std::uint32_t harm_row(World& world, std::uint32_t flaw, std::uint32_t root);

/// Starts an episode of a row anew, with all tests at 0.
void begin_episode(World& world, std::uint32_t harm, double year);

/// Draws when the next attempt to attribute is due, and whether it finds the right layer.
void begin_attempt(World& world, std::uint32_t harm);

/// How an episode ends.
struct EpisodeEnd {
  double year = 0;
  double fixed_year = kNever;
  bool still_open = false;
};

/// Leaves an event, or adds to the small harms of its group and route.
void end_episode(World& world, std::uint32_t harm, const EpisodeEnd& end);

/// Ends the episodes of flaws of which a fix was published since they began, and begins those of
/// what remains; the month up to the fix counts for the first.
void end_fixed_episodes(World& world);

/// One event for the small harms of each group and route. Expects to be called once.
void tell_small_harms(World& world, double year);

}  // namespace fingers
