// Law: the unilateralist's curse (M17, M2.3; Bostrom, Douglas & Sandberg 2016). One
// model of capability c, n labs able to release it, each with an estimate c + N(0, sd):
//   naive     any may release: 1 − Φ((c − gate)/sd)^n
//   majority  (n odd) P(Bin(n, Φ((gate − c)/sd)) > n/2)
//   rational  any may release and knows it: each asks for a belief over τ*, the symmetric
//             equilibrium τ/(1 − τ) = ((2 − τ)/τ)^(n − 1), so that 1 − (1 − Φ((gate − c)/sd −
//             Φ⁻¹(τ*)))^n
// Setting: n labs at 30 OOM with models inside and hardly any money, so that each one's next model
// is of 30 OOM too; what came out is read from openness at the end. Exact but for the draws. Bound:
// a standard error of 0.012. Wrong variants: the maker alone; any for a majority; naive for
// rational; for τ* the exponent n.
#include <cmath>

#include "agents/gates.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/law_world.hpp"

namespace fingers {

namespace {

constexpr double kCurseBound = 0.012;
constexpr double kSdOom = 0.4;

double phi(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }

/// Share of models released by n labs where the model lies `above` errors over the gate.
MeanEstimate share_released(const std::string& rule, int labs, double above) {
  constexpr double kMonthsOfTrial =
      13;  // each lab has trained once, and openness was taken after it
  constexpr double kOpenWeights = 0.5;
  std::string models;
  for (int rank = 1; rank <= labs; ++rank) {
    models += std::string(rank == 1 ? "" : ",") + R"({"name": "m", "rank": )" +
              std::to_string(rank) + R"(, "capability_oom": 30, "year": 2024, "form": "internal"})";
  }
  const LawRuns runs(LawConfig::quiet()
                         .set("/time/years", kMonthsOfTrial / 12)
                         .set("/mechanisms/flaws/enabled", "false")
                         .set("/mechanisms/release/evaluation_sd_oom", kSdOom)
                         .set("/labs/lab/count", labs)
                         .set("/labs/lab/budget_usd_per_year", 1)
                         .set("/labs/lab/cadence_months", 12)
                         .set("/labs/lab/initial_models", "[" + models + "]")
                         .set("/regimes/gate",
                              R"({"policies": [{"kind": "release", "form": "open_weights"},
                                  {"kind": "gate", "form": "internal", "rule": ")" +
                                  rule + R"(", "above_oom": )" +
                                  std::to_string(30.0 - above * kSdOom) + "}]}")
                         .set("/experiment/regimes", "[\"gate\"]")
                         .set("/experiment/replicates", 2000));
  return mean_of(runs.measure(0, [](const RunView& run) {
    return static_cast<double>(run.series("openness").back()) / kOpenWeights;
  }));
}

double binomial_majority_of_five(double p) {
  const double q = 1.0 - p;
  return 10 * p * p * p * q * q + 5 * p * p * p * p * q + p * p * p * p * p;
}

}  // namespace

TEST_CASE("where any lab may release, one that is wrong is enough") {
  for (const int labs : {2, 5}) {
    check_law("naive, " + std::to_string(labs) + " labs", share_released("naive", labs, 1),
              {.expected = 1 - std::pow(phi(1), labs), .bound = kCurseBound, .wrong = 1 - phi(1)});
  }
}

TEST_CASE("a vote of labs is right more often than one of them") {
  const double each = phi(-0.5);
  check_law("majority", share_released("majority", 5, 0.5),
            {.expected = binomial_majority_of_five(each),
             .bound = kCurseBound,
             .wrong = 1 - std::pow(1 - each, 5)});
}

TEST_CASE("labs that know of the curse ask for more before they release") {
  // the table of the equilibrium (after Lewis et al. 2024), to four digits
  const std::vector<std::pair<std::uint32_t, double>> table = {
      {1, 0.5}, {2, 2.0 / 3.0}, {5, 0.8160}, {10, 0.8864}, {50, 0.9659}};
  for (const auto& [n, tau] : table) {
    CHECK(std::fabs(phi(equilibrium_caution(n)) - tau) < 6e-5);
  }
  for (const std::uint32_t n : {1U, 2U, 3U, 17U, 250U}) {
    const double tau = phi(equilibrium_caution(n));
    const double odds = tau / (1 - tau);
    CHECK(odds == Approx(std::pow((2 - tau) / tau, n - 1)).epsilon(1e-9));
    CHECK(odds != Approx(std::pow((2 - tau) / tau, n)).epsilon(1e-2));
  }
}

TEST_CASE("what cautious labs release follows from their threshold") {
  const double each = phi(-equilibrium_caution(5));  // the model lies at the gate
  check_law(
      "rational", share_released("rational", 5, 0),
      {.expected = 1 - std::pow(1 - each, 5), .bound = kCurseBound, .wrong = 1 - std::pow(0.5, 5)});
}

}  // namespace fingers
