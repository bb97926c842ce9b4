// Forms over time, leaks and what running a model costs (M2, M3.2, M14).
#include "agents/models.hpp"

#include <cmath>

#include "agents/world.hpp"
#include "engine/arithmetic.hpp"
#include "tests/support/worlds.hpp"

using namespace fingers;

namespace {

constexpr const char* kMonthly =
    R"({"labs": {"frontier": {"count": 1, "cadence_months": 1}},
        "mechanisms": {"training": {"lab_presses": 0}, "leaks": {"enabled": false}}})";

}  // namespace

TEST_CASE("a later step comes to the month, for every model") {
  for (const std::uint32_t after : {1U, 7U, 12U}) {
    const std::string staged = R"({"regimes": {"staged": {"policies": [
        {"kind": "release", "form": "hosted"},
        {"kind": "later_step", "form": "open_weights", "after_months": )" +
                               std::to_string(after) + "}]}}, " + std::string(kMonthly).substr(1);
    World world = world_with(staged, "staged", kOneLab);
    for (std::uint32_t step = 0; step < 36; ++step) {
      live(world, 1);
      REQUIRE(world.models.count() == step + 1);
      for (ModelId m = 0; m < world.models.count(); ++m) {  // model m came out in month m
        CHECK(world.models.form[m] == (step - m >= after ? Form::open_weights : Form::hosted));
      }
    }
  }
}

TEST_CASE("weights that are out stay out when the regime closes") {
  const std::string closing = R"({"regimes": {
        "ratchet": {"builds_on": "open-weights-permissive", "policies": [
          {"kind": "incident_response", "after_incidents": 1, "at_least_musd": 0,
           "within_months": 100, "lag_months": 0, "to": "closed"}]}},
      "mechanisms": {"reporting": {"misuse": 1}}})";
  World world = world_with(closing, "ratchet");
  std::vector<Form> before;
  for (int step = 0; step < 36; ++step) {
    live(world, 1);
    for (ModelId m = 0; m < before.size(); ++m) {
      CHECK((weights_are_out(before[m]) ? world.models.form[m] >= before[m] : true));
    }
    before = world.models.form;
  }
  CHECK(std::ranges::count(before, Form::open_weights) > 2);  // some came out before the switch
  CHECK(std::ranges::count(before, Form::internal) > 2);      // and none after it
}

TEST_CASE("initial models are the same in every regime and never move") {
  for (const std::string& regime : builtin_regime_names()) {
    INFO(regime);
    const World start = world_with("{}", regime);
    const World later = lived("{}", regime, 24);
    REQUIRE(start.models.count() == 5);
    for (ModelId m = 0; m < 5; ++m) {
      CHECK(later.models.given[m] == 1);
      CHECK(later.models.form[m] == start.models.form[m]);
      CHECK(later.models.monitored[m] == start.models.monitored[m]);
      CHECK(later.models.licence[m].forbidden_share == start.models.licence[m].forbidden_share);
    }
    CHECK(start.models.form == world_with("{}", "closed").models.form);
  }
}

TEST_CASE("gated weights leak when the integral of their hazard passes its threshold") {
  const World world = lived(R"({"labs": {"frontier": {"count": 1, "cadence_months": 3}},
      "mechanisms": {"training": {"lab_presses": 0}}})",
                            "gated-weights", 36, kOneLab);
  REQUIRE(world.models.count() >= 11);
  int leaked = 0;
  for (ModelId m = 0; m < world.models.count(); ++m) {
    const double due = world.models.release_year[m] + world.models.leak_threshold[m] / 5.0;
    if (due < world.end_of_step()) {
      CHECK(world.models.leaked_year[m] == Approx(due).epsilon(1e-12));
      ++leaked;
    } else {
      CHECK(world.models.leaked_year[m] == kNever);
    }
  }
  CHECK(leaked > 5);
}

TEST_CASE("a level of security divides leaks of closed weights by its factor") {
  CHECK(lived(kMonthly, "hosted", 1, kOneLab).models.leak_hazard[0] == 0);  // switched off
  const std::string leaking = R"({"labs": {"frontier": {"count": 1, "cadence_months": 1}},
      "mechanisms": {"training": {"lab_presses": 0}}})";
  const double hosted = lived(leaking, "hosted", 1, kOneLab).models.leak_hazard[0];
  const double secured = lived(leaking, "closed", 1, kOneLab).models.leak_hazard[0];
  CHECK(hosted == Approx(0.009 / 12));
  CHECK(secured == Approx(0.0045 / 12));
}

TEST_CASE("weights that anybody may take do not leak") {
  const World world = lived("{}", "open-weights-permissive", 36);
  for (ModelId m = 0; m < world.models.count(); ++m) {
    if (world.models.form[m] >= Form::open_weights) {
      CHECK(world.models.leaked_year[m] == kNever);
    }
  }
}

TEST_CASE("running a model costs with the root of its compute and falls with hardware") {
  World world = world_with("{}", "closed", kIdleLab);
  const ModelId reference = release_model(world, 25.58, Form::open_weights, 1);
  const ModelId larger = release_model(world, 27.58, Form::open_weights, 2);
  CHECK(run_cost_usd(world, reference) == Approx(300));
  CHECK(run_cost_usd(world, larger) == Approx(3000));
  world.trends.algorithms_oom[world.trends.home_bloc] =
      1;  // the same capability takes a tenth of the compute
  CHECK(run_cost_usd(world, larger) == Approx(300 * std::sqrt(10.0)));
  world.step = 24;
  CHECK(run_cost_usd(world, larger) == Approx(300 * std::sqrt(10.0) / portable_pow(2, 2 / 1.94)));
}

TEST_CASE("the frontier is the best of all models, and minus infinity without any") {
  World world = world_with("{}", "closed", kIdleLab);
  CHECK(frontier_oom(world) == -kNever);
  release_model(world, 26, Form::internal, 1);
  release_model(world, 25, Form::open_weights, 2);
  CHECK(frontier_oom(world) == 26);
}
