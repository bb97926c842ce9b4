#include "engine/splitting_guide.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/contract.hpp"

namespace fingers {

namespace {

/// Fewer runs fit no line.
constexpr std::uint32_t kFewRuns = 30;
/// Keeps a line from following what is all but the same thing twice.
constexpr double kRidge = 1e-6;

/// For each step the highest score from there on.
ScoreHistory still_to_come(const ScoreHistory& history) {
  ScoreHistory highest = history;
  for (std::size_t step = highest.size(); step-- > 1;) {
    const double next = highest[step];
    double& here = highest[step - 1];
    here = std::isnan(here) ? next : std::max(here, next);
  }
  return highest;
}

/// Sums of products of distances from means.
struct Products {
  double score_score = 0;
  double score_change = 0;
  double change_change = 0;
  double score_result = 0;
  double change_result = 0;
};

}  // namespace

double change_of(const ScoreHistory& history, std::size_t step, std::size_t lately) {
  const double before = step >= lately ? history[step - lately] : history.front();
  return std::isnan(before) ? 0.0 : history[step] - before;
}

SplittingGuide::SplittingGuide(std::span<const ScoreHistory> runs, std::uint32_t n_steps)
    : lately_(std::max<std::size_t>(1, n_steps / 10)) {
  std::vector<ScoreHistory> to_come;
  for (const ScoreHistory& run : runs) {
    to_come.push_back(still_to_come(run));
  }
  for (std::size_t step = 0; step < n_steps; ++step) {
    lines_.push_back(fit(runs, to_come, step));
  }
}

SplittingGuide::Line SplittingGuide::fit(std::span<const ScoreHistory> runs,
                                         const std::vector<ScoreHistory>& to_come,
                                         std::size_t step) const {
  std::vector<std::size_t> there;
  Line line;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (runs[i].size() > step && !std::isnan(runs[i][step])) {
      there.push_back(i);
      line.mean += to_come[i][step];
      line.mean_score += runs[i][step];
      line.mean_change += change_of(runs[i], step, lately_);
    }
  }
  if (there.size() < kFewRuns) {
    return line;
  }
  const auto n = static_cast<double>(there.size());
  line.mean /= n;
  line.mean_score /= n;
  line.mean_change /= n;
  Products sums;
  for (const std::size_t i : there) {
    const double score = runs[i][step] - line.mean_score;
    const double change = change_of(runs[i], step, lately_) - line.mean_change;
    const double result = to_come[i][step] - line.mean;
    sums.score_score += score * score;
    sums.score_change += score * change;
    sums.change_change += change * change;
    sums.score_result += score * result;
    sums.change_result += change * result;
  }
  const double a = sums.score_score * (1 + kRidge);
  const double b = sums.score_change;
  const double c = sums.change_change * (1 + kRidge);
  const double determinant = a * c - b * b;
  if (determinant > 0) {
    line.by_score = (c * sums.score_result - b * sums.change_result) / determinant;
    line.by_change = (a * sums.change_result - b * sums.score_result) / determinant;
  } else if (a > 0) {
    line.by_score = sums.score_result / a;
  }
  line.fitted = true;
  return line;
}

double SplittingGuide::foretell(const ScoreHistory& history) const {
  EXPECT_CONTRACT(!history.empty() && history.size() <= lines_.size());
  const std::size_t step = history.size() - 1;
  const double score = history[step];
  if (std::isnan(score)) {
    return -std::numeric_limits<double>::infinity();
  }
  const Line& line = lines_[step];
  return line.fitted ? line.mean + line.by_score * (score - line.mean_score) +
                           line.by_change * (change_of(history, step, lately_) - line.mean_change)
                     : score;
}

}  // namespace fingers
