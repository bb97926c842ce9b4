// Law: common mode (M17, M5.3). Flaws sit in the base, so all fingers on one base share
// them. With n presses, Poisson(μ) control flaws and φ(s) = E[e^(−sE)], the chance of at least one
// loss of control is
//   1 − exp(−μ(1 − φ(nρx))) on one base, at most the 1 − exp(−Nμ(1 − φ(nρx/N))) of N separate
//   bases.
// Setting: M5.3 alone, virulence ∝ 1/E on [0.001, 1], μ = 2, n·press_scale·x = 3, N = 10 bases of
// equal capability, which share the presses evenly. The number of presses is Poisson(25,000)
// instead of n: that lowers the chance by less than (n·press_scale)²/(2n)·E[V²] = 0.0002, a tenth
// of the bound. Bound: a standard error of 0.0075. Wrong variants: independent presses, 1 −
// exp(−n·press_scale·x·E[V]); the law of one base where there are ten.
#include <cmath>

#include "tests/support/catch.hpp"
#include "tests/support/law_world.hpp"

namespace fingers {

namespace {

constexpr double kSharedBound = 0.0075;
constexpr double kSharedFlaws = 2;
constexpr double kExposure = 3;  // n·press_scale·x
constexpr VirulenceLaw kVirulence{.index = 1, .low = 1e-3, .high = 1};

MeanEstimate share_that_ended(int bases) {
  constexpr double kPresses = 25000;
  constexpr double kPeople = 20;
  constexpr double kYears = 0.25;
  std::string models;
  for (int rank = 1; rank <= bases; ++rank) {
    models += std::string(rank == 1 ? "" : ",") + R"({"name": "base", "rank": )" +
              std::to_string(rank) + R"(, "capability_oom": 30, "year": 2024.5,)" +
              R"("form": "open_weights", "licence": "permissive"})";
  }
  const LawRuns runs(LawConfig::quiet()
                         .set("/time/years", kYears)
                         .set("/labs/lab/count", bases)
                         .set("/labs/lab/initial_models", "[" + models + "]")
                         .set("/mechanisms/fingers/enabled", "true")
                         .set("/mechanisms/fingers/press_scale", kExposure / kPresses)
                         .set("/mechanisms/flaws/mean/control", kSharedFlaws)
                         .set("/mechanisms/flaws/virulence_low", kVirulence.low)
                         .set("/mechanisms/flaws/virulence_high", kVirulence.high)
                         .set("/mechanisms/catastrophe/musd", 1.0)
                         .set("/population/developers/count", kPeople)
                         .set("/population/developers/activity_mean", kPresses / kPeople / kYears)
                         .set("/experiment/replicates", 5000));
  return mean_of(runs.measure(
      0, [](const RunView& run) { return std::isnan(run.outcome("ended_year")) ? 0.0 : 1.0; }));
}

/// 1 − exp(−Nμ(1 − φ(exposure/N))).
double law_of_bases(double bases) {
  const double spared = mean_over_virulence(
      kVirulence, [&](double virulence) { return std::exp(-kExposure / bases * virulence); });
  return -std::expm1(-bases * kSharedFlaws * (1.0 - spared));
}

}  // namespace

TEST_CASE("fingers on one base share its flaws") {
  const double mean_virulence =
      mean_over_virulence(kVirulence, [](double virulence) { return virulence; });
  check_law("one base", share_that_ended(1),
            {.expected = law_of_bases(1),
             .bound = kSharedBound,
             .wrong = -std::expm1(-kExposure * kSharedFlaws * mean_virulence)});
}

TEST_CASE("separate bases fail more often than a common one") {
  const MeanEstimate ten = share_that_ended(10);
  check_law("ten bases", ten,
            {.expected = law_of_bases(10), .bound = kSharedBound, .wrong = law_of_bases(1)});
  CHECK(share_that_ended(1).value < ten.value);
}

}  // namespace fingers
