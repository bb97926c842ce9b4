// What multilevel splitting (splitting.hpp) came to: the probability with its interval, what it
// cost beside plain runs, and whether it may be used at all.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "engine/intervals.hpp"
#include "engine/splitting.hpp"

namespace fingers {

/// What speaks against an estimate. With any of them there is none.
enum class SplittingDoubt : std::uint8_t {
  never_reached,  ///< no repetition reached the threshold
  spread,         ///< the standard deviation between repetitions is above their mean
  dominated,      ///< one repetition is more than kMostOfSum of their sum
  leaps,          ///< most of what reached the threshold took half of the way in one step
  disagrees,      ///< with plain runs, at a level that both see
  no_gain         ///< plain runs of the same cost are as sharp
};

inline constexpr double kMostRelativeDeviation = 1.0;
inline constexpr double kMostOfSum = 0.3;
inline constexpr double kMostLeaps = 0.5;
/// Plain runs that reach a level, and that do not, from which on both methods are held against each
/// other, and standard errors by which they may differ there.
inline constexpr std::uint64_t kEnoughEvents = 50;
inline constexpr double kMostErrors = 4.0;

/// A level by both methods.
struct SplittingLevel {
  double level = 0;
  double probability = 0;  ///< to reach it, by splitting
  Interval interval;
  std::uint64_t plain_count = 0;  ///< plain runs that reached it
  Interval plain_interval;
  double errors_apart = std::numeric_limits<double>::quiet_NaN();  ///< NaN: plain runs see too few
};

struct SplittingReport {
  std::vector<SplittingLevel> levels;  ///< the last is the event
  std::vector<double> estimates;       ///< of the event, by repetition
  double relative_deviation = 0;       ///< between repetitions, over their mean
  double median_over_mean = 0;
  double largest_share = 0;  ///< of the greatest repetition in their sum
  double leap_share = 0;     ///< of the estimate, by trajectories that leapt (is_leap)
  std::uint64_t n_plain = 0;
  std::uint64_t plain_steps = 0;
  std::uint64_t pilot_steps = 0;
  std::uint64_t steps = 0;        ///< of all repetitions
  double plain_steps_needed = 0;  ///< of plain runs with the same standard error
  double reduction = 0;           ///< these over all steps that were taken; 0: no spread to tell
  Interval reduction_interval;    ///< by the jackknife of its logarithm
  std::vector<SplittingDoubt> doubts;  ///< empty: the estimate may be used

  /// The whole cost: repetitions, pilot, and the plain runs to compare with.
  [[nodiscard]] std::uint64_t all_steps() const { return steps + pilot_steps + plain_steps; }
  [[nodiscard]] const SplittingLevel& event() const { return levels.back(); }
  [[nodiscard]] bool usable() const { return doubts.empty(); }
};

/// Expects runs that were not stopped, with at least one plain run. The interval of a level is
/// p·exp(±h/p) with the half width h of Student's over the repetitions: it covers more often than p
/// ± h, because estimates are skewed (docs/rare-events.md). None where all repetitions are equal.
/// The interval of the reduction is Student's over the pseudo-values of its logarithm (Tukey 1958,
/// Ann. Math. Stat. 29: 614; Miller 1974, Biometrika 61: 1-15); it covers less often the further
/// repetitions spread.
SplittingReport splitting_report(const SplittingRuns& runs, double confidence);

/// A doubt as a sentence with its figures.
std::string doubt_text(const SplittingReport& report, SplittingDoubt doubt);
/// "leaps", …: a doubt's name.
std::string doubt_name(SplittingDoubt doubt);

}  // namespace fingers
