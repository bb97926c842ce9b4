// Blocs, theft, states and distillation turn either way inside the declared ranges of belief: for
// each of them a setting under which openness helps through this mechanism alone, and one under
// which it hurts. Where a mechanism is one-sided by its nature the test holds its sign.
//
// Each measure is paired: the same draws under both regimes. Bound: the mean over replicates lies
// more than four standard errors on its side of zero (chance of a false pass: 3e-5), or, where the
// law is exact, on its side in every replicate.
#include <cmath>
#include <functional>

#include "agents/simulation.hpp"
#include "tests/support/balance.hpp"
#include "tests/support/worlds.hpp"

using namespace fingers;

namespace {

/// Labs and states alone.
constexpr std::string_view kLabsAndStates = R"({
  "schema_version": 1, "base": "baseline", "seed": 20240726,
  "population": {"developers": {"count": 0}, "auditors": {"count": 0}, "bad_actors": {"count": 0},
                 "defenders": {"count": 20}},
  "mechanisms": {"flaws": {"enabled": false}, "fingers": {"enabled": false},
                 "misuse": {"enabled": false}, "scrutiny": {"enabled": false}}})";

using Measure = std::function<double(const Scenario&, const RunRecord&)>;

struct Difference {
  MeanEstimate mean;
  int above = 0;  ///< replicates in which the first regime has more
  int below = 0;
};

/// Of a measure between the two regimes of a config, paired.
Difference difference(const std::string& changes, const std::string& first,
                      const std::string& second, const Measure& measure, int replicates) {
  const auto a = scenario_with(changes, first, kLabsAndStates);
  const auto b = scenario_with(changes, second, kLabsAndStates);
  std::vector<double> values;
  Difference result;
  for (int replicate = 0; replicate < replicates; ++replicate) {
    const auto r = static_cast<std::uint32_t>(replicate);
    const double d = measure(*a, run_of(a, r)) - measure(*b, run_of(b, r));
    values.push_back(d);
    result.above += d > 0 ? 1 : 0;
    result.below += d < 0 ? 1 : 0;
  }
  result.mean = mean_of(values);
  return result;
}

Measure outcome(const std::string& name) {
  return [name](const Scenario& scenario, const RunRecord& run) {
    return outcome_of(scenario, run, name);
  };
}

Difference open_minus_closed(const std::string& changes, const std::string& name, int replicates) {
  return difference(changes, "open-weights-permissive", "closed", outcome(name), replicates);
}

/// What of a config lies outside its range of belief; the empty populations of the base do not
/// count.
std::vector<std::string> unbelieved_of(const std::string& changes) {
  std::vector<std::string> pointers = unbelieved(batch_with(changes, kLabsAndStates));
  std::erase_if(pointers, [](const std::string& text) { return text.ends_with("/count = 0"); });
  return pointers;
}

}  // namespace

TEST_CASE("what openness does to the home bloc's lead turns with who gains from it") {
  // the state's programme is all it has: what labs publish or lose is out of its reach
  const auto spilling = [](const std::string& symmetry) {
    return R"({"mechanisms": {"theft": {"enabled": false}, "leaks": {"enabled": false},
        "copying": {"enabled": false}, "training": {"bootstrap_oom": 0},
        "trends": {"openness_spillover": 0.5, "spillover_symmetry": )" +
           symmetry + "}}, \"states\": {\"adversary\": {\"lag_oom\": 0.2}}}";
  };
  const auto gap = [](const std::string& changes) {  // of algorithms, after ten years
    const auto at = [&](const std::string& regime) {
      const World world = lived(changes, regime, 119, kLabsAndStates);
      return home_algorithms_oom(world) - world.trends.algorithms_oom[world.states.bloc.front()];
    };
    return at("open-weights-permissive") - at("closed");
  };
  CHECK(unbelieved_of(spilling("0")).empty());
  CHECK(gap(spilling("0")) > 0.1);
  CHECK(std::fabs(gap(spilling("1"))) < 1e-9);
  CHECK(gap(spilling("1")) < gap(spilling("0.7")));
}

TEST_CASE("theft is a cost of secrecy where security is low, and none where weights are out") {
  const auto guarded = [](const std::string& level, const std::string& capacity) {
    return R"({"labs": {"frontier": {"security_level": )" + level +
           R"(}}, "states": {"adversary": {"operational_capacity": )" + capacity + "}}}";
  };
  CHECK(unbelieved_of(guarded("1", "5")).empty());
  const Difference weak = open_minus_closed(guarded("1", "5"), "stolen_models", 10);
  CHECK(is_below_zero(weak.mean));
  const Difference strong = open_minus_closed(guarded("5", "3"), "stolen_models", 10);
  CHECK(std::fabs(strong.mean.value) < 2);
  CHECK(strong.mean.value > weak.mean.value + 5);
}

TEST_CASE("open weights give a state what it would have had to steal", "[slow]") {
  const std::string far = R"({"labs": {"frontier": {"security_level": 5},
      "rest-of-the-world": {"budget_usd_per_year": 1e8, "cap_usd_per_year": 2e10}},
      "states": {"adversary": {"lag_oom": 2, "operational_capacity": 3, "attacks_per_year": 1}},
      "mechanisms": {"states": {"oom": 28, "gap_offset_oom": -1, "defence_uplift": 0},
                     "trends": {"openness_spillover": 0}, "copying": {"distillation_per_year": 0}}})";
  CHECK(unbelieved_of(far).empty());
  const Difference d = open_minus_closed(far, "events_state_attack", 40);
  CAPTURE(d.mean.value, d.mean.standard_error);
  CHECK(is_above_zero(d.mean));
}

TEST_CASE("open weights keep states off where defenders gain most from them", "[slow]") {
  // security so low that a closed lab's models are stolen anyway, and defenders who get nothing
  // from models that stay inside
  const std::string near = R"({"labs": {"frontier": {"security_level": 1},
      "rest-of-the-world": {"budget_usd_per_year": 1e8, "cap_usd_per_year": 2e10}},
      "states": {"adversary": {"operational_capacity": 5, "attacks_per_year": 1}},
      "population": {"defenders": {"lag_scale_months": 3}},
      "mechanisms": {"theft": {"per_year": {"two_above": 3}},
                     "defence": {"weights_uplift_oom": 0.6},
                     "states": {"oom": 28, "gap_slope_per_oom": 5, "gap_offset_oom": -0.5,
                                "defence_start_oom": 27, "defence_drift_oom_per_year": 0,
                                "defence_uplift": 1}}})";
  CHECK(unbelieved_of(near).empty());
  const Difference d = open_minus_closed(near, "events_state_attack", 40);
  CAPTURE(d.mean.value, d.mean.standard_error);
  CHECK(is_below_zero(d.mean));
}

TEST_CASE("distillation closes a lead that hosting alone would keep, and inside models keep") {
  // the rest of the world's capability: hosted against internal, with and without distillation
  const auto distilling = [](const std::string& rate) {
    return R"({"labs": {"rest-of-the-world": {"budget_usd_per_year": 1e8, "cap_usd_per_year": 2e10,
                                             "displacement": 0}},
        "mechanisms": {"training": {"bootstrap_oom": 0, "race_pressure": 0}, "leaks": {"enabled": false},
        "copying": {"copy_gap_oom": 0, "distillation_per_year": )" +
           rate + "}}}";
  };
  const Measure weights = [](const Scenario& scenario, const RunRecord& run) {
    const auto columns = series_columns(scenario);
    const auto found = std::ranges::find(columns, "weights_oom", &ColumnDeclaration::name);
    const std::size_t n = run.series.size() / columns.size();
    const auto q = static_cast<std::size_t>(found - columns.begin());
    return static_cast<double>(run.series[(q + 1) * n - 1]);
  };
  CHECK(unbelieved_of(distilling("2")).empty());
  const Difference with = difference(distilling("2"), "hosted", "closed", weights, 10);
  CHECK(is_above_zero(with.mean));
  CHECK(with.below == 0);
  const Difference without = difference(distilling("0"), "hosted", "closed", weights, 10);
  CHECK(without.above + without.below == 0);
}
