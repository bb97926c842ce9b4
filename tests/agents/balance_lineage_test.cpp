// Neither side wins by construction: inside the declared ranges of belief, what the community
// publishes lowers the harm of open weights in one setting and raises it in another, while it
// leaves a closed world as it is.
//
// Measure: log10(1 M$ + all harm), per replicate with the mechanism minus without it; both share
// all draws that they make. Bound: the mean over replicates lies more than four standard errors on
// its side of zero (chance of a false pass: 3e-5).
#include <cmath>

#include "agents/simulation.hpp"
#include "tests/support/balance.hpp"
#include "tests/support/worlds.hpp"

using namespace fingers;

namespace {

constexpr std::uint32_t kLineageReplicates = 100;

/// As few people as the ranges of belief allow, and no world beside the labs under study.
constexpr std::string_view kFewMakers = R"({
  "schema_version": 1, "base": "baseline", "seed": 20240726, "time": {"years": 6},
  "experiment": {"regimes": ["open-weights-permissive", "closed"]},
  "labs": {"frontier": {"initial_models": []}, "rest-of-the-world": null},
  "population": {"developers": {"count": 2000, "weight": 100}, "auditors": {"count": 30},
                 "bad_actors": {"count": 1500}, "defenders": {"count": 20}}})";

/// What is published stays behind a gate that seldom leaks, defends as well as it could attack, and
/// is taken up quickly.
constexpr const char* kHelps = R"({
  "experiment": {"regimes": ["behind-a-gate", "closed"]},
  "regimes": {"behind-a-gate": {"title": "Derivatives for those who are accepted",
    "builds_on": "gated-weights", "policies": [{"kind": "licence", "named": "permissive"}]}},
  "population": {"defenders": {"lag_scale_months": 3}},
  "domains": {"bio": {"defence_uplift": 1}, "cyber": {"defence_uplift": 1},
              "fraud": {"defence_uplift": 1}},
  "mechanisms": {"leaks": {"gated_per_year": 0.1}, "fingers": {"enabled": false, "elicitation_oom": {"tune": 0.6},
                   "elicitation_cap_oom": 3},
                 "diffuse": {"enabled": false}, "derivatives": {"enabled": true}}})";

/// Defence gains little from better models, and safeguards come off.
constexpr const char* kHurts = R"({
  "population": {"defenders": {"lag_scale_months": 24}},
  "domains": {"bio": {"defence_uplift": 0.1}, "cyber": {"defence_uplift": 0.2},
              "fraud": {"defence_uplift": 0.2}},
  "mechanisms": {"misuse": {"strip_success": 1}, "fingers": {"enabled": false},
                 "diffuse": {"enabled": false}, "derivatives": {"enabled": true}}})";

/// Many copies are never patched, every fix is turned into an attack within days, and a lab's own
/// reviewers are before the bad actors.
constexpr const char* kHolesHurt = R"({
  "experiment": {"regimes": ["open-weights-permissive", "hosted"]},
  "mechanisms": {"fingers": {"enabled": false}, "derivatives": {"enabled": false},
    "diffuse": {"enabled": false},
    "access": {"third_party_host": 0.2}, "flaws": {"deep_share": 0.1},
    "patches": {"never_update": 0.4, "latency_days": 1},
    "scrutiny": {"internal_eyes": 2000, "eyes_per_bad_actor": 0.005,
      "visibility": {"hosted": {"shallow": 0.05}}},
    "disclosure": {"weaponise_per_year": 365},
    "exploits": {"enabled": true, "exploit_share": 0.8, "exploit_oom": 1.5, "harm_factor": 10}}})";

/// Harm of a regime with a mechanism minus harm without it.
MeanEstimate effect(const Batch& with, const Batch& without, std::uint32_t point) {
  const Simulation on(with.points);
  const Simulation off(without.points);
  std::vector<double> difference;
  for (std::uint32_t replicate = 0; replicate < kLineageReplicates; ++replicate) {
    const auto harm = [replicate, point](const Simulation& simulation, const Batch& batch) {
      const RunRecord run = run_world(simulation, batch.scenario.seeds, point, replicate);
      return std::log10(1 + outcome_of(*batch.points[point], run, "harm_musd"));
    };
    difference.push_back(harm(on, with) - harm(off, without));
  }
  return mean_of(difference);
}

/// The same config with a switch turned off.
Batch without(const std::string& config, const std::string& on) {
  std::string text = config;
  text.replace(text.find(on), on.size(),
               on.substr(0, on.find("true")) + "false" + on.substr(on.find("true") + 4));
  return batch_with(text, kFewMakers);
}

}  // namespace

TEST_CASE("published derivatives can lower the harm of gated weights, and leave a closed world") {
  const Batch on = batch_with(kHelps, kFewMakers);
  const Batch off = without(kHelps, R"("derivatives": {"enabled": true})");
  CHECK(unbelieved(on).empty());
  const MeanEstimate d = effect(on, off, 0);
  CAPTURE(d.value, d.standard_error);
  CHECK(is_below_zero(d));
  const MeanEstimate closed = effect(on, off, 1);
  CHECK(closed.value == 0);
}

TEST_CASE("published derivatives can raise the harm of open weights") {
  const Batch on = batch_with(kHurts, kFewMakers);
  const Batch off = without(kHurts, R"("derivatives": {"enabled": true})");
  CHECK(unbelieved(on).empty());
  const MeanEstimate d = effect(on, off, 0);
  CAPTURE(d.value, d.standard_error);
  CHECK(is_above_zero(d));
}

TEST_CASE("holes can do more harm where copies stay unpatched than where a host mends at once") {
  const Batch on = batch_with(kHolesHurt, kFewMakers);
  const Batch off = without(kHolesHurt, R"("exploits": {"enabled": true)");
  CHECK(unbelieved(on).empty());
  const MeanEstimate open = effect(on, off, 0);
  const MeanEstimate hosted = effect(on, off, 1);
  CAPTURE(open.value, open.standard_error, hosted.value, hosted.standard_error);
  CHECK(open.value - hosted.value > 4 * std::hypot(open.standard_error, hosted.standard_error));
}
