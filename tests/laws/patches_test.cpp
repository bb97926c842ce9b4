// Law: patches (M17, M6.5; laws.md B12). A private deployment of a base (derivation depth 0) takes
// a fix after a Weibull delay, or never: coverage(t) = (1 − never)·(1 − exp(−(t/scale)^shape)),
// whether the delay is the deployment's habit or the fix's own. Setting: every flaw is found in the
// first minutes and mended at once; coverage is measured on the panel, and, in the other test, by
// what it spares: losses of control through what copies have not taken. There fixes take all of a
// flaw away and delays are habits, so that the fix which follows a loss of control changes nothing;
// the presses of a month meet the copies as they are at its beginning, and the law is taken at that
// time. Bound: standard errors of 0.006 of the panel, 0.02 of the losses. Wrong variants: an
// exponential delay of the same scale; everybody updates.
#include <cmath>

#include "tests/support/catch.hpp"
#include "tests/support/law_world.hpp"

namespace fingers {

namespace {

constexpr double kShape = 0.43;
constexpr double kScaleDays = 84;
constexpr double kNeverTaken = 0.13;

double coverage(double days, double shape, double never) {
  return -(1.0 - never) * std::expm1(-std::pow(days / kScaleDays, shape));
}

LawConfig world_of_patches(double trait_share) {
  return LawConfig::quiet()
      .set("/mechanisms/scrutiny/enabled", "true")
      .set("/mechanisms/scrutiny/find_per_eye_year", 1e9)
      .set("/population/auditors/count", 1)
      .set("/mechanisms/patches/shape", kShape)
      .set("/mechanisms/patches/scale_days", kScaleDays)
      .set("/mechanisms/patches/never_update", kNeverTaken)
      .set("/mechanisms/patches/trait_share", trait_share)
      .set("/mechanisms/flaws/mean/control", 20)
      .set("/mechanisms/flaws/virulence_low", 0.05)
      .set("/mechanisms/flaws/virulence_high", 0.05)
      .set("/population/developers/count", 50);
}

}  // namespace

TEST_CASE("deployments of a base take fixes after Weibull delays") {
  for (const double trait_share : {0.0, 0.5, 1.0}) {
    const LawRuns runs(world_of_patches(trait_share)
                           .set("/time/years", 0.25)
                           .set("/mechanisms/patches/panel", 50)
                           .set("/experiment/replicates", 400));
    const auto panel = runs.measure_all(0, [](const RunView& run) {
      return std::vector<double>{run.series_sum("panel_fixes"), run.series_sum("panel_taken_30d"),
                                 run.series_sum("panel_taken_90d"),
                                 run.series_sum("panel_taken_365d")};
    });
    const std::vector<double> days = {30, 90, 365};
    for (std::size_t i = 0; i < days.size(); ++i) {
      check_law("trait " + std::to_string(trait_share) + ", days " + std::to_string(days[i]),
                ratio_of(panel[i + 1], panel[0]),
                {.expected = coverage(days[i], kShape, kNeverTaken),
                 .bound = 0.006,
                 .wrong = coverage(days[i], kShape, 0.0)});
    }
    CHECK_FALSE(agrees(ratio_of(panel[1], panel[0]), coverage(days[0], 1.0, kNeverTaken)));
  }
}

TEST_CASE("fingers press through what their copies have not taken") {
  const LawRuns runs(world_of_patches(1.0)
                         .set("/mechanisms/fingers/enabled", "true")
                         .set("/mechanisms/fingers/press_scale", 0.01)
                         .set("/mechanisms/catastrophe/absorbing", "false")
                         .set("/population/developers/activity_mean", 40)
                         .set("/experiment/replicates", 1600));
  const auto losses = runs.measure_all(0, [](const RunView& run) {
    std::vector<double> of_month(12, 0.0);
    for (const double time : run.event_column("time")) {
      of_month[static_cast<std::size_t>((time - 2024.5) * 12.0)] += 1.0;
    }
    return std::vector<double>{of_month[0], of_month[1], of_month[6], of_month[11]};
  });
  const std::vector<double> month = {1, 6, 11};
  for (std::size_t i = 0; i < month.size(); ++i) {
    const double days = month[i] * 365.25 / 12.0;
    check_law("unpatched at month " + std::to_string(month[i]), ratio_of(losses[i + 1], losses[0]),
              {.expected = 1.0 - coverage(days, kShape, kNeverTaken),
               .bound = 0.02,
               .wrong = 1.0 - coverage(days, kShape, 0.0)});
  }
}

}  // namespace fingers
