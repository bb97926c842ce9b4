// Neither side wins by construction, mechanism by mechanism: concentration (M12.1) and shocks
// (M13). Pairs share every draw, so each replicate is compared with itself; settings lie inside the
// declared ranges of belief. Bound: the mean difference over replicates lies more than four
// standard errors on its side of zero (chance of a false pass: 3e-5).
#include <cmath>

#include "agents/simulation.hpp"
#include "tests/support/balance.hpp"
#include "tests/support/worlds.hpp"

using namespace fingers;

namespace {

constexpr std::uint32_t kPowerReplicates = 12;

constexpr std::string_view kFewUsers = R"({
  "schema_version": 1, "base": "baseline", "seed": 20240726,
  "experiment": {"regimes": ["open-weights-permissive", "hosted-monitored"]},
  "population": {"developers": {"count": 2000, "weight": 20}, "auditors": {"count": 30},
                 "bad_actors": {"count": 1500}, "defenders": {"count": 20}}})";

/// An outcome per replicate under one of the two regimes (0: open weights, 1: hosted).
std::vector<double> outcomes(const std::string& config, std::uint32_t point,
                             const std::string& name) {
  const Batch batch = batch_with(config, kFewUsers);
  REQUIRE(batch.mistakes.empty());
  CHECK(unbelieved(batch).empty());
  const Simulation simulation(batch.points);
  std::vector<double> values;
  for (std::uint32_t replicate = 0; replicate < kPowerReplicates; ++replicate) {
    values.push_back(outcome_of(
        *batch.points[point], run_world(simulation, batch.scenario.seeds, point, replicate), name));
  }
  return values;
}

std::vector<double> minus(std::vector<double> a, const std::vector<double>& b) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    a[i] -= b[i];
  }
  return a;
}

}  // namespace

TEST_CASE("openness can lower concentration of power", "[slow]") {
  const std::string many_hosts =
      R"({"mechanisms": {"access": {"third_party_hosts": 100, "third_party_host": 0.3}}})";
  const MeanEstimate d = mean_of(
      minus(outcomes(many_hosts, 0, "concentration"), outcomes(many_hosts, 1, "concentration")));
  CAPTURE(d.value, d.standard_error);
  CHECK(is_below_zero(d));
}

TEST_CASE("openness can raise concentration of power", "[slow]") {
  // few hosts run everybody's weights, while many makers serve people who do not mind which
  const std::string few_hosts = R"({
      "labs": {"frontier": {"count": 8, "zipf": 0}},
      "mechanisms": {"access": {"third_party_hosts": 3, "third_party_host": 0.9,
                                "adoption_sharpness": 0.5, "hosted_preference": 4}}})";
  const MeanEstimate d = mean_of(
      minus(outcomes(few_hosts, 0, "concentration"), outcomes(few_hosts, 1, "concentration")));
  CAPTURE(d.value, d.standard_error);
  CHECK(is_above_zero(d));
}

TEST_CASE("makers' shocks take months from users of services, not from holders of weights",
          "[slow]") {
  const std::string shocks =
      R"({"mechanisms": {"shocks": {"shock_per_year": {"terms": 0.5, "withdraw": 0.5}}}})";
  const MeanEstimate d = mean_of(
      minus(outcomes(shocks, 0, "lost_user_months"), outcomes(shocks, 1, "lost_user_months")));
  CAPTURE(d.value, d.standard_error);
  CHECK(is_below_zero(d));
}

TEST_CASE("a maker can take a dangerous service out of developers' hands, not weights that are out",
          "[slow]") {
  // acts that withdrawals spare, against the same world almost without them: who acts less presses
  // less (M5.3)
  const auto withdrawals = [](const std::string& rate) {
    return R"({"mechanisms": {"concentration": {"capture_per_year": 0},
        "catastrophe": {"absorbing": false},
        "shocks": {"migration_months": 12, "shock_per_year": {"terms": 0.01, "stop_release": 0,
                   "withdraw": )" +
           rate + "}}}}";
  };
  const auto spared = [&](std::uint32_t point) {
    return mean_of(minus(outcomes(withdrawals("0.01"), point, "actions"),
                         outcomes(withdrawals("1"), point, "actions")));
  };
  const MeanEstimate hosted = spared(1);
  const MeanEstimate open = spared(0);
  CAPTURE(hosted.value, hosted.standard_error, open.value, open.standard_error);
  CHECK(hosted.value - open.value - 4 * (hosted.standard_error + open.standard_error) > 0);
}
