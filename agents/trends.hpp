// What carries all labs (M1.1, M1.2): compute per dollar, and the algorithms of each bloc of labs.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace fingers {

struct World;

/// log10 of nothing at all: where there is no model, no compute [OOM].
inline constexpr double kNothing = -std::numeric_limits<double>::infinity();

struct Trends {
  std::vector<std::string> blocs;      ///< names, sorted
  std::uint32_t home_bloc = 0;         ///< that of the groups under study, number in `blocs`
  std::vector<double> algorithms_oom;  ///< a_b of M1.2 per bloc, 0 in mid-2024
  double openness = 0;                 ///< O of M1.2
  double reporting = 1;              ///< times as much of harm becomes known as at the start (M15)
  std::vector<double> frontier_oom;  ///< best of the groups that train on their own, per step
  std::vector<double> home_oom;      ///< best of the home bloc's labs, per step, at its beginning
};

/// The blocs and their algorithms at the start.
void make_trends(World& world);

/// M1.1, M1.2: one month of hardware and algorithms.
void advance_trends(World& world);

/// Number of a bloc in Trends::blocs. Expects it to exist.
std::uint32_t bloc_number(const World& world, const std::string& name);

/// FLOP that a dollar buys at y years after the start.
double flop_per_usd(const World& world, double y);

/// a_b of the home bloc now: what the community works with [OOM].
double home_algorithms_oom(const World& world);

/// Share of a year's budget that goes into the largest run, y years after the start (M1.3).
double run_share(const World& world, double y);

/// Growth of the physical compute of the largest run since the start without any brake [OOM]: share
/// of the run, budget of the largest group below its cap, and hardware.
double compute_growth_oom(const World& world, double y);

/// Best capability of the home bloc's labs, internal models included; -infinity without any.
double home_best_oom(const World& world);

/// Growth of that in the last twelve months [OOM]; before a year is over, what the trends without
/// brakes and spillovers give in the first year.
double home_growth_oom(const World& world);

/// What a group that follows the frontier at a lag has now (row_lag_months), -infinity before that.
double lagged_frontier_oom(const World& world, double lag_months);

}  // namespace fingers
