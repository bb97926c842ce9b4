#include "engine/splitting_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "engine/arithmetic.hpp"
#include "engine/contract.hpp"

namespace fingers {

namespace {

constexpr std::array<std::string_view, 6> kDoubtNames = {"never_reached", "spread",    "dominated",
                                                         "leaps",         "disagrees", "no_gain"};

/// The estimate of one repetition for the level `k`: the product of shares up to there.
double product_to(const SplittingRuns& runs, const SplittingRepetition& repetition, std::size_t k) {
  double product = 1;
  for (std::size_t i = 0; i <= k; ++i) {
    product *= static_cast<double>(repetition.reached[i]) / runs.trajectories;
  }
  return product;
}

Moments moments_of(const std::vector<double>& values) {
  Moments moments;
  for (const double value : values) {
    moments.add(value);
  }
  return moments;
}

/// Student's half width about the mean as a factor, because estimates are skewed to the right.
Interval interval_of_ratio(double mean, double half_width) {
  if (!(mean > 0) || !(half_width > 0)) {
    return {};
  }
  const double factor = portable_exp(half_width / mean);
  return {.low = mean / factor, .high = std::min(1.0, mean * factor)};
}

SplittingLevel level_of(const SplittingRuns& runs, std::size_t k, double confidence) {
  std::vector<double> estimates;
  for (const SplittingRepetition& repetition : runs.repetitions) {
    estimates.push_back(product_to(runs, repetition, k));
  }
  const Moments moments = moments_of(estimates);
  const Interval student = mean_interval(moments, confidence);
  const std::uint64_t n = runs.plain_peaks.size();
  SplittingLevel level;
  level.level = runs.levels[k];
  level.probability = moments.mean;
  level.interval = interval_of_ratio(moments.mean, student.half_width());
  level.plain_count = static_cast<std::uint64_t>(std::ranges::count_if(
      runs.plain_peaks, [&level](double peak) { return peak >= level.level; }));
  level.plain_interval = probability_interval(level.plain_count, n, confidence);
  if (level.plain_count >= kEnoughEvents && n - level.plain_count >= kEnoughEvents) {
    const double plain_error = probability_standard_error(level.plain_count, n);
    const double error =
        std::sqrt(moments.standard_error() * moments.standard_error() + plain_error * plain_error);
    level.errors_apart =
        (level.probability - static_cast<double>(level.plain_count) / static_cast<double>(n)) /
        error;
  }
  return level;
}

double median_of(std::vector<double> values) {
  std::ranges::sort(values);
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : 0.5 * (values[half - 1] + values[half]);
}

double leap_share(const SplittingRuns& runs, const std::vector<double>& estimates, double sum) {
  double by_leaps = 0;
  for (std::size_t r = 0; r < estimates.size(); ++r) {
    const SplittingRepetition& repetition = runs.repetitions[r];
    by_leaps += estimates[r] > 0 ? estimates[r] * repetition.leaps /
                                       static_cast<double>(repetition.reached.back())
                                 : 0.0;
  }
  return by_leaps / sum;
}

/// How many plain runs have the standard error of these estimates' mean.
double plain_runs_needed(const Moments& moments) {
  const double p = moments.mean;
  const double variance = moments.standard_error() * moments.standard_error();
  return p * (1 - p) / variance;
}

/// Of the logarithm of the reduction, about the one found. None where a single estimate makes the
/// spread.
Interval interval_of_log_reduction(const std::vector<double>& estimates, double confidence) {
  const auto n = static_cast<double>(estimates.size());
  const double all = plain_runs_needed(moments_of(estimates));
  Moments pseudo_values;
  for (std::size_t i = 0; i < estimates.size(); ++i) {
    std::vector<double> others = estimates;
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
    // Each of n - 1 estimates counts for n / (n - 1): the mean's error is that of n.
    const double ratio = plain_runs_needed(moments_of(others)) / all * n / (n - 1);
    if (!(ratio > 0) || !std::isfinite(ratio)) {
      return {};
    }
    pseudo_values.add(-(n - 1) * portable_log(ratio));
  }
  return mean_interval(pseudo_values, confidence);
}

/// Cost beside plain runs: steps of as many as have the same standard error.
void compare_cost(SplittingReport& report, double confidence) {
  const Moments moments = moments_of(report.estimates);
  const double steps_a_run =
      static_cast<double>(report.plain_steps) / static_cast<double>(report.n_plain);
  if (!(moments.m2 > 0)) {
    return;
  }
  report.plain_steps_needed = plain_runs_needed(moments) * steps_a_run;
  report.reduction = report.plain_steps_needed / static_cast<double>(report.all_steps());
  const Interval logs = interval_of_log_reduction(report.estimates, confidence);
  if (!std::isnan(logs.low)) {
    report.reduction_interval = {.low = report.reduction * portable_exp(logs.low),
                                 .high = report.reduction * portable_exp(logs.high)};
  }
}

std::vector<SplittingDoubt> doubts_of(const SplittingReport& report) {
  std::vector<SplittingDoubt> doubts;
  const auto doubt_when = [&doubts](bool is_so, SplittingDoubt doubt) {
    if (is_so) {
      doubts.push_back(doubt);
    }
  };
  const bool reached = report.event().probability > 0;
  doubt_when(!reached, SplittingDoubt::never_reached);
  doubt_when(reached && report.relative_deviation > kMostRelativeDeviation, SplittingDoubt::spread);
  doubt_when(reached && report.largest_share > kMostOfSum, SplittingDoubt::dominated);
  doubt_when(reached && report.leap_share > kMostLeaps, SplittingDoubt::leaps);
  doubt_when(std::ranges::any_of(report.levels,
                                 [](const SplittingLevel& level) {
                                   return std::abs(level.errors_apart) > kMostErrors;
                                 }),
             SplittingDoubt::disagrees);
  doubt_when(reached && report.reduction <= 1, SplittingDoubt::no_gain);
  return doubts;
}

}  // namespace

SplittingReport splitting_report(const SplittingRuns& runs, double confidence) {
  EXPECT_CONTRACT(!runs.levels.empty() && !runs.plain_peaks.empty());
  SplittingReport report;
  report.n_plain = runs.plain_peaks.size();
  report.plain_steps = runs.plain_steps;
  report.pilot_steps = runs.pilot_steps;
  for (std::size_t k = 0; k < runs.levels.size(); ++k) {
    report.levels.push_back(level_of(runs, k, confidence));
  }
  for (const SplittingRepetition& repetition : runs.repetitions) {
    report.estimates.push_back(product_to(runs, repetition, runs.levels.size() - 1));
    report.steps += repetition.steps;
  }
  const Moments moments = moments_of(report.estimates);
  if (moments.mean > 0) {
    const auto n = static_cast<double>(moments.n);
    const double sum = n * moments.mean;
    report.relative_deviation = moments.standard_error() * std::sqrt(n) / moments.mean;
    report.median_over_mean = median_of(report.estimates) / moments.mean;
    report.largest_share = std::ranges::max(report.estimates) / sum;
    report.leap_share = leap_share(runs, report.estimates, sum);
    compare_cost(report, confidence);
  }
  report.doubts = doubts_of(report);
  return report;
}

std::string doubt_name(SplittingDoubt doubt) {
  return std::string(kDoubtNames[static_cast<std::size_t>(doubt)]);
}

std::string doubt_text(const SplittingReport& report, SplittingDoubt doubt) {
  switch (doubt) {
    case SplittingDoubt::never_reached:
      return "no repetition reached the threshold";
    case SplittingDoubt::spread:
      return fmt::format(
          "repetitions spread too far: their standard deviation is {:.2g} of their mean, over {:g}",
          report.relative_deviation, kMostRelativeDeviation);
    case SplittingDoubt::dominated:
      return fmt::format("one of {} repetitions is {:.0f} % of their sum, over {:.0f} %",
                         report.estimates.size(), 100 * report.largest_share, 100 * kMostOfSum);
    case SplittingDoubt::leaps:
      return fmt::format(
          "{:.0f} % of the estimate took half of all levels or more in one step, over {:.0f} %: "
          "the "
          "event comes by single jumps",
          100 * report.leap_share, 100 * kMostLeaps);
    case SplittingDoubt::disagrees:
      return fmt::format(
          "it differs by over {:g} standard errors from plain runs at a level that "
          "both see",
          kMostErrors);
    case SplittingDoubt::no_gain:
      break;
  }
  return fmt::format("plain runs of {:.2g} times its cost are as sharp", report.reduction);
}

}  // namespace fingers
