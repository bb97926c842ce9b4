// Simulated time: steps of equal length from a start year. y is years since the start (model.md,
// Conventions).
#pragma once

#include <cstdint>

namespace fingers {

inline constexpr double kMonthsPerYear = 12.0;
inline constexpr double kDaysPerYear = 365.25;  ///< Julian

struct Clock {
  double start_year = 0;  ///< calendar year at y = 0
  double dt_years = 1;    ///< length of a step [yr]
  std::uint32_t n_steps = 0;

  /// Years since the start at the beginning of a step.
  [[nodiscard]] double y(std::uint32_t step) const { return step * dt_years; }
  /// Calendar year at the beginning of a step.
  [[nodiscard]] double year(std::uint32_t step) const { return start_year + y(step); }
};

}  // namespace fingers
