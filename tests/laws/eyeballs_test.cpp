// Law: eyeballs (M17, M6.2; Anderson 2002, Brady, Anderson & Ball 1999). Many flaws of
// virulence ∝ 1/E on [E_lo, E_hi], each found at rate E·S and then gone: after scrutiny τ = S·t the
// failure intensity is
//   K·(e^(−E_lo·τ) − e^(−E_hi·τ))/τ,  K = μ/ln(E_hi/E_lo),
// close to K/τ for 1/E_hi ≪ τ ≪ 1/E_lo; for density ∝ E^−index instead ∝ τ^(index − 2).
// Setting: M6.2 alone, constant eyes (auditors of equal skill), all shallow, fixes at once and
// whole. The failure intensity is the recorded `control_virulence`, the sum of E over what is left,
// at the end of a month; what was found in a month is the integral of it. Finding times are exact,
// so there is no error of the step. Bound: standard errors of 2 % of the intensity, 1 % of the
// finds; 0.03 of the slope, whose two ends
// ([E_lo, E_hi] is finite) bend it by less than 0.01.
// Wrong variants: Goel–Okumoto, all flaws of the mean virulence; K/τ where τ is not ≫ 1/E_hi; index
// 1 for 1.6.
#include <cmath>

#include "tests/support/catch.hpp"
#include "tests/support/law_world.hpp"

namespace fingers {

namespace {

constexpr double kAuditors = 100;  // S = 100^0.5

LawConfig world_of_eyes(const VirulenceLaw& virulence, double flaws) {
  return LawConfig::quiet()
      .set("/mechanisms/scrutiny/enabled", "true")
      .set("/mechanisms/scrutiny/returns_to_eyeballs", 0.5)
      .set("/mechanisms/flaws/mean/control", flaws)
      .set("/mechanisms/flaws/virulence_index", virulence.index)
      .set("/mechanisms/flaws/virulence_low", virulence.low)
      .set("/mechanisms/flaws/virulence_high", virulence.high)
      .set("/population/developers/count", 1)  // whose use `control_virulence` is measured on
      .set("/population/auditors/count", kAuditors);
}

/// E[virulence left] of one flaw after scrutiny τ.
double left_after(const VirulenceLaw& law, double scrutiny) {
  return mean_over_virulence(law, [&](double e) { return e * std::exp(-e * scrutiny); });
}

double found_by(const VirulenceLaw& law, double scrutiny) {
  return mean_over_virulence(law, [&](double e) { return -std::expm1(-e * scrutiny); });
}

}  // namespace

TEST_CASE("enough eyeballs leave a failure intensity of two exponentials") {
  constexpr VirulenceLaw kLaw{.index = 1, .low = 1e-5, .high = 1};
  constexpr double kFlaws = 1000;
  const double k = kFlaws / std::log(kLaw.high / kLaw.low);
  const std::vector<double> per_eye_year = {1.2, 120, 12000};  // τ of 1 to 12, …, 10⁴ to 1.2·10⁵
  const LawRuns runs(world_of_eyes(kLaw, kFlaws)
                         .set("/experiment/replicates", 400)
                         .set("/experiment/factors", R"({"/mechanisms/scrutiny/find_per_eye_year":)"
                                                     R"({"values": [1.2, 120, 12000]}})"));
  const std::vector<std::size_t> months = {1, 2, 12};
  for (std::uint32_t point = 0; point < runs.n_points(); ++point) {
    const auto left = runs.measure_all(point, [&](const RunView& run) {
      std::vector<double> values;
      for (const std::size_t month : months) {
        values.push_back(static_cast<double>(run.series("control_virulence")[month - 1]));
      }
      return values;
    });
    for (std::size_t i = 0; i < months.size(); ++i) {
      const double tau =
          per_eye_year[point] * std::sqrt(kAuditors) * static_cast<double>(months[i]) / 12.0;
      const double expected = k / tau * (std::exp(-kLaw.low * tau) - std::exp(-kLaw.high * tau));
      const double mean = k * (kLaw.high - kLaw.low) / kFlaws;
      check_law("intensity at τ = " + std::to_string(tau), mean_of(left[i]),
                {.expected = expected,
                 .bound = 0.02 * expected,
                 .wrong = kFlaws * mean * std::exp(-mean * tau)});
      if (point == 0 && i == 0) {
        CHECK_FALSE(agrees(mean_of(left[i]), k / tau));  // τ is not ≫ 1/E_hi
      }
      if (point == 1) {
        CHECK(agrees(mean_of(left[i]), k / tau));  // the 1/t regime
      }
    }
  }
}

TEST_CASE("what eyeballs find in a month is the integral of the failure intensity") {
  constexpr VirulenceLaw kLaw{.index = 1, .low = 1e-5, .high = 1};
  constexpr double kFlaws = 1000;
  constexpr double kPerEyeYear = 120;
  const LawRuns runs(world_of_eyes(kLaw, kFlaws)
                         .set("/experiment/replicates", 150)
                         .set("/mechanisms/scrutiny/find_per_eye_year", kPerEyeYear));
  const auto finds = runs.measure_all(0, [](const RunView& run) {
    return std::vector<double>{static_cast<double>(run.series("finds")[0]),
                               run.series_sum("finds")};
  });
  const double year = kPerEyeYear * std::sqrt(kAuditors);
  check_law("finds of the first month", mean_of(finds[0]),
            {.expected = kFlaws * found_by(kLaw, year / 12), .bound = 4.5, .wrong = kFlaws});
  check_law("finds of the year", mean_of(finds[1]),
            {.expected = kFlaws * found_by(kLaw, year),
             .bound = 6.5,
             .wrong = 12 * kFlaws * found_by(kLaw, year / 12)});
}

TEST_CASE("a heavier index lets the failure intensity fall more slowly") {
  constexpr VirulenceLaw kLaw{.index = 1.6, .low = 1e-7, .high = 1};
  constexpr double kFlaws = 5000;
  const LawRuns runs(world_of_eyes(kLaw, kFlaws)
                         .set("/experiment/replicates", 200)
                         .set("/mechanisms/scrutiny/find_per_eye_year", 120));
  const auto left = runs.measure_all(0, [](const RunView& run) {
    const auto values = run.series("control_virulence");
    return std::vector<double>{static_cast<double>(values[0]), static_cast<double>(values[9])};
  });
  check_law("index 1.6, τ = 100", mean_of(left[0]),
            {.expected = kFlaws * left_after(kLaw, 100),
             .bound = 0.02 * kFlaws * left_after(kLaw, 100),
             .wrong = kFlaws * left_after({.index = 1, .low = kLaw.low, .high = kLaw.high}, 100)});
  const MeanEstimate ratio = ratio_of(left[1], left[0]);
  const double decade = std::log(10.0);
  check_law("slope in τ",
            {.value = std::log(ratio.value) / decade,
             .standard_error = ratio.standard_error / ratio.value / decade},
            {.expected = kLaw.index - 2.0, .bound = 0.03, .wrong = -1.0});
}

}  // namespace fingers
