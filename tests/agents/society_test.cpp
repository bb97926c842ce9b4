// Regimes in force, and rules that change them in mid-run (M12.2).
#include "agents/society.hpp"

#include "agents/world.hpp"
#include "tests/support/worlds.hpp"

using namespace fingers;

namespace {

/// Open until `n` incidents of 100 M$ within a year; then, after a lag, what `to` says.
std::string ratchet(const std::string& rule, const std::string& to = "closed",
                    const std::string& more = "") {
  return R"({"regimes": {"loose": {"policies": [{"kind": "release", "form": "open_weights"},
      {"kind": "incident_response", "at_least_musd": 100, "within_months": 12, )" +
         rule + R"(, "to": ")" + to + R"("}]})" + more + "}}";
}

/// Adds an incident in the middle of the month that the world lived last.
void suffer(World& world, double severity_musd = 200, bool known = true, std::uint8_t flags = 0) {
  const auto months = static_cast<double>(world.trends.frontier_oom.size());
  Event event{.year = world.clock.start_year + (months - 0.5) / 12};
  event.severity_musd = severity_musd;
  event.seen_year = known ? event.year : kNever;
  event.flags = flags;
  world.events.append(std::vector{event});
}

const std::string& regime_of(const World& world, std::uint32_t group = 0) {
  return world.scenario->regimes[world.society.groups.regime[group]].name;
}

/// Lives a month whose rules are then those of the regime in force.
std::string next_regime(World& world) {
  live(world, 1);
  return regime_of(world);
}

}  // namespace

TEST_CASE("a rule switches after its incidents and its lag, to the month") {
  World world = world_with(ratchet(R"("after_incidents": 2, "lag_months": 3)"), "loose", kIdleLab);
  live(world, 5);
  suffer(world);
  CHECK(next_regime(world) == "loose");
  CHECK(world.society.pending.empty());
  suffer(world);  // decided at the end of the month that comes
  live(world, 1);
  REQUIRE(world.society.pending.size() == 1);
  CHECK(world.society.pending[0].year == Approx(world.end_of_step() + 0.25));
  CHECK(next_regime(world) == "loose");
  CHECK(next_regime(world) == "loose");
  CHECK(next_regime(world) == "loose");
  CHECK(next_regime(world) == "closed");
  CHECK(world.society.groups.rules[0].release.form == Form::internal);
  live(world, 20);
  CHECK(regime_of(world) == "closed");
}

TEST_CASE("without a lag the next month has the new rules") {
  World world = world_with(ratchet(R"("after_incidents": 1, "lag_months": 0)"), "loose", kIdleLab);
  live(world, 3);
  suffer(world);
  CHECK(next_regime(world) == "loose");
  CHECK(next_regime(world) == "closed");
}

TEST_CASE("incidents that are small, old, unknown or averted do not count") {
  const std::string rule = ratchet(R"("after_incidents": 2, "lag_months": 0)");
  const auto switches = [&rule](double severity, bool known, std::uint8_t flags,
                                std::uint32_t wait) {
    World world = world_with(rule, "loose", kIdleLab);
    live(world, 2);
    suffer(world, severity, known, flags);
    live(world, wait);
    suffer(world);
    live(world, 3);
    return regime_of(world) == "closed";
  };
  CHECK(switches(100, true, 0, 1));
  CHECK(switches(100, true, 0, 10));
  CHECK_FALSE(switches(99, true, 0, 1));
  CHECK_FALSE(switches(1e6, false, 0, 1));
  CHECK_FALSE(switches(1e6, true, kAverted, 1));
  CHECK_FALSE(switches(100, true, 0, 13));
}

TEST_CASE("incidents from before a switch do not count towards the next") {
  const std::string two_steps =
      ratchet(R"("after_incidents": 2, "lag_months": 0)", "tight",
              R"(, "tight": {"policies": [{"kind": "release", "form": "hosted"},
        {"kind": "incident_response", "at_least_musd": 100, "within_months": 100,
         "after_incidents": 2, "lag_months": 0, "to": "closed"}]})");
  World world = world_with(two_steps, "loose", kIdleLab);
  live(world, 2);
  suffer(world);
  suffer(world);
  live(world, 2);
  CHECK(regime_of(world) == "tight");
  live(world, 6);
  CHECK(regime_of(world) == "tight");
  suffer(world);
  live(world, 3);
  CHECK(regime_of(world) == "tight");
  suffer(world);
  live(world, 3);
  CHECK(regime_of(world) == "closed");
}

TEST_CASE("incidents of the month that decides count in it") {
  World world = world_with(R"({"regimes": {"loose": {"policies": [
      {"kind": "release", "form": "open_weights"},
      {"kind": "incident_response", "at_least_musd": 0, "within_months": 12,
       "after_incidents": 1, "lag_months": 0, "to": "closed"}]}},
      "population": {"bad_actors": {"count": 3000, "attempts_mean": 12}},
      "mechanisms": {"reporting": {"misuse": 1}}})",
                           "loose", kIdleLab);
  CHECK(next_regime(world) == "loose");
  CHECK(world.events.count() > 0);
  CHECK(next_regime(world) == "closed");
}

TEST_CASE("with responses off no incident switches anything") {
  const std::string off = ratchet(R"("after_incidents": 1, "lag_months": 0)");
  World world = world_with(R"({"mechanisms": {"response": {"enabled": false}}, )" + off.substr(1),
                           "loose", kIdleLab);
  live(world, 2);
  suffer(world);
  live(world, 6);
  CHECK(regime_of(world) == "loose");
}

TEST_CASE("only groups that follow the regime under study switch") {
  World world = world_with(ratchet(R"("after_incidents": 1, "lag_months": 0)"), "loose");
  live(world, 2);
  suffer(world);
  live(world, 3);
  CHECK(regime_of(world, 0) == "closed");
  CHECK(regime_of(world, 1) == "open-weights-permissive");
}

TEST_CASE("a switch with freeze stops staged clocks, one without lets them run") {
  const auto form_later = [](const std::string& freeze) {
    const std::string config =
        ratchet(R"("after_incidents": 1, "lag_months": 0, "freeze": )" + freeze, "staged",
                R"(, "staged": {"policies": [{"kind": "release", "form": "hosted"},
          {"kind": "later_step", "form": "open_weights", "after_months": 12}]})");
    std::string hosted_first = config;
    hosted_first.replace(hosted_first.find("open_weights"), 12, "hosted");
    World world = world_with(hosted_first, "loose", kIdleLab);
    world.models.given[release_model(world, 26, Form::hosted, 1)] = 0;
    live(world, 3);
    suffer(world);
    live(world, 20);
    return world.models.form[0];
  };
  CHECK(form_later("false") == Form::open_weights);
  CHECK(form_later("true") == Form::hosted);
}

TEST_CASE("policies see the date, the frontier and the incidents of the last year") {
  World world = world_with("{}", "closed", kIdleLab);
  release_model(world, 26.25, Form::internal, 1);
  live(world, 3);
  suffer(world, 1);
  suffer(world, 1, false);
  live(world, 1);
  CHECK(world.society.situation.year == Approx(2024.75));
  CHECK(world.society.situation.frontier_oom == 26.25);
  CHECK(world.society.situation.incidents_last_year == 1);
  live(world, 12);
  CHECK(world.society.situation.incidents_last_year == 0);
}

TEST_CASE("without AI there is nothing that a regime could rule") {
  const World world = world_with(R"({"ai": false})", "slow-down");
  CHECK(rules_for_model(world, 0, 0).society.pace == 1);
}
