// Law: fingers (M17, M5.3; the essay's "enough fingers make catastrophes shallow").
// With N equal people, a constant sum V of virulence and a constant exposure x, the first loss of
// control comes with
//   P(T) = 1 − exp(−N·rate·p·T),  p = 1 − exp(−press_scale·V·x),
// and with Gamma rates of this shape P(T) = 1 − (1 + mean·p·T/shape)^(−shape·N).
// Setting: M5.3 alone; V is constant within a replicate, Poisson(50) flaws of virulence 0.02 each,
// so that the law is taken in the mean over that count. Poisson thinning makes it exact at any
// step; times within a month are continuous, so that it holds between the months too. Bound: a
// standard error of 0.007. Wrong variants: as many presses as the mean says, 1 − (1 −
// p)^(N·rate·T); the law of equal rates where rates are Gamma.
#include <cmath>

#include "tests/support/catch.hpp"
#include "tests/support/law_world.hpp"

namespace fingers {

namespace {

constexpr double kPressBound = 0.007;
constexpr double kPeople = 4;
constexpr double kPressedFlaws = 50;
constexpr double kPressVirulence = 0.02;
constexpr double kPressScale = 0.35;

LawConfig world_of_fingers(double presses_per_year) {
  return LawConfig::quiet()
      .set("/mechanisms/fingers/enabled", "true")
      .set("/mechanisms/fingers/press_scale", kPressScale)
      .set("/mechanisms/flaws/mean/control", kPressedFlaws)
      .set("/mechanisms/flaws/virulence_low", kPressVirulence)
      .set("/mechanisms/flaws/virulence_high", kPressVirulence)
      .set("/mechanisms/catastrophe/musd",
           1.0)  // less than any loss of control: the first one ends it
      .set("/population/developers/count", kPeople)
      .set("/population/developers/activity_mean", presses_per_year)
      .set("/experiment/replicates", 6000);
}

/// Share of replicates that ended within each time [yr].
std::vector<MeanEstimate> ended_within(const LawConfig& config, const std::vector<double>& times) {
  const double start = 2024.5;
  const auto ended = LawRuns(config).measure_all(0, [&](const RunView& run) {
    std::vector<double> within;
    for (const double time : times) {
      within.push_back(run.outcome("ended_year") <= start + time ? 1.0 : 0.0);  // NaN: not
    }
    return within;
  });
  std::vector<MeanEstimate> shares;
  for (const auto& values : ended) {
    shares.push_back(mean_of(values));
  }
  return shares;
}

double press_chance(double flaws) { return -std::expm1(-kPressScale * kPressVirulence * flaws); }

}  // namespace

TEST_CASE("the first loss of control comes at the rate of all fingers together") {
  const double rate = 0.85;
  const std::vector<double> times = {0.21, 0.5, 1.0};
  const std::vector<MeanEstimate> shares = ended_within(world_of_fingers(rate), times);
  for (std::size_t i = 0; i < times.size(); ++i) {
    const double presses = kPeople * rate * times[i];
    const auto law = [&](double flaws) { return -std::expm1(-presses * press_chance(flaws)); };
    const auto wrong = [&](double flaws) {
      return 1.0 - std::pow(1.0 - press_chance(flaws), presses);
    };
    check_law("equal rates, T = " + std::to_string(times[i]), shares[i],
              {.expected = mean_over_poisson(kPressedFlaws, law),
               .bound = kPressBound,
               .wrong = mean_over_poisson(kPressedFlaws, wrong)});
  }
}

TEST_CASE("unequal fingers press less often first than equal ones") {
  const double mean = 0.85;
  const double shape = 0.5;
  const std::vector<double> times = {0.5, 1.0};
  const std::vector<MeanEstimate> shares = ended_within(
      world_of_fingers(mean).set("/population/developers/activity_shape", shape), times);
  for (std::size_t i = 0; i < times.size(); ++i) {
    const auto law = [&](double flaws) {
      return 1.0 - std::pow(1.0 + mean * press_chance(flaws) * times[i] / shape, -shape * kPeople);
    };
    const auto wrong = [&](double flaws) {
      return -std::expm1(-kPeople * mean * press_chance(flaws) * times[i]);
    };
    check_law("Gamma rates, T = " + std::to_string(times[i]), shares[i],
              {.expected = mean_over_poisson(kPressedFlaws, law),
               .bound = kPressBound,
               .wrong = mean_over_poisson(kPressedFlaws, wrong)});
  }
}

}  // namespace fingers
