// Adversary states and what they take, as the config gives it (M3.1, M10); a part of scenario.hpp.
#pragma once

#include <array>
#include <string>

namespace fingers {

/// Thefts a year of one lab's best model, at OC − SL of −1, 0, 1 and 2.
inline constexpr std::size_t kTheftRates = 4;
inline constexpr double kFirstTheftDifference = -1;

struct TheftParameters {  // M3.1
  bool enabled = true;
  std::array<double, kTheftRates> per_year{};
};

struct StateParameters {  // M10
  bool enabled = true;
  double oom = 0;
  double width_oom = 0;
  double gap_slope_per_oom = 0;
  double gap_offset_oom = 0;
  double alpha = 0;
  double x_min_musd = 0;
  double cap_musd = 0;
  double defence_start_oom = 0;
  double defence_drift_oom_per_year = 0;
  double defence_uplift = 0;
};

/// An adversary state.
struct State {
  std::string name;
  std::string bloc;
  double operational_capacity = 0;
  double lag_oom = 0;
  double attacks_per_year = 0;
};

}  // namespace fingers
