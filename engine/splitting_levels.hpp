// The parts of multilevel splitting (splitting.hpp) that know no model: where levels lie, and how
// trajectories are spread over the crossings of the level before.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "engine/random.hpp"

namespace fingers {

/// Fewer repetitions say too little of the spread between them.
inline constexpr std::uint32_t kLeastRepetitions = 20;
/// Levels that a pilot chooses, at most: 0.2^64 is 10^-45.
inline constexpr std::size_t kMostLevels = 64;
/// Share of a pilot's trajectories that reach the next level. For a given cost the error is least
/// near e^-2 = .14 to .2, and it changes little around there (L'Ecuyer, Demers and Tuffin 2007, ACM
/// TOMACS 17(2): 9).
inline constexpr double kShareOfNextLevel = 0.2;

/// What one trajectory did.
struct SplittingTrace {
  double peak = -std::numeric_limits<double>::infinity();  ///< the highest score that it has had
  std::uint64_t steps = 0;                                 ///< that it was advanced
};

/// The level above `below` that kShareOfNextLevel of the trajectories with these highest scores
/// reach; where more are equal, the next score that fewer reach. Infinity: no score is above.
double next_level(std::span<const double> peaks, double below);

/// Whether the last level says nothing, because most of those who reached it came to the threshold.
bool is_needless(std::span<const double> peaks, double threshold);

/// Levels in (from, to]. Expects ascending levels.
std::size_t levels_between(std::span<const double> levels, double from, double to);

/// Whether so many levels in one step, at least three, are half of all or more.
bool is_leap(std::size_t levels_at_once, std::size_t n_levels);

/// For each of n trajectories, which of the n_from crossings it begins at: each is taken as often
/// as any other, but for one, and chance decides which ones are taken once more. Expects n_from
/// >= 1.
std::vector<std::uint32_t> spread_evenly(std::uint32_t n_from, std::uint32_t n,
                                         const StreamKey& key);

}  // namespace fingers
