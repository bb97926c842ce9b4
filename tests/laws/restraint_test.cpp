// Law: restraint (M17). A maker whose weights keep s_own of their safeguards can withhold them; a
// rest of the world has the same capability L later, keeps s_rest, and builds on the maker's
// weights where they are out (displacement 1). The harm of a stream without an end, discounted at
// r, is then (1 − s_own)/r after a release and (1 − s_rest)·e^(−rL)/r without one: withholding
// lowers it if and only if L > L* = (1/r)·ln[(1 − s_rest)/(1 − s_own)]. A rest of the world that
// does not build on others' weights (displacement 0) comes all the same: then withholding never
// raises harm, in no replicate.
//
// Setting: a source that publishes nothing holds the constant capability; the maker has it at once
// under the regime under study, the rest of the world L months later; 1 − s is the chance that
// their weights can be stripped. Attempts succeed with AI and never without; harm is about 1 M$
// each. Discrete form: both streams end at the horizon of 10/r, and L is a number of whole steps.
// Bound: standard errors of 0.1 and 0.06 for the ratio withheld/released. Wrong variant: that lag
// alone counts, e^(−rL).
#include <cmath>

#include "tests/support/catch.hpp"
#include "tests/support/law_world.hpp"

namespace fingers {

namespace {

constexpr double kYearlyRate = 1.0;  // r, a year
constexpr double kHorizon = 10.0;
constexpr double kStripOwn = 0.4;   // 1 − s_own
constexpr double kStripRest = 0.9;  // 1 − s_rest

LawConfig world_of_restraint(double lag_months, double displacement) {
  const std::string follower = R"("count": 1, "budget_usd_per_year": 0, "cadence_months": 0.5)";
  return LawConfig::quiet()
      .set("/labs", R"({
        "maker": {)" + follower +
                        R"(, "lag_months": 0.01, "strip_success": )" + std::to_string(kStripOwn) +
                        R"(},
        "rest": {)" + follower +
                        R"(, "regime": "open-weights-permissive",
          "displacement_oom": 0.1, "strip_success": )" +
                        std::to_string(kStripRest) + R"(},
        "source": {"count": 1, "budget_usd_per_year": 0, "regime": "closed", "initial_models": [
          {"name": "base", "rank": 1, "capability_oom": 30, "year": 2024.5, "form": "internal"}]}})")
      .set("/labs/rest/lag_months", lag_months)
      .set("/labs/rest/displacement", displacement)
      .set("/time/years", kHorizon / kYearlyRate)
      .set("/time/steps_per_year", 6)
      .set("/output/discount_rate", kYearlyRate)
      .set("/mechanisms/flaws/enabled", "false")
      .set("/mechanisms/misuse/enabled", "true")
      .set("/domains/fraud", R"({"base_logit": 0, "balance_per_oom": 20, "scale_per_oom": 0,
                                 "defence_start_oom": 27, "x_min_musd": 1, "cap_musd": 1.001})")
      .set("/population/bad_actors/count", 5)
      .set("/population/bad_actors/attempts_mean", 10)
      .set("/experiment/regimes", R"(["open-weights-permissive", "closed"])")
      .set("/experiment/replicates", 500);
}

struct Harm {
  std::vector<double> released;
  std::vector<double> withheld;
};

Harm discounted_harm(const LawConfig& config) {
  const LawRuns runs(config);
  const auto measure = [](const RunView& run) { return run.outcome("discounted_harm_musd"); };
  return {.released = runs.measure(0, measure), .withheld = runs.measure(1, measure)};
}

/// Withheld over released: [(1 − s_rest)/(1 − s_own)]·(e^(−rL) − e^(−rH))/(1 − e^(−rH)).
double expected_ratio(double lag_months) {
  const double end = std::exp(-kHorizon);
  const double later = (std::exp(-kYearlyRate * lag_months / 12) - end) / (1 - end);
  return kStripRest / kStripOwn * later;
}

}  // namespace

TEST_CASE("withholding pays exactly when the rest of the world is far enough behind") {
  const double threshold_months = 12 / kYearlyRate * std::log(kStripRest / kStripOwn);  // 9.7
  for (const auto& [lag, bound] : {std::pair{4.0, 0.1}, std::pair{18.0, 0.06}}) {
    INFO("lag of " << lag << " months");
    const Harm harm = discounted_harm(world_of_restraint(lag, 1));
    const MeanEstimate ratio = ratio_of(harm.withheld, harm.released);
    check_law("withheld over released", ratio,
              {.expected = expected_ratio(lag), .bound = bound, .wrong = std::exp(-lag / 12)});
    const double side = lag > threshold_months ? -1 : 1;
    CHECK(side * (ratio.value - 1) > 4 * ratio.standard_error);
  }
}

TEST_CASE("without displacement withholding raises harm in no replicate") {
  const Harm harm = discounted_harm(world_of_restraint(4, 0));
  int lower = 0;
  for (std::size_t i = 0; i < harm.released.size(); ++i) {
    CHECK(harm.withheld[i] <= harm.released[i]);
    lower += harm.withheld[i] < harm.released[i] ? 1 : 0;
  }
  CHECK(lower > 100);
}

}  // namespace fingers
