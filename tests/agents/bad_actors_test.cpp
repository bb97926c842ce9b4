// Routes of small bad actors (M7.1).
#include "agents/bad_actors.hpp"

#include <cmath>

#include "agents/world.hpp"
#include "tests/support/worlds.hpp"

using namespace fingers;

namespace {

std::string misusers(const std::string& misuse = "", const std::string& more = "") {
  return R"({"population": {"bad_actors": {"count": 2000, "attempts_mean": 12}},
      "mechanisms": {"flaws": {"enabled": false}, "misuse": {"strip_success": 1)" +
         misuse + "}" + more + "}}";
}

/// Shares of the month's plans: at a host, and with weights or none.
struct Plans {
  double hosted = 0;
  double others = 0;
};

Plans planned(World& world) {
  live(world, 1);
  Plans plans;
  for (const Plan& plan : world.misuse.plans) {
    (plan.lab == kNone ? plans.others : plans.hosted) += 1;
  }
  return plans;
}

World with_model(const std::string& config, double oom, Form form, bool guarded = false) {
  World world = world_with(config, "closed", kIdleLab);
  world.models.monitored[release_model(world, oom, form, 1)] = guarded ? 1 : 0;
  return world;
}

}  // namespace

TEST_CASE("attempts are as many as their mean says") {
  World world = with_model(misusers(), 26, Form::internal);
  const Plans plans = planned(world);
  const double mean = [&] {
    double sum = 0;
    for (const double x : world.bad_actors.mean_attempts) {
      sum += x;
    }
    return sum;
  }();
  CHECK(std::fabs(mean / 2000 - 1) < 4 * std::sqrt(2.0 / 2000));  // Gamma of shape 0.5
  CHECK(std::fabs(plans.others - mean) < 4 * std::sqrt(mean));
  CHECK(plans.hosted == 0);
  CHECK(series_of(world, "attempts")[0] == static_cast<float>(plans.others));
}

TEST_CASE("bad actors take to weights that are out and can be stripped") {
  World world = with_model(misusers(), 26, Form::open_weights);
  planned(world);
  CHECK(world.misuse.best_weights == 0);
  World kept = with_model(R"({"population": {"bad_actors": {"count": 100}},
      "mechanisms": {"misuse": {"strip_success": 0}}})",
                          26, Form::open_weights);
  planned(kept);
  CHECK(kept.misuse.best_weights == kNone);
}

TEST_CASE("gated and internal weights are no route before they leak") {
  for (const Form form : {Form::internal, Form::gated_weights}) {
    World world = with_model(misusers("", R"(, "leaks": {"enabled": false})"), 26, form);
    planned(world);
    CHECK(world.misuse.best_weights == kNone);
    world.models.leaked_year[0] = world.year();
    planned(world);
    CHECK(world.misuse.best_weights == 0);
  }
}

TEST_CASE("a plain host is worth its gain times the chance to pass within the tries") {
  // P = 1 − (1 − 0.3)^2 = 0.51, of 3 OOM: worth 1.53 OOM over no AI
  const std::string config = misusers(R"(, "tries": 2, "no_ai_oom": 25)");
  World world = world_with(config, "closed", kIdleLab);
  release_model(world, 28, Form::hosted, 1);
  const ModelId weights = release_model(world, 26.52, Form::open_weights, 2);
  CHECK(planned(world).others == 0);
  world.models.capability_oom[weights] = 26.54;
  CHECK(planned(world).hosted == 0);
}

TEST_CASE("perceived detection keeps bad actors from guarded hosts, not from plain ones") {
  const std::string config = misusers(R"(, "risk_aversion_oom": 5, "pass_per_try_guarded": 0.9)");
  for (const bool guarded : {true, false}) {
    World world = with_model(config, 26, Form::hosted, guarded);
    CHECK(planned(world).hosted > 0);
    world.misuse.perceived.assign(3, 0.5);  // 0.5 · 5 OOM > 26 − 24.5
    const Plans plans = planned(world);
    CHECK((guarded ? plans.hosted : plans.others) == 0);
  }
}

TEST_CASE("a fine-tuning service and a known flaw open guarded hosts") {
  const auto chance = [](Form form, bool known, std::uint32_t finder) {
    World world = world_with(R"({"mechanisms": {"scrutiny": {"enabled": false}},
                       "population": {"bad_actors": {"count": 6}}})",
                             "closed", kIdleLab);
    world.models.monitored[release_model(world, 26, form, 3)] = 1;
    Flaws& flaws = world.flaw_tables.flaws;
    for (std::uint32_t f = 0; f < flaws.count(); ++f) {
      if (flaws.kind[f] == FlawKind::safeguard) {
        flaws.known_year[f] = known ? world.year() : kNever;
        flaws.bad_finder[f] = finder;
      }
    }
    live(world, 1);
    CHECK((finder == kNone || known || world.hosts.finders[0].front() == finder));
    return world.hosts.pass[0];
  };
  CHECK(chance(Form::hosted, false, kNone) == 0.044);
  CHECK(chance(Form::hosted, true, kNone) == 0.8);
  CHECK(chance(Form::hosted, false, 5) == 0.044);
  CHECK(chance(Form::hosted_finetune, false, kNone) == 0.8);
}

TEST_CASE("with misuse off there is no attempt") {
  World world = with_model(misusers(R"(, "enabled": false)"), 26, Form::open_weights);
  const Plans plans = planned(world);
  CHECK(plans.hosted + plans.others == 0);
  live(world, 12);
  CHECK(world.events.count() == 0);
}

TEST_CASE("attempts beyond what an address can number break nothing") {
  World world = world_with(R"({"population": {"bad_actors": {"count": 3, "attempts_mean": 1e4,
      "attempts_shape": 0.01}}, "domains": {"fraud": {"base_logit": -20}}})",
                           "closed", kIdleLab);
  live(world, 2);
  CHECK(world.misuse.plans.size() <= std::size_t{3} * 65536);
}

TEST_CASE("harm with weights comes by the weights' route and its maker is named") {
  World world = with_model(misusers(), 26, Form::open_weights);
  live(world, 24);
  REQUIRE(world.events.count() > 20);
  for (std::size_t row = 0; row < world.events.count(); ++row) {
    CHECK(world.events.route[row] == static_cast<std::uint8_t>(Route::weights));
    CHECK(world.events.maker[row] == 1);
    CHECK(world.events.model[row] == 0);
    CHECK(world.events.capability_oom[row] == 26);
  }
}

TEST_CASE("harm without AI has no model, no maker and the capability of working alone") {
  World world = with_model(misusers(), 26, Form::internal);
  live(world, 24);
  REQUIRE(world.events.count() > 5);
  for (std::size_t row = 0; row < world.events.count(); ++row) {
    CHECK(world.events.route[row] == static_cast<std::uint8_t>(Route::none));
    CHECK(world.events.maker[row] == 0);
    CHECK(world.events.model[row] == kNone);
    CHECK(world.events.capability_oom[row] == 24.5);
  }
}
