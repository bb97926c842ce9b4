// Precision as the request: replicates are added until intervals are narrow enough. This is the
// rule alone, without a thread or a file, so that a batch that was interrupted, or run in shards,
// decides as an uninterrupted one does: what it decides is a pure function of the outcomes of
// replicates 0, 1, 2, … in this order. Memory grows with points, not with replicates.
//
//   PrecisionRule rule(target, n_settings, n_combinations);
//   for (bool goes_on = true; goes_on;) {
//     run every point's replicates from rule.replicates() to rule.wanted() - 1;
//     while (rule.replicates() < rule.wanted()) {
//       rule.add(outcomes of the replicate rule.replicates(), one a point, in order of points);
//     }
//     const Look look = rule.look();
//     goes_on = look.verdict == Verdict::goes_on;  // then rule.wanted() has grown
//     say(look_text(target, look));
//   }
//
// Looking again and again at an ordinary interval makes it miss more often than it says. So the
// numbers of replicates at which one looks are fixed beforehand (look_schedule), and each look's
// interval has the confidence at which all looks together keep what was asked for (Bonferroni). Any
// of them may be read at any look, also for whether two settings differ. The rule itself looks only
// at widths. docs/intervals.md measures it beside others.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/intervals.hpp"

namespace fingers {

/// What is asked for.
struct PrecisionTarget {
  std::string outcome;            ///< its name, for messages
  std::size_t outcome_index = 0;  ///< its place among a run's outcomes
  bool event = false;           ///< the outcome says when something came, NaN: it did not; what is
                                ///< estimated is the probability that it came
  bool contrast = false;        ///< the paired difference of two settings, not each point alone
  std::uint32_t first = 0;      ///< number of the setting, where contrast
  std::uint32_t second = 0;     ///< number of the setting that is taken off
  double half_width = 0;        ///< above 0, in the unit of the outcome
  double confidence = 0.95;     ///< of all looks together, for each estimate
  std::uint32_t minimum = 200;  ///< replicates before the first look
  std::uint32_t maximum = 0;    ///< replicates of each point at most
};

/// The numbers of replicates at which one looks: the minimum, then half as many again, and so on;
/// the last is the maximum, the only one when the minimum is not below it. Expects both >= 1.
std::vector<std::uint32_t> look_schedule(std::uint32_t minimum, std::uint32_t maximum);

/// The confidence of each of n looks at which all together have `confidence` (Bonferroni).
double confidence_per_look(double confidence, std::size_t n_looks);

/// One outcome of one replicate.
struct OutcomeValue {
  double value = 0;      ///< NaN: the event did not come, or the outcome does not apply
  bool finished = true;  ///< false: the replicate failed, and says nothing
};

enum class Verdict : std::uint8_t { goes_on, precise, maximum_reached };

/// How an interval was made.
enum class IntervalKind : std::uint8_t { none, probability, paired_probabilities, mean };

/// What a look knows of a point, or of a difference at one combination of factors.
struct PrecisionEstimate {
  std::uint32_t setting = 0;      ///< of a contrast the first
  std::uint32_t combination = 0;  ///< of factors
  std::uint64_t n = 0;            ///< replicates, or pairs, that have a value
  std::uint64_t count = 0;        ///< of a probability: in how many it happened
  double value = 0;               ///< NaN: no replicate has a value
  double standard_error = 0;      ///< Monte-Carlo standard error; NaN where there is none
  Interval interval;              ///< holds at all looks together; NaN where none can be given
  IntervalKind kind = IntervalKind::none;
  bool approximate = false;  ///< covers less often than it says (docs/intervals.md)
  bool precise = false;      ///< narrow enough, and not approximate
};

/// What was seen at one look, and what follows.
struct Look {
  std::uint32_t number = 0;  ///< from 1
  std::uint32_t n_looks = 0;
  std::uint32_t replicates = 0;  ///< of each point
  Verdict verdict = Verdict::goes_on;
  double confidence = 0;                     ///< of all looks together
  std::vector<PrecisionEstimate> estimates;  ///< in order of points, or of combinations
};

/// Takes the outcomes of replicates in order, and decides at each look whether more are needed.
class PrecisionRule {
 public:
  /// A design's points are settings × combinations of factors, the setting varying slowest.
  PrecisionRule(const PrecisionTarget& target, std::uint32_t n_settings,
                std::uint32_t n_combinations);

  /// The outcome of every point of the next replicate. Expects fewer than wanted() taken so far.
  void add(std::span<const OutcomeValue> of_points);
  /// Replicates taken so far.
  [[nodiscard]] std::uint32_t replicates() const { return replicates_; }
  /// Replicates to take before the next look; once it has stopped, those it stopped at.
  [[nodiscard]] std::uint32_t wanted() const { return looks_[look_]; }
  /// Looks at what was taken. Expects replicates() == wanted(), and not to have stopped.
  Look look();

 private:
  struct Sum {
    Moments values;           // of finite values, or of differences
    std::uint64_t plus = 0;   // how many were 1
    std::uint64_t minus = 0;  // how many were -1
    std::uint64_t other = 0;  // how many were none of -1, 0, 1
  };

  void add_value(Sum& sum, double value) const;
  [[nodiscard]] double value_of(const OutcomeValue& outcome) const;
  [[nodiscard]] PrecisionEstimate estimate(const Sum& sum) const;
  void set_interval(const Sum& sum, PrecisionEstimate& estimate) const;

  PrecisionTarget target_;
  std::uint32_t n_settings_;
  std::uint32_t n_combinations_;
  std::vector<std::uint32_t> looks_;
  double look_confidence_;
  std::size_t look_ = 0;
  bool stopped_ = false;
  std::uint32_t replicates_ = 0;
  std::vector<Sum> sums_;  // one a point, or one a combination
};

/// One line: "look 3 of 13, 450 replicates: p_hit has half-width 0.012 at most, 0.01 is asked for;
/// goes on".
std::string look_text(const PrecisionTarget& target, const Look& look);

/// One line: "12 of 450: 2.7 % (1.2 % to 5.2 %)", "0.031 (-0.002 to 0.064), ± 0.011, n = 450";
/// an approximate interval says so, and a missing one why.
std::string estimate_text(const PrecisionEstimate& estimate);

}  // namespace fingers
