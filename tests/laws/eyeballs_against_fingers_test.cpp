// Law: eyeballs against fingers (M17, M5.3 with M6.2, "the essay's central contrast").
// N people press and look alike. Where flaws of every virulence are left (1/E_hi ≪ S·t ≪ 1/E_lo)
// the hazard of a loss of control is N·K/(κ·N^γ·t) ∝ N^(1 − γ): eyeballs cancel fingers only at γ
// = 1. Where every E ≥ E_lo counts it falls like e^(−E_lo·κ·N^γ·t). Where a share of flaws has no
// precursor the slope goes back to 1. Setting: no internal reviewers, no auditors,
// eyes_per_developer 1, all shallow, fixes at once for all (a host that patches), a press that
// fires reveals its flaw. Discrete form: the presses of a month meet the flaws that are left at its
// beginning, so that the expected number is the sum over months of
//   N·rate·dt·press_scale·μ·E[E·(u·e^(−E·N·rate·press_scale·t) + (1 − u)·e^(−E·(κ·N^γ +
//   N·rate·press_scale)·t))].
// Bound: a standard error of 0.04 of the slope, which removal by presses bends by less than 0.01; 9
// % of counts. Wrong variants: eyeballs that do nothing (slope 1), eyeballs that always win (slope
// 0), a power law where the fall is exponential, eyeballs that see every flaw.
#include <cmath>

#include "tests/support/catch.hpp"
#include "tests/support/law_world.hpp"

namespace fingers {

namespace {

struct Contrast {
  VirulenceLaw virulence;
  double flaws = 0;
  double returns = 0.5;     // γ
  double per_eye_year = 0;  // κ
  double press_scale = 0;
  double unwarned = 0;
  double agents = 10;  // each stands for `weights` people
  int from_month = 0;
};

constexpr double kPressesPerYear = 10;
constexpr int kMonths = 24;

LawRuns runs_of(const Contrast& x, const std::string& weights, int replicates) {
  return LawRuns(LawConfig::quiet()
                     .set("/time/years", kMonths / 12)
                     .set("/mechanisms/fingers/enabled", "true")
                     .set("/mechanisms/fingers/press_scale", x.press_scale)
                     .set("/mechanisms/access/third_party_host", 1)
                     .set("/mechanisms/scrutiny/enabled", "true")
                     .set("/mechanisms/scrutiny/eyes_per_developer", 1)
                     .set("/mechanisms/scrutiny/returns_to_eyeballs", x.returns)
                     .set("/mechanisms/scrutiny/find_per_eye_year", x.per_eye_year)
                     .set("/mechanisms/flaws/mean/control", x.flaws)
                     .set("/mechanisms/flaws/virulence_low", x.virulence.low)
                     .set("/mechanisms/flaws/virulence_high", x.virulence.high)
                     .set("/mechanisms/flaws/unwarned_share", x.unwarned)
                     .set("/mechanisms/catastrophe/absorbing", "false")
                     .set("/population/developers/count", x.agents)
                     .set("/population/developers/activity_mean", kPressesPerYear)
                     .set("/experiment/factors",
                          R"({"/population/developers/weight": {"values": )" + weights + "}}")
                     .set("/experiment/replicates", replicates));
}

/// Losses of control from `from_month` on, a replicate each.
std::vector<double> losses(const LawRuns& runs, std::uint32_t point, int from_month) {
  const double from = 2024.5 + from_month / 12.0;
  return runs.measure(point, [&](const RunView& run) {
    double n = 0;
    for (const double time : run.event_column("time")) {
      n += time >= from ? 1.0 : 0.0;
    }
    return n;
  });
}

double expected_losses(const Contrast& x, double people) {
  const double presses = people * kPressesPerYear * x.press_scale;  // a year, per virulence
  const double eyes = x.per_eye_year * std::pow(people, x.returns);
  double sum = 0;
  for (int month = x.from_month; month < kMonths; ++month) {
    const double t = month / 12.0;
    sum += mean_over_virulence(x.virulence, [&](double e) {
      return e * (x.unwarned * std::exp(-e * presses * t) +
                  (1.0 - x.unwarned) * std::exp(-e * (eyes + presses) * t));
    });
  }
  return presses / 12.0 * x.flaws * sum;
}

/// Slope of ln(losses) over ln(people) between two points.
MeanEstimate slope_between(const std::vector<double>& few, const std::vector<double>& many,
                           double people_ratio) {
  const MeanEstimate a = mean_of(few);
  const MeanEstimate b = mean_of(many);
  const double lever = std::log(people_ratio);
  return {
      .value = std::log(b.value / a.value) / lever,
      .standard_error = std::hypot(a.standard_error / a.value, b.standard_error / b.value) / lever};
}

}  // namespace

TEST_CASE("fingers win against eyeballs with slope 1 - gamma where flaws of every size are left") {
  const Contrast x{.virulence = {.index = 1, .low = 1e-7, .high = 1e-2},
                   .flaws = 250,
                   .per_eye_year = 1000,
                   .press_scale = 0.063,
                   .from_month = 4};
  const LawRuns runs = runs_of(x, "[1, 100]", 2400);
  const std::vector<double> few = losses(runs, 0, x.from_month);
  const std::vector<double> many = losses(runs, 1, x.from_month);
  check_law("losses of 10 people", mean_of(few),
            {.expected = expected_losses(x, 10),
             .bound = 0.09 * expected_losses(x, 10),
             .wrong = expected_losses(x, 1000) / 100});
  check_law("losses of 1000 people", mean_of(many),
            {.expected = expected_losses(x, 1000),
             .bound = 0.09 * expected_losses(x, 1000),
             .wrong = expected_losses(x, 10)});
  const MeanEstimate slope = slope_between(few, many, 100);
  check_law("slope", slope, {.expected = 1.0 - x.returns, .bound = 0.04, .wrong = 1.0});
  CHECK_FALSE(agrees(slope, 0.0));
}

TEST_CASE("eyeballs win exponentially where every flaw is shallow enough") {
  const Contrast x{.virulence = {.index = 1, .low = 1e-3, .high = 1e-2},
                   .flaws = 200,
                   .per_eye_year = 70,
                   .press_scale = 0.02,
                   .from_month = 12};
  const LawRuns runs = runs_of(x, "[1, 100]", 750);
  const std::vector<double> few = losses(runs, 0, x.from_month);
  const std::vector<double> many = losses(runs, 1, x.from_month);
  const Contrast bottomless{.virulence = {.index = 1, .low = 1e-7, .high = 1e-2},
                            .flaws = 200 * std::log(1e5) / std::log(10.0),  // the same K
                            .per_eye_year = x.per_eye_year,
                            .press_scale = x.press_scale,
                            .from_month = x.from_month};
  check_law("losses of 10 people", mean_of(few),
            {.expected = expected_losses(x, 10),
             .bound = 0.09 * expected_losses(x, 10),
             .wrong = expected_losses(x, 1000)});
  check_law("losses of 1000 people", mean_of(many),
            {.expected = expected_losses(x, 1000),
             .bound = 0.09 * expected_losses(x, 1000),
             .wrong = expected_losses(bottomless, 1000)});
  const auto left = runs.measure_all(1, [](const RunView& run) {
    const auto values = run.series("control_virulence");
    return std::vector<double>{static_cast<double>(values[8]), static_cast<double>(values[23])};
  });
  const double scrutiny =
      x.per_eye_year * std::sqrt(1000.0) + 1000 * kPressesPerYear * x.press_scale;
  const MeanEstimate ratio = ratio_of(left[1], left[0]);
  const double lever = scrutiny * (15.0 / 12.0);
  check_law("exponent, in units of E_lo",
            {.value = -std::log(ratio.value * 24.0 / 9.0) / lever / x.virulence.low,
             .standard_error = ratio.standard_error / ratio.value / lever / x.virulence.low},
            {.expected = 1.0, .bound = 0.04, .wrong = 0.0});
}

TEST_CASE("flaws without precursor give the fingers their full slope again") {
  const Contrast x{.virulence = {.index = 1, .low = 1e-3, .high = 1e-2},
                   .flaws = 300,
                   .per_eye_year = 1000,
                   .press_scale = 2e-5,
                   .unwarned = 0.3,
                   .agents = 100,
                   .from_month = 4};
  const LawRuns runs = runs_of(x, "[10, 100]", 1300);
  const std::vector<double> few = losses(runs, 0, x.from_month);
  const std::vector<double> many = losses(runs, 1, x.from_month);
  Contrast seen = x;
  seen.unwarned = 0;
  check_law("losses of 10000 people", mean_of(many),
            {.expected = expected_losses(x, 10000),
             .bound = 0.09 * expected_losses(x, 10000),
             .wrong = expected_losses(seen, 10000)});
  check_law("slope", slope_between(few, many, 10),
            {.expected = 1.0, .bound = 0.04, .wrong = 1.0 - x.returns});
}

}  // namespace fingers
