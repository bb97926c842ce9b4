// Neither side wins by construction: inside the declared ranges of belief there is a setting where
// the open regimes do less harm than the closed ones, and one where they do more.
//
// Measure: log10(1 M$ + all harm of ten years), so that no single tail decides; per replicate the
// mean of the open regimes minus the mean of the closed ones, which share all draws that both make.
// Bound: the mean over replicates lies more than four standard errors on its side of zero (chance
// of a false pass: 3e-5).
#include <cmath>
#include <numeric>

#include "agents/simulation.hpp"
#include "tests/support/balance.hpp"
#include "tests/support/worlds.hpp"

using namespace fingers;

namespace {

constexpr std::uint32_t kReplicates = 50;

/// As few people as the ranges of belief allow.
constexpr std::string_view kFewPeople = R"({
  "schema_version": 1, "base": "baseline", "seed": 20240726,
  "experiment": {"regimes": ["open-weights-permissive", "full-source", "closed", "hosted-monitored"]},
  "population": {"developers": {"count": 2000, "weight": 20}, "auditors": {"count": 300},
                 "bad_actors": {"count": 500}, "defenders": {"count": 20}}})";

/// Strong defenders, many eyes on shallow flaws that warn, careful labs, and a large rest of the
/// world that is careless on its own, but builds on better weights where they are out.
constexpr const char* kOpenHelps = R"({
  "labs": {
    "frontier": {"budget_usd_per_year": 5e8, "cap_usd_per_year": 5e10, "safety_share": 0.28},
    "rest-of-the-world": {"budget_usd_per_year": 1e9, "cap_usd_per_year": 1e12, "safety_share": 0.025,
                          "displacement": 1, "displacement_oom": 1}},
  "mechanisms": {
    "training": {"alignment_max": 0.98, "safety_reference": 0.04, "race_pressure": 0.1,
                 "lab_presses": 2000},
    "fingers": {"press_scale": 5e-5, "critical_oom": 29},
    "defence": {"weights_uplift_oom": 0.6},
    "scrutiny": {"returns_to_eyeballs": 1, "eyes_per_developer": 0.01},
    "flaws": {"deep_share": 0.1, "unwarned_share": 0},
    "patches": {"never_update": 0.02},
    "diffuse": {"musd_per_user_year": 1e-7, "pooling": 1, "disclosure": 0.1, "manipulation": 2}},
  "domains": {"bio": {"defence_uplift": 1}, "cyber": {"defence_uplift": 1},
              "fraud": {"defence_uplift": 1}}})";

/// Weak defenders, few eyes on deep flaws without warning, hosts that see and stop, and a rest of
/// the world that comes late.
constexpr const char* kOpenHurts = R"({
  "labs": {
    "rest-of-the-world": {"budget_usd_per_year": 1e8, "cap_usd_per_year": 2e10, "displacement": 0}},
  "mechanisms": {
    "defence": {"weights_uplift_oom": 0},
    "scrutiny": {"returns_to_eyeballs": 0.3, "eyes_per_developer": 0.0001},
    "flaws": {"deep_share": 0.6, "unwarned_share": 0.8},
    "monitoring": {"true_positive_rate": 0.8, "false_positive_rate": 1e-6, "analysts": 1000}},
  "domains": {"bio": {"defence_uplift": 0.1}, "cyber": {"defence_uplift": 0.2},
              "fraud": {"defence_uplift": 0.2}}})";

struct HarmDifference {
  MeanEstimate harm;
  std::vector<double> catastrophe;  ///< share of replicates with one, per regime
};

HarmDifference open_minus_closed(const Batch& batch) {
  const Simulation simulation(batch.points);
  std::vector<double> difference;
  HarmDifference result{.harm = {}, .catastrophe = std::vector<double>(4, 0.0)};
  for (std::uint32_t replicate = 0; replicate < kReplicates; ++replicate) {
    double d = 0;
    for (std::uint32_t point = 0; point < 4; ++point) {
      const RunRecord run = run_world(simulation, batch.scenario.seeds, point, replicate);
      const double harm = outcome_of(*batch.points[point], run, "harm_musd");
      d += (point < 2 ? 0.5 : -0.5) * std::log10(1 + harm);
      result.catastrophe[point] +=
          outcome_of(*batch.points[point], run, "catastrophes") > 0 ? 1.0 / kReplicates : 0;
    }
    difference.push_back(d);
  }
  result.harm = mean_of(difference);
  return result;
}

}  // namespace

TEST_CASE("inside the ranges of belief open regimes can do less harm than closed ones", "[slow]") {
  const Batch batch = batch_with(kOpenHelps, kFewPeople);
  REQUIRE(batch.mistakes.empty());
  CHECK(unbelieved(batch).empty());
  const HarmDifference d = open_minus_closed(batch);
  CAPTURE(d.harm.value, d.harm.standard_error, d.catastrophe);
  CHECK(is_below_zero(d.harm));
}

TEST_CASE("inside the ranges of belief open regimes can do more harm than closed ones", "[slow]") {
  const Batch batch = batch_with(kOpenHurts, kFewPeople);
  REQUIRE(batch.mistakes.empty());
  CHECK(unbelieved(batch).empty());
  const HarmDifference d = open_minus_closed(batch);
  CAPTURE(d.harm.value, d.harm.standard_error, d.catastrophe);
  CHECK(is_above_zero(d.harm));
}
