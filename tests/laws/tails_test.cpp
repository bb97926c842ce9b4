// Law: tails (M17, M7.2 and M5.3). Severities are Pareto with exceedance (x/x_min)^−α,
// truncated at a cap; events come at a rate λ. Then the likelihood of the severities is greatest
// near α, their mean is
//   x_min·α/(1 − α)·(R^(1 − α) − 1)/(1 − R^−α),  R = cap/x_min,
// and P(max ≤ x over T) = exp(−λT·(1 − F(x))).
// Setting: misuse alone, without AI: bad actors of equal skill and rate, defence at the level of an
// attempt, success 1/2, so that events are a Poisson process with λT = 20. Exact at any step;
// recorded severities are rounded to 12 bits, an error of 10⁻⁴ without bias. The severities of
// losses of control likewise. Bound: standard errors of 0.008 of α, 2.5 % of the mean, 0.012 of the
// probability. Wrong variants: Hill's estimate, which knows no cap; the mean of another α; the
// Fréchet law without cap.
#include <algorithm>
#include <cmath>

#include "tests/support/catch.hpp"
#include "tests/support/law_world.hpp"

namespace fingers {

namespace {

struct Tail {
  double alpha = 0;
  double x_min = 0;
  double cap = 0;
};

constexpr double kEvents = 20;  // λT

double exceedance(const Tail& tail, double x) {
  const double least = std::pow(tail.cap / tail.x_min, -tail.alpha);
  return (std::pow(x / tail.x_min, -tail.alpha) - least) / (1.0 - least);
}

double truncated_mean(const Tail& tail) {
  const double range = tail.cap / tail.x_min;
  return tail.x_min * tail.alpha / (1.0 - tail.alpha) * (std::pow(range, 1.0 - tail.alpha) - 1.0) /
         (1.0 - std::pow(range, -tail.alpha));
}

/// Derivative of the log-likelihood of α, divided by the number of severities.
double score(double alpha, double mean_log, double log_range) {
  return 1.0 / alpha - mean_log - log_range / std::expm1(alpha * log_range);
}

/// α by maximum likelihood, with the standard error that the information gives.
MeanEstimate likeliest_alpha(const std::vector<double>& severities, const Tail& tail) {
  double mean_log = 0;
  for (const double x : severities) {
    mean_log += std::log(x / tail.x_min) / static_cast<double>(severities.size());
  }
  const double log_range = std::log(tail.cap / tail.x_min);
  double low = 1e-3;
  double high = 10;
  while (high - low > 1e-9) {  // the score falls with α
    const double middle = 0.5 * (low + high);
    (score(middle, mean_log, log_range) > 0 ? low : high) = middle;
  }
  const double half_sinh = 2.0 * std::sinh(0.5 * low * log_range);
  const double information = 1.0 / (low * low) - log_range * log_range / (half_sinh * half_sinh);
  return {.value = low,
          .standard_error = 1.0 / std::sqrt(information * static_cast<double>(severities.size()))};
}

double hill(const std::vector<double>& severities, const Tail& tail) {
  double sum = 0;
  for (const double x : severities) {
    sum += std::log(x / tail.x_min);
  }
  return static_cast<double>(severities.size()) / sum;
}

LawConfig world_of_misuse(const Tail& tail) {
  LawConfig config = LawConfig::quiet();
  config.set("/domains/misuse", "{}")
      .set("/domains/misuse/share", 1)
      .set("/domains/misuse/base_logit", 0)
      .set("/domains/misuse/balance_per_oom", 0)
      .set("/domains/misuse/scale_per_oom", 0)
      .set("/domains/misuse/alpha", tail.alpha)
      .set("/domains/misuse/x_min_musd", tail.x_min)
      .set("/domains/misuse/cap_musd", tail.cap)
      .set("/domains/misuse/defence_start_oom", 24.5)
      .set("/domains/misuse/defence_drift_oom_per_year", 0)
      .set("/domains/misuse/defence_uplift", 0)
      .set("/ai", "false")
      .set("/mechanisms/misuse/enabled", "true")
      .set("/mechanisms/misuse/skill_slope", 0)
      .set("/population/bad_actors/count", 10)
      .set("/population/bad_actors/attempts_mean", 2.0 * kEvents / 10)
      .set("/experiment/replicates", 2000);
  return config;
}

}  // namespace

TEST_CASE("harm of misuse has the tail of its domain") {
  constexpr Tail kTail{.alpha = 0.7, .x_min = 1, .cap = 1000};
  constexpr double kLarge = 100;
  std::vector<double> severities;
  std::vector<double> harm;
  std::vector<double> events;
  const auto spared = LawRuns(world_of_misuse(kTail)).measure(0, [&](const RunView& run) {
    const std::vector<double> of_run = run.event_column("severity_musd");
    severities.insert(severities.end(), of_run.begin(), of_run.end());
    harm.push_back(run.outcome("harm_musd"));
    events.push_back(static_cast<double>(of_run.size()));
    return run.outcome("largest_event_musd") <= kLarge ? 1.0 : 0.0;
  });
  check_law("alpha", likeliest_alpha(severities, kTail),
            {.expected = kTail.alpha, .bound = 0.008, .wrong = hill(severities, kTail)});
  check_law("mean", ratio_of(harm, events),
            {.expected = truncated_mean(kTail),
             .bound = 0.025 * truncated_mean(kTail),
             .wrong = truncated_mean({.alpha = 0.75, .x_min = 1, .cap = 1000})});
  check_law("P(max <= 100)", mean_of(spared),
            {.expected = std::exp(-kEvents * exceedance(kTail, kLarge)),
             .bound = 0.012,
             .wrong = std::exp(-kEvents * std::pow(kLarge, -kTail.alpha))});
}

TEST_CASE("losses of control have their own tail") {
  constexpr Tail kTail{.alpha = 0.3, .x_min = 1000, .cap = 1e6};
  const LawRuns runs(LawConfig::quiet()
                         .set("/mechanisms/fingers/enabled", "true")
                         .set("/mechanisms/fingers/press_scale", 0.1)
                         .set("/mechanisms/fingers/alpha", kTail.alpha)
                         .set("/mechanisms/fingers/x_min_musd", kTail.x_min)
                         .set("/mechanisms/fingers/cap_musd", kTail.cap)
                         .set("/mechanisms/flaws/mean/control", 5)
                         .set("/mechanisms/flaws/virulence_low", 0.2)
                         .set("/mechanisms/flaws/virulence_high", 0.2)
                         .set("/mechanisms/catastrophe/absorbing", "false")
                         .set("/mechanisms/patches/enabled", "false")  // V stays what it is
                         .set("/population/developers/count", 10)
                         .set("/population/developers/activity_mean", 50)
                         .set("/experiment/replicates", 800));
  std::vector<double> severities;
  const auto harm = runs.measure(0, [&](const RunView& run) {
    const std::vector<double> of_run = run.event_column("severity_musd");
    severities.insert(severities.end(), of_run.begin(), of_run.end());
    return run.outcome("harm_loss_of_control_musd");
  });
  const MeanEstimate total = mean_of(harm);
  CHECK(total.value > 0);
  check_law("alpha", likeliest_alpha(severities, kTail),
            {.expected = kTail.alpha, .bound = 0.008, .wrong = hill(severities, kTail)});
  check_law("mean", mean_of(severities),
            {.expected = truncated_mean(kTail),
             .bound = 0.025 * truncated_mean(kTail),
             .wrong = truncated_mean({.alpha = 0.35, .x_min = 1000, .cap = 1e6})});
}

}  // namespace fingers
