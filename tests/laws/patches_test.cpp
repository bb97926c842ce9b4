// Law: patches (M17, M6.5). A private deployment of a base (derivation depth 0) takes
// a fix after a Weibull delay, or never: coverage(t) = (1 − never)·(1 − exp(−(t/scale)^shape)),
// whether the delay is the deployment's habit or the fix's own. Setting: every flaw is found in the
// first minutes and mended at once; coverage is measured on the panel, and, in the other test, by
// what it spares: losses of control through what copies have not taken. There fixes take all of a
// flaw away and delays are habits, so that the fix which follows a loss of control changes nothing;
// the presses of a month meet the copies as they are at its beginning, and the law is taken at that
// time. Bound: standard errors of 0.006 of the panel, 0.02 of the losses. Wrong variants: an
// exponential delay of the same scale; everybody updates.
//
// A derivative d layers up takes a fix of its base only after each of d maintainers has merged it,
// each with chance `merge` and after a Weibull delay of its own: coverage(d, t) = merge^d·P(d
// maintainers' delays + the deployment's ≤ t), by numeric convolution. Setting: a crowd of
// derivatives in the first months, fixes 200 days after the finds. Bound: 0.012 (d = 1), 0.012 (d =
// 2). Wrong variant: one maintainer fewer.
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

/// P(delay <= days) of a Weibull.
double weibull_by(double days, double shape, double scale_days) {
  return days <= 0 ? 0.0 : -std::expm1(-std::pow(days / scale_days, shape));
}

constexpr double kMerge = 0.6;
constexpr double kMaintainerShape = 0.7;
constexpr double kMaintainerDays = 30;

/// P(d maintainers' delays + the deployment's <= days), on a grid of cells of the maintainers'
/// delay.
double delays_by(int layers, double days) {
  if (layers == 0) {
    return coverage(days, kShape, kNeverTaken);
  }
  constexpr int kCells = 1500;
  double sum = 0;
  for (int i = 0; i < kCells; ++i) {
    const double from = days * i / kCells;
    const double to = days * (i + 1) / kCells;
    sum += (weibull_by(to, kMaintainerShape, kMaintainerDays) -
            weibull_by(from, kMaintainerShape, kMaintainerDays)) *
           delays_by(layers - 1, days - 0.5 * (from + to));
  }
  return sum;
}

double coverage_of_layer(int layers, double days) {
  return std::pow(kMerge, layers) * delays_by(layers, days);
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

TEST_CASE("deployments of a derivative take what its maintainers have merged") {
  const LawRuns runs(world_of_patches(0.5)
                         .set("/time/years", 0.75)
                         .set("/mechanisms/flaws/mean/control", 40)
                         .set("/mechanisms/patches/latency_days", 200)
                         .set("/mechanisms/patches/panel", 50)
                         .set("/mechanisms/fingers/tune_usd", 0)
                         .set("/mechanisms/derivatives/enabled", "true")
                         .set("/mechanisms/derivatives/publish", 0.05)
                         .set("/mechanisms/derivatives/layer_flaws", 0)
                         .set("/mechanisms/derivatives/merge", kMerge)
                         .set("/mechanisms/derivatives/maintainer_shape", kMaintainerShape)
                         .set("/mechanisms/derivatives/maintainer_scale_days", kMaintainerDays)
                         .set("/population/developers/activity_mean", 40)
                         .set("/experiment/replicates", 200));
  for (const int layers : {1, 2}) {
    const std::string name = "panel_layer_" + std::to_string(layers);
    const auto panel = runs.measure_all(0, [&name](const RunView& run) {
      return std::vector<double>{run.series_sum(name + "_fixes"),
                                 run.series_sum(name + "_taken_90d")};
    });
    check_law("layers " + std::to_string(layers), ratio_of(panel[1], panel[0]),
              {.expected = coverage_of_layer(layers, 90),
               .bound = 0.012,
               .wrong = coverage_of_layer(layers - 1, 90)});
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
