// Law: symmetry (M17, M6.2, M6.3; Anderson 2002, "the dance of Boltzmann, Coase and
// Moore"). Eyes of friends (D) and of bad actors (B) search with the same visibility v and the same
// returns γ: opening multiplies both rates, so that it changes the pace, not who finds first. A
// lab's own reviewers I break that:
//   P(friends first) = (v_int·I^γ + v·D^γ)/(v_int·I^γ + v·(D^γ + B^γ)).
// Setting: safeguard flaws of one virulence, Poisson(1) of them, in a hosted model that only a
// known flaw opens, every find shared among bad actors, mended at once and whole when friends find
// it first. That bad actors were first shows in their attempts at the host. Discrete form (rates d
// and b, step dt): they are seen only from the month after their find, unless friends find the flaw
// before then, so that the chance of a flaw is
//   q = e^(−2·d·dt)·(1 − e^(−b·dt))/(1 − e^(−(d + b)·dt))·(1 − e^(−(d + b)·(T − dt))),  and that of
//   a replicate 1 − e^(−q).
// Bound: a standard error of 0.018. Wrong variants: a friend always first (0); visibility that
// helps bad actors alone; internal reviewers who do not count.
#include <algorithm>
#include <cmath>

#include "tests/support/catch.hpp"
#include "tests/support/law_world.hpp"

namespace fingers {

namespace {

constexpr double kSymmetryBound = 0.018;
constexpr double kReturns = 0.5;  // γ
constexpr double kEyes = 100;     // D = B
constexpr double kPerEyeYear = 0.03;
constexpr double kStep = 1.0 / 12.0;
constexpr double kInternalVisibility = 0.5;
constexpr double kYears = 6;

struct Race {
  double friends = 0;  ///< rates a year
  double bad = 0;
};

Race race_of(double visibility, double internal_eyes) {
  const double outside = kPerEyeYear * visibility * std::pow(kEyes, kReturns);
  return {
      .friends = outside + kPerEyeYear * kInternalVisibility * std::pow(internal_eyes, kReturns),
      .bad = outside};
}

/// Chance that a replicate of `years` shows a flaw that bad actors found first.
double shown(const Race& race, double years) {
  const double both = race.friends + race.bad;
  const double q = -std::exp(-2.0 * race.friends * kStep) * std::expm1(-race.bad * kStep) *
                   std::expm1(-both * (years - kStep)) / std::expm1(-both * kStep);
  return -std::expm1(-q);
}

struct Shown {
  MeanEstimate share;
  MeanEstimate months;  ///< until it shows, where it does
};

Shown bad_actors_first(double visibility, double internal_eyes, double years) {
  const LawRuns runs(
      LawConfig::quiet()
          .set("/time/years", years)
          .set("/labs/lab/initial_models/0/form", "hosted")
          .set("/experiment/regimes", "[\"hosted\"]")
          .set("/experiment/replicates", 800)
          .set("/mechanisms/flaws/mean/safeguard", 1)
          .set("/mechanisms/flaws/virulence_low", 1)
          .set("/mechanisms/flaws/virulence_high", 1)
          .set("/mechanisms/scrutiny/enabled", "true")
          .set("/mechanisms/scrutiny/find_per_eye_year", kPerEyeYear)
          .set("/mechanisms/scrutiny/returns_to_eyeballs", kReturns)
          .set("/mechanisms/scrutiny/internal_eyes", internal_eyes)
          .set("/mechanisms/scrutiny/visibility/internal/shallow", kInternalVisibility)
          .set("/mechanisms/scrutiny/visibility/hosted/shallow", visibility)
          .set("/mechanisms/scrutiny/eyes_per_bad_actor", kEyes / 5)
          .set("/mechanisms/scrutiny/share_exploit", 1)
          .set("/population/auditors/count", kEyes)
          .set("/mechanisms/misuse/enabled", "true")
          .set("/mechanisms/misuse/pass_per_try_plain", 0)
          .set("/mechanisms/misuse/pass_known_flaw", 1)
          .set("/mechanisms/misuse/tries", 1)
          .set("/domains/fraud", R"({"base_logit": -50, "balance_per_oom": 0})")
          .set("/population/bad_actors/count", 5)
          .set("/population/bad_actors/attempts_mean", 100));
  std::vector<double> months;
  const auto showed = runs.measure(0, [&](const RunView& run) {
    const auto attempts = run.series("hosted_attempts");
    const auto first = std::ranges::find_if(attempts, [](float n) { return n > 0; });
    if (first == attempts.end()) {
      return 0.0;
    }
    months.push_back(static_cast<double>(first - attempts.begin()));
    return 1.0;
  });
  return {.share = mean_of(showed), .months = mean_of(months)};
}

}  // namespace

TEST_CASE("opening changes the pace and not who finds first") {
  const Shown open = bad_actors_first(1.0, 0, kYears);
  const Shown closed = bad_actors_first(0.25, 0, 4 * kYears);
  check_law("visibility 1", open.share,
            {.expected = shown(race_of(1.0, 0), kYears), .bound = kSymmetryBound, .wrong = 0.0});
  check_law("visibility 1/4", closed.share,
            {.expected = shown(race_of(0.25, 0), 4 * kYears),
             .bound = kSymmetryBound,
             .wrong = shown({.friends = race_of(1.0, 0).friends, .bad = race_of(0.25, 0).bad},
                            4 * kYears)});
  CHECK(closed.months.value > 3.0 * open.months.value);
}

TEST_CASE("reviewers inside a lab are an asymmetry that is declared") {
  constexpr double kInternalEyes = 400;
  check_law("with internal reviewers", bad_actors_first(1.0, kInternalEyes, kYears).share,
            {.expected = shown(race_of(1.0, kInternalEyes), kYears),
             .bound = kSymmetryBound,
             .wrong = shown(race_of(1.0, 0), kYears)});
}

}  // namespace fingers
