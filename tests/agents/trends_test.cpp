// Algorithms of blocs (M1.2): whose brakes slow whom, and who gains from openness.
#include "agents/trends.hpp"

#include "agents/world.hpp"
#include "engine/arithmetic.hpp"
#include "tests/support/worlds.hpp"

using namespace fingers;

namespace {

/// A home lab that trains every month and a rival one that does not publish; `trends` says how.
std::string two_blocs(const std::string& trends) {
  return R"({"labs": {"frontier": {"count": 1, "cadence_months": 1, "initial_models": []},
      "rest-of-the-world": {"bloc": "rival", "regime": "closed", "count": 1, "initial_models": []}},
      "mechanisms": {"training": {"lab_presses": 0}, "trends": {)" +
         trends + "}}}";
}

double gain(const World& world, const std::string& bloc) {
  return world.trends.algorithms_oom[bloc_number(world, bloc)];
}

}  // namespace

TEST_CASE("blocs are those of labs and states, home that of the largest group under study") {
  const World world = world_with(R"({"states": {"x": {"bloc": "third"}}})");
  CHECK(world.trends.blocs == std::vector<std::string>{"home", "rival", "third"});
  CHECK(world.trends.home_bloc == 0);
  CHECK(world.labs.bloc[0] == 0);
  CHECK(world.labs.bloc.back() == 1);
  const auto home = [](const std::string& changes) {
    const World of = world_with(changes);
    return of.trends.blocs[of.trends.home_bloc];
  };
  CHECK(home(R"({"labs": {"frontier": {"bloc": "west"}}})") == "west");
  // two groups under study: the larger one; none: the largest of all
  CHECK(home(R"({"labs": {"small": {"bloc": "east", "budget_usd_per_year": 1e6}}})") == "home");
  CHECK(home(R"({"labs": {"frontier": {"regime": "closed"}, "rest-of-the-world": {
      "budget_usd_per_year": 1e12}}})") == "rival");
}

TEST_CASE("openness gives the home bloc its whole gain and other blocs their symmetry of it") {
  const double plain = 2.0 / 12 * 12 * portable_log10(2) / 8;  // two steps after the first
  // one of two labs is open, with weight 0.5: O = 0.25
  const World world = lived(two_blocs(R"("openness_spillover": 0.4, "spillover_symmetry": 0.3)"),
                            "open-weights-permissive", 3);
  CHECK(gain(world, "home") == Approx(plain * (1 + 0.4 * 0.25)));
  CHECK(gain(world, "rival") == Approx(plain * (1 + 0.4 * 0.25 * 0.3)));
  CHECK(home_algorithms_oom(world) == gain(world, "home"));
  const World off = lived(two_blocs(R"("openness_spillover": 0.4, "spillover_enabled": false)"),
                          "open-weights-permissive", 3);
  CHECK(gain(off, "home") == Approx(plain));
  CHECK(gain(off, "rival") == Approx(plain));
}

TEST_CASE("a brake slows the bloc whose labs it binds") {
  const World world = lived(R"({"regimes": {"halt": {"policies": [
      {"kind": "slow_down", "pace": 0, "safety_factor": 1}]}}, )" +
                                two_blocs(R"("spillover_enabled": false)").substr(1),
                            "halt", 13);
  CHECK(gain(world, "home") == 0);
  CHECK(gain(world, "rival") == Approx(12 * portable_log10(2) / 8));
}

TEST_CASE("a run uses the algorithms of its lab's own bloc") {
  const std::string equal = R"({"regimes": {"halt": {"policies": [
        {"kind": "slow_down", "pace": 0, "safety_factor": 1}]}},
      "labs": {"frontier": {"count": 1, "cadence_months": 1, "initial_models": [], "growth": 1},
        "rest-of-the-world": {"bloc": "rival", "regime": "closed", "count": 1, "growth": 1,
          "cadence_months": 1, "initial_models": [], "budget_usd_per_year": 1e9,
          "safety_share": 0.1}},
      "mechanisms": {"training": {"lab_presses": 0, "capability_sd_oom": 0, "jump_probability": 0,
                                  "race_pressure": 0},
                     "copying": {"enabled": false}, "trends": {"spillover_enabled": false}}})";
  const World world = lived(equal, "halt", 13);
  CHECK(world.labs.best_oom[1] - world.labs.best_oom[0] ==
        Approx(12 * portable_log10(2) / 8).epsilon(1e-9));
}
