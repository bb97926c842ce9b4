// Two laws of a host's monitor (M17, M7.1, M8).
// Hosted tries: each of n planned tries passes with s and is seen with q, independently, and a seen
// try stops the attempt even if it passed: an attempt passes with
//   s(1 − q)/(1 − (1 − s)(1 − q))·(1 − ((1 − s)(1 − q))^n).
// Review load: with capacity C and F ~ Poisson flags a month the share of flags that is reviewed,
// and with it the chance that a try is seen, is tpr·E[min(F, C)]/E[F]. Discrete form: the model
// draws a month's q = tpr·min(1, C/F) from flags that do not count the try at hand, which differs
// by less than 1/(2·E[F]) = 0.0013. Setting: one host, bad actors who choose it and come back at
// once, success certain, no safeguard flaws. For the tries review capacity is ample (q = tpr); for
// the load planned tries are few against honest flags, so that F is Poisson but for 2 % of its
// variance. Bound: standard errors of 0.005 for the tries, 0.002 for the load. Wrong variants: a
// try that passes is through before anybody sees it; capacity against the mean of F.
#include <algorithm>
#include <cmath>

#include "tests/support/catch.hpp"
#include "tests/support/law_world.hpp"

namespace fingers {

namespace {

LawConfig world_of_a_host(double attempts_a_year) {
  return LawConfig::quiet()
      .set("/labs/lab/initial_models/0/form", "hosted")
      .set("/labs/lab/initial_models/0/monitored", "true")
      .set("/experiment/regimes", "[\"hosted-monitored\"]")
      .set("/mechanisms/flaws/enabled", "false")
      .set("/mechanisms/misuse/enabled", "true")
      .set("/mechanisms/misuse/risk_aversion_oom", 0)
      .set("/mechanisms/monitoring/enabled", "true")
      .set("/mechanisms/monitoring/arrest", 0)
      .set("/mechanisms/monitoring/reentry_months", 0)
      .set("/mechanisms/monitoring/nuisance_per_user_year", 0)
      .set("/domains/fraud", R"({"base_logit": 50, "balance_per_oom": 0, "scale_per_oom": 0})")
      .set("/population/bad_actors/count", 10)
      .set("/population/bad_actors/attempts_mean", attempts_a_year / 10);
}

}  // namespace

TEST_CASE("an attempt at a host passes as its tries pass and are not seen") {
  constexpr double kPass = 0.2;
  constexpr double kSeen = 0.2;
  constexpr double kTries = 5;
  const LawRuns runs(world_of_a_host(600)
                         .set("/mechanisms/misuse/tries", kTries)
                         .set("/mechanisms/misuse/pass_per_try_guarded", kPass)
                         .set("/mechanisms/monitoring/true_positive_rate", kSeen)
                         .set("/mechanisms/monitoring/analysts", 1e9)
                         .set("/experiment/replicates", 60));
  const auto counts = runs.measure_all(0, [](const RunView& run) {
    return std::vector<double>{run.outcome("hosted_attempts"), run.outcome("seen_attempts"),
                               run.outcome("harm_route_hosted_musd") > 0
                                   ? static_cast<double>(std::ranges::count(
                                         run.event_column("route"), run.code("route", "hosted"))) -
                                         run.outcome("averted_events")
                                   : 0.0};
  });
  const double goes_on = (1.0 - kPass) * (1.0 - kSeen);
  const double tries = (1.0 - std::pow(goes_on, kTries)) / (1.0 - goes_on);
  check_law("passed", ratio_of(counts[2], counts[0]),
            {.expected = kPass * (1.0 - kSeen) * tries, .bound = 0.005, .wrong = kPass * tries});
  check_law("seen", ratio_of(counts[1], counts[0]),
            {.expected = kSeen * tries, .bound = 0.005, .wrong = kSeen * (1.0 - kPass) * tries});
}

TEST_CASE("a host reviews what its analysts can, month by month") {
  constexpr double kFlags = 400;  // E[F] = C
  constexpr double kTruePositive = 0.4;
  constexpr double kAttempts = 50;  // a month, of one try each
  constexpr double kYears = 100;
  const double honest = kFlags - kTruePositive * kAttempts;
  const LawRuns runs(world_of_a_host(12 * kAttempts)
                         .set("/time/years", kYears)
                         .set("/mechanisms/misuse/tries", 1)
                         .set("/mechanisms/monitoring/true_positive_rate", kTruePositive)
                         .set("/mechanisms/monitoring/false_positive_rate", 1e-3)
                         .set("/mechanisms/monitoring/uses_per_user_month", 1)
                         .set("/mechanisms/monitoring/analysts", 1)
                         .set("/mechanisms/monitoring/reviews_per_analyst_month", kFlags)
                         .set("/population/users/most", honest / 1e-3)
                         .set("/population/users/middle_years", -100)
                         .set("/population/users/width_years", 1e-3)
                         .set("/experiment/replicates", 10));
  std::vector<double> flags;
  std::vector<double> reviewed;
  std::vector<double> tried;
  std::vector<double> seen;
  const auto append = [](std::vector<double>& to, std::span<const float> values) {
    to.insert(to.end(), values.begin(), values.end());
  };
  for (std::uint32_t replicate = 0; replicate < runs.n_replicates(); ++replicate) {
    runs.run(0, replicate, [&](const RunView& run) {
      append(flags, run.series("flags"));
      append(reviewed, run.series("reviewed_flags"));
      append(tried, run.series("hosted_attempts"));
      append(seen, run.series("seen_attempts"));
    });
  }
  const double share =
      mean_over_poisson(kFlags, [&](double f) { return std::min(f, kFlags); }) / kFlags;
  check_law("share of flags reviewed", ratio_of(reviewed, flags),
            {.expected = share, .bound = 0.001, .wrong = 1.0});
  check_law("share of tries seen", ratio_of(seen, tried),
            {.expected = kTruePositive * share, .bound = 0.002, .wrong = kTruePositive});
}

}  // namespace fingers
