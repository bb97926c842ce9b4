// What a config says of a rare event (docs/rare-events.md).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/parameters.hpp"

namespace fingers {

struct Scenario;

/// What of a monthly quantity counts.
enum class OverTime : std::uint8_t { sum, highest, lowest };
inline constexpr std::array<std::string_view, 3> kOverTimeNames = {"sum", "highest", "lowest"};

/// What worlds are ordered by on their way.
enum class Guide : std::uint8_t { foretold, so_far };
inline constexpr std::array<std::string_view, 2> kGuideNames = {"foretold", "so_far"};

/// `experiment.splitting` as the config gives it.
struct SplittingSpec {
  bool asked = false;
  std::string score;  // a recorded quantity
  OverTime over_time = OverTime::sum;
  double threshold = 0;
  Guide guide = Guide::foretold;
  std::vector<double> levels;  // from the easiest on; empty: a pilot chooses
  std::uint64_t trajectories = 0;
  std::uint64_t repetitions = 0;
  std::uint64_t plain_runs = 0;
  double confidence = 0;
};

void declare_splitting(Parameters& p, SplittingSpec& x);

/// Mistakes of it that only the whole input shows.
void check_splitting(Parameters& p, const Scenario& x);

}  // namespace fingers
