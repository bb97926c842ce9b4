// Where a world is heading: what splitting (splitting.hpp) orders worlds by. A score that gathers
// over the horizon says little by itself, for it is highest late, when nothing more can come. The
// guide is the score that a world will come to, as a line fitted to plain runs foretells it, step
// by step, from the score so far and from what came lately. It decides how sharp an estimate is,
// and never what it is.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace fingers {

/// The score after each step of a run. NaN: none yet.
using ScoreHistory = std::vector<double>;

class SplittingGuide {
 public:
  /// Least squares over runs, for each of n_steps, of the highest score that is still to come (the
  /// present one too) on the score and on its change over the last tenth of the horizon.
  SplittingGuide(std::span<const ScoreHistory> runs, std::uint32_t n_steps);

  /// What a world with this history is heading for. Expects a history that is not empty; -infinity
  /// where it has no score yet. Of a step that fewer than 30 runs reached it is the score itself.
  [[nodiscard]] double foretell(const ScoreHistory& history) const;

 private:
  /// y = mean + by_score (score - mean_score) + by_change (change - mean_change)
  struct Line {
    bool fitted = false;
    double mean = 0;
    double mean_score = 0;
    double mean_change = 0;
    double by_score = 0;
    double by_change = 0;
  };

  [[nodiscard]] Line fit(std::span<const ScoreHistory> runs,
                         const std::vector<ScoreHistory>& to_come, std::size_t step) const;

  std::size_t lately_ = 1;  ///< steps that a change is over
  std::vector<Line> lines_;
};

/// The change of the score over the last `lately` steps, from the first score on.
double change_of(const ScoreHistory& history, std::size_t step, std::size_t lately);

}  // namespace fingers
