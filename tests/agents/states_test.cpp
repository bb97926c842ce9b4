// Adversary states: what they steal, what they can do, when they attack (M3.1, M10).
#include "agents/states.hpp"

#include <cmath>

#include "agents/world.hpp"
#include "engine/arithmetic.hpp"
#include "tests/support/worlds.hpp"

using namespace fingers;

namespace {

/// One idle lab of security level 3 and one state; `more` goes behind them.
std::string state_world(const std::string& state, const std::string& more = "") {
  return R"({"states": {"adversary": {)" + state + R"(}},
      "mechanisms": {"leaks": {"enabled": false}, "training": {"lab_presses": 0, "run_growth": 1})" +
         more + "}";
}

std::vector<double> theft_years(const World& world, std::uint32_t state) {
  std::vector<double> years;
  for (const Theft& theft : world.states.thefts) {
    if (theft.state == state) {
      years.push_back(theft.year);
    }
  }
  return years;
}

/// Means of the state of an idle world in which the lab has these models.
struct Release {
  double oom = 0;
  Form form = Form::internal;
};

World with_models(const std::string& changes, const std::vector<Release>& releases) {
  World world = world_with(changes, "hosted", kIdleLab);
  std::uint64_t number = 0;
  for (const Release& release : releases) {
    release_model(world, release.oom, release.form, number++);
  }
  return world;
}

}  // namespace

TEST_CASE("a model is stolen once, when the integral of the rate passes its threshold") {
  // OC 5 against SL 3: 3 a year
  World world = with_models(
      state_world(R"("operational_capacity": 5)", R"(, "theft": {"per_year": {"two_above": 3}}})"),
      {{26, Form::hosted}});
  live(world, 36);
  REQUIRE(world.states.target.size() == 1);
  CHECK(world.states.theft_hazard[0] > 0);
  const std::vector<double> years = theft_years(world, 0);
  REQUIRE(years.size() == 1);
  CHECK(world.states.thefts[0].model == 0);
  CHECK(years[0] > 2024.5);
  CHECK(years[0] < 2027.5);
  double counted = 0;
  for (const float n : series_of(world, "stolen_models")) {
    counted += static_cast<double>(n);
  }
  CHECK(counted == 1);
}

TEST_CASE("levels of security and of capacity set the rate, and its ends hold beyond them") {
  const auto hazard = [](const std::string& state, const std::string& level) {
    World world = world_with(R"({"labs": {"frontier": {"security_level": )" + level + "}}, " +
                                 state_world(R"("operational_capacity": )" + state, "}").substr(1),
                             "hosted", kIdleLab);
    release_model(world, 26, Form::hosted);
    live(world, 1);
    return world.states.theft_hazard[0] * 12;
  };
  CHECK(hazard("5", "1") == Approx(0.9));
  CHECK(hazard("5", "3") == Approx(0.9));
  CHECK(hazard("5", "4") == Approx(0.4));
  CHECK(hazard("4", "4") == Approx(0.08));
  CHECK(hazard("3", "4") == Approx(0.005));
  CHECK(hazard("1", "5") == Approx(0.005));
  CHECK(hazard("4.5", "4") == Approx(0.24));  // halfway
}

TEST_CASE("a regime's security keeps a state one level farther off") {
  const auto hazard = [](const std::string& regime) {
    World world = world_with(state_world(R"("operational_capacity": 4)", "}"), regime, kIdleLab);
    release_model(world, 26, Form::hosted);
    live(world, 1);
    return world.states.theft_hazard[0] * 12;
  };
  CHECK(hazard("hosted") == Approx(0.4));
  CHECK(hazard("closed") == Approx(0.08));
}

TEST_CASE("weights that anybody may have are not stolen, and a better model is a new target") {
  const std::string sure = state_world(R"("operational_capacity": 5)",
                                       R"(, "theft": {"per_year": {"two_above": 1e6}}})");
  World open = with_models(sure, {{26, Form::open_weights}});
  live(open, 3);
  CHECK(open.states.thefts.empty());
  World world = with_models(sure, {{26, Form::hosted}, {25, Form::hosted}});
  live(world, 3);
  REQUIRE(world.states.thefts.size() == 1);
  CHECK(world.states.thefts[0].model == 0);
  const ModelId better = release_model(world, 27, Form::internal, 7);
  live(world, 3);
  REQUIRE(world.states.thefts.size() == 2);
  CHECK(world.states.thefts[1].model == better);
}

TEST_CASE("without the switch of theft, or of states, nothing is stolen") {
  const std::string sure = R"("operational_capacity": 5)";
  const std::string rate = R"("per_year": {"two_above": 1e6})";
  World world = with_models(state_world(sure, R"(, "theft": {"enabled": false, )" + rate + "}}"),
                            {{26, Form::hosted}});
  live(world, 3);
  CHECK(world.states.thefts.empty());
  World none =
      with_models(state_world(sure, R"(, "states": {"enabled": false}, "theft": {)" + rate + "}}"),
                  {{26, Form::hosted}});
  live(none, 3);
  CHECK(none.states.count() == 0);
  CHECK(std::isnan(series_of(none, "state_best_oom")[2]));
  CHECK(std::isnan(series_of(none, "home_lead_months")[2]));
}

TEST_CASE("a state uses the best of its own programme, public weights and what it stole") {
  const std::string patient = state_world(R"("lag_oom": 0)", R"(, "theft": {"enabled": false}})");
  World world = with_models(patient, {});
  world.step = 0;
  CHECK(means_of_state(world, 0).capability_oom == 24.5);  // nothing but working without AI
  CHECK(means_of_state(world, 0).model == kNone);
  const ModelId hosted = release_model(world, 27, Form::hosted, 1);
  CHECK(means_of_state(world, 0).model == kNone);
  world.states.thefts.push_back({.state = 0, .model = hosted, .year = 2024.6});
  CHECK(means_of_state(world, 0).model == kNone);  // not before it is stolen
  world.step = 2;
  CHECK(means_of_state(world, 0).model == hosted);
  CHECK(means_of_state(world, 0).stolen);
  const ModelId open = release_model(world, 28, Form::open_weights, 2);
  CHECK(means_of_state(world, 0).model == open);
  CHECK_FALSE(means_of_state(world, 0).stolen);
  const ModelId tuned = release_model(world, 28.5, Form::open_weights, 4);
  world.models.bases.pop_back();  // as if somebody had derived it
  CHECK(means_of_state(world, 0).model == open);
  CHECK(tuned != open);
  const ModelId leaked = release_model(world, 29, Form::gated_weights, 3);
  CHECK(means_of_state(world, 0).model == open);
  world.models.leaked_year[leaked] = 2024.6;
  CHECK(means_of_state(world, 0).model == leaked);
}

TEST_CASE("a state's programme starts behind the frontier and grows as trends without brakes do") {
  const std::string changes = R"({"labs": {"frontier": {"initial_models": [
        {"name": "a", "rank": 1, "capability_oom": 26, "year": 2024, "form": "internal"}]}},
      "regimes": {"halt": {"policies": [{"kind": "slow_down", "pace": 0, "safety_factor": 1}]}},
      "states": {"adversary": {"lag_oom": 0.7}},
      "mechanisms": {"trends": {"algorithm_doubling_months": 12}, "theft": {"enabled": false}}})";
  World world = world_with(changes, "halt", kOneLab);
  CHECK(means_of_state(world, 0).capability_oom == Approx(25.3));
  live(world, 24);
  world.step = 24;
  advance_trends(world);
  const double hardware = 2 / 1.94 * portable_log10(2);
  const double grown = 2 * portable_log10(2.4 * 1.34) + hardware + 2 * portable_log10(2);
  CHECK(means_of_state(world, 0).capability_oom == Approx(25.3 + grown).epsilon(1e-9));
  CHECK(home_algorithms_oom(world) == 0);  // the brake binds the home bloc only
}

TEST_CASE("attacks come at the rate that capability, defence and the home bloc leave") {
  const std::string changes =
      state_world(R"("lag_oom": -6.5, "attacks_per_year": 40)",
                  R"(, "catastrophe": {"absorbing": false}, "defence": {"enabled": false},
          "reporting": {"state_attack": 1},
          "states": {"oom": 31, "width_oom": 1, "gap_slope_per_oom": 2, "gap_offset_oom": 0.25,
                     "defence_start_oom": 30, "x_min_musd": 5, "cap_musd": 6},
          "trends": {"algorithm_doubling_months": "infinite", "hardware_doubling_years": 1000}})");
  World world =
      with_models(R"({"time": {"years": 20}, )" + changes.substr(1), {{30.5, Form::internal}});
  live(world, 240);
  // c = 24.5 + 6.5 = 31, held by the lab's 30.5: σ(0)·σ(2·(31 − 0.25 − 30.5)); twenty years of
  // hardware add 0.006 OOM, 0.4 % of the rate in the mean, a fifteenth of a standard deviation
  const double expected = 20 * 40 * 0.5 * logistic(0.5);
  const auto n = static_cast<double>(world.events.count());
  CHECK(std::fabs(n - expected) < 4 * std::sqrt(expected));
  REQUIRE(world.events.count() > 10);
  for (std::size_t row = 0; row < 10; ++row) {
    CHECK(world.events.kind[row] == static_cast<std::uint8_t>(EventKind::state_attack));
    CHECK(world.events.agent_kind[row] == static_cast<std::uint8_t>(AgentKind::state));
    CHECK(world.events.route[row] == static_cast<std::uint8_t>(Route::none));
    CHECK(world.events.maker[row] == 0);
    CHECK(world.events.domain[row] == 0);
    CHECK(world.events.severity_musd[row] >= 5.0F);
    CHECK(world.events.severity_musd[row] <= 6.0F);
    CHECK(world.events.defence_oom[row] == 30.0F);
    CHECK(static_cast<double>(world.events.seen_at[row]) == Approx(world.events.time[row]));
  }
}

TEST_CASE("an attack names the route and the maker that made it possible") {
  const auto route = [](Form form, bool stolen) {
    World world = with_models(
        state_world(R"("lag_oom": 0, "attacks_per_year": 1000)",
                    R"(, "theft": {"enabled": false}, "catastrophe": {"absorbing": false},
                        "states": {"oom": 20, "gap_offset_oom": -20}})"),
        {{30, form}});
    if (stolen) {
      world.states.thefts.push_back({.state = 0, .model = 0, .year = 2024});
    }
    live(world, 1);
    REQUIRE(world.events.count() > 10);
    CHECK(world.events.maker[0] == (stolen || form != Form::internal ? 1 : 0));
    return static_cast<Route>(world.events.route[0]);
  };
  CHECK(route(Form::internal, false) == Route::none);
  CHECK(route(Form::internal, true) == Route::stolen);
  CHECK(route(Form::open_weights, false) == Route::weights);
}

TEST_CASE("defence against states follows defenders as a domain does, and learns from attacks") {
  const std::string changes = R"({"mechanisms": {"states": {"defence_start_oom": 27,
      "defence_drift_oom_per_year": 0.6, "defence_uplift": 0}, "defence": {"learning_oom": 0}}})";
  const World world = lived(changes, "closed", 12);
  CHECK(state_defence_oom(world) == Approx(27.6));
  const World plain = lived(R"({"mechanisms": {"defence": {"enabled": false},
      "states": {"defence_start_oom": 27}}})",
                            "closed", 12);
  CHECK(state_defence_oom(plain) == 27);
}

TEST_CASE("the lead in months is the gap over the home bloc's growth of a year") {
  World world = world_with(R"({"labs": {"frontier": {"count": 1, "cadence_months": 1}},
      "states": {"adversary": {"lag_oom": 0}},
      "mechanisms": {"training": {"capability_sd_oom": 0, "jump_probability": 0,
                                  "lab_presses": 0}, "theft": {"enabled": false}}})",
                           "closed", kOneLab);
  live(world, 1);
  // before a year is over: what the trends give in the first year
  const double yearly = portable_log10(2.4) + portable_log10(1.34) + portable_log10(2) / 1.94 +
                        12 * portable_log10(2) / 8;
  const double gap = world.labs.best_oom[0] - means_of_state(world, 0).capability_oom;
  CHECK(home_lead_months(world) == Approx(12 * gap / yearly));
  live(world, 23);
  CHECK(home_growth_oom(world) == Approx(yearly).epsilon(1e-3));
  CHECK(home_lead_months(world) == Approx(12 * gap / yearly).epsilon(1e-2));
  world.trends.home_oom.assign(24, world.labs.best_oom[0] - 0.09);
  CHECK(std::isnan(home_lead_months(world)));
}
