// What of a config is refused, and how that is said.
#include "agents/scenario.hpp"

#include <cmath>

#include "tests/support/says.hpp"
#include "tests/support/worlds.hpp"

using namespace fingers;

TEST_CASE("the baseline and the small worlds of the tests read without mistakes") {
  CHECK(mistakes_with("{}").empty());
  CHECK(mistakes_with("{}", kOneLab).empty());
  CHECK(mistakes_with("{}", kIdleLab).empty());
}

TEST_CASE("an unknown key is named with the nearest that is known") {
  const std::string mistake = mistake_with(R"({"population": {"developers": {"cuont": 5}}})");
  CHECK(says(mistake, "/population/developers/cuont"));
  CHECK(says(mistake, "\"count\""));
}

TEST_CASE("numbers outside their range are refused, all at once") {
  const auto mistakes = mistakes_with(R"({"mechanisms": {"patches": {"strength": 1.5},
      "misuse": {"tries": 0}}, "time": {"years": -1}})");
  CHECK(mistakes.size() >= 3);
}

TEST_CASE("a regime under study that does not exist is refused with the nearest") {
  CHECK(mistake_with(R"({"experiment": {"regimes": ["closed", "staged-relase"]}})") ==
        "/experiment/regimes/1: there is no regime \"staged-relase\"; did you mean "
        "\"staged-release\"?");
  CHECK(says(mistake_with(R"({"labs": {"rest-of-the-world": {"regime": "ful-source"}}})"),
             "full-source"));
}

TEST_CASE("an experiment needs regimes, each once") {
  CHECK(says(mistake_with(R"({"experiment": {"regimes": []}})"), "at least one regime"));
  CHECK(says(mistake_with(R"({"experiment": {"regimes": ["closed", "closed"]}})"), "listed twice"));
}

TEST_CASE("a factor must be a parameter and hold different values") {
  const auto factor = [](const std::string& pointer, const std::string& values) {
    return mistake_with(R"({"experiment": {"factors": {")" + pointer + R"(": {"values": [)" +
                        values + "]}}}}");
  };
  CHECK(says(factor("/mechanisms/fingers/pres_scale", "1e-6"), "not a parameter that can vary"));
  CHECK(says(factor("/time/years", "1, 2"), "not a parameter that can vary"));
  CHECK(says(factor("/mechanisms/fingers/press_scale", ""), "at least one number"));
  CHECK(says(factor("/mechanisms/fingers/press_scale", "1e-6, 2e-6, 1e-6"), "twice"));
}

TEST_CASE("a factor's value outside the range is refused") {
  const auto mistakes = mistakes_with(R"({"experiment": {"regimes": ["closed"], "factors": {
      "/mechanisms/fingers/press_scale": {"values": [1e-6, 2]}}}})");
  CHECK(!mistakes.empty());
}

TEST_CASE("values that only make sense together are checked together") {
  CHECK(says(
      mistake_with(R"({"mechanisms": {"flaws": {"virulence_low": 1, "virulence_high": 0.5}}})"),
      "virulence_high"));
  CHECK(says(mistake_with(R"({"mechanisms": {"fingers": {"x_min_musd": 1e12}}})"), "x_min_musd"));
  CHECK(says(mistake_with(R"({"domains": {"bio": {"cap_musd": 5}}})"), "x_min_musd"));
  CHECK(says(mistake_with(R"({"domains": {"bio": {"share": 0}, "cyber": {"share": 0},
                                          "fraud": {"share": 0}}})"),
             "shares of all domains"));
  CHECK(says(mistake_with(R"({"domains": {"bio": null, "cyber": null, "fraud": null}})"),
             "at least one domain"));
}

TEST_CASE("a run must last a step and not too many") {
  CHECK(says(mistake_with(R"({"time": {"years": 0.01}})"), "shorter than one step"));
  CHECK(says(mistake_with(R"({"time": {"years": 200, "steps_per_year": 365}})"), "65,535"));
}

TEST_CASE("labs are at most 250, and a model's lab must exist") {
  CHECK(says(mistake_with(R"({"labs": {"frontier": {"count": 251}}})"), "250 labs"));
  CHECK(says(mistake_with(R"({"labs": {"frontier": {"initial_models": [
      {"name": "x", "rank": 9, "capability_oom": 25, "year": 2024, "form": "hosted"}]}}})"),
             "rank of \"x\""));
}

TEST_CASE("a domain with a name of its own must give all its numbers") {
  const auto mistakes = mistakes_with(R"({"domains": {"sabotage": {"share": 0.1}}})");
  CHECK(mistakes.size() == 9);
}

TEST_CASE("one seed gives three, and each can be set alone") {
  const auto a = scenario_with(R"({"seed": 5})", "closed");
  const auto b = scenario_with(R"({"seed": 5, "seeds": {"dynamics": 9}})", "closed");
  CHECK(a->seeds.population == derive_seeds(5).population);
  CHECK(b->seeds.population == a->seeds.population);
  CHECK(b->seeds.dynamics == 9);
  const World first = world_of(a);
  const World second = world_of(b);
  CHECK(first.developers->budget_usd == second.developers->budget_usd);
  CHECK(first.models.leak_threshold != second.models.leak_threshold);
}

TEST_CASE("every assumed number has a range of belief that holds its default") {
  ParameterCatalogue catalogue;
  list_parameters(catalogue);
  CHECK(catalogue.list().size() > 150);
  for (const DeclaredParameter& parameter : catalogue.list()) {
    const Declaration& d = parameter.declaration;
    if (d.source != kAssume || parameter.standard_text.empty()) {
      continue;
    }
    INFO(parameter.pointer);
    CHECK(std::isfinite(d.belief.low));
    CHECK(std::isfinite(d.belief.high));
    CHECK((d.standard >= d.belief.low && d.standard <= d.belief.high));
    CHECK((d.belief.low >= d.allowed.low && d.belief.high <= d.allowed.high));
  }
}
