// How society's defence follows what defenders may use (M9).
#include "agents/defenders.hpp"

#include <cmath>

#include "agents/world.hpp"
#include "engine/arithmetic.hpp"
#include "tests/support/worlds.hpp"

using namespace fingers;

namespace {

/// Ten defenders; without a lag unless another scale is given.
std::string defended(const std::string& lag_months = "0", const std::string& more = "") {
  return R"({"population": {"defenders": {"count": 10, "lag_scale_months": )" + lag_months + R"(}},
      "domains": {"bio": null, "cyber": null, "fraud": {"defence_start_oom": 25,
        "defence_drift_oom_per_year": 0.24, "defence_uplift": 0.5}})" +
         more + "}";
}

double level(const World& world) { return world.defences.level_oom.at(0); }

}  // namespace

TEST_CASE("defence starts where it starts and drifts by the month") {
  World world = world_with(defended(), "closed", kIdleLab);
  CHECK(level(world) == 25);
  live(world, 12);
  CHECK(level(world) == Approx(25.24));
}

TEST_CASE("defence gains its uplift of what defenders gain, more with weights in hand") {
  const auto gain = [](Form form) {
    World world = world_with(defended(), "closed", kIdleLab);
    release_model(world, 26.5, form, 1);
    live(world, 1);
    return level(world) - 25.02;
  };
  CHECK(gain(Form::hosted) == Approx(0.5 * 2));  // from 24.5, where nothing is better than no AI
  CHECK(gain(Form::open_weights) == Approx(0.5 * 2.2));
  CHECK(gain(Form::internal) == Approx(0).margin(1e-12));
}

TEST_CASE("models that are there at the start are in use at the start") {
  const World world = world_with("{}");
  CHECK(world.defenders.start_oom == Approx(25.58 + 0.2));  // Llama 3.1 405B, tuned
  for (const double adopted : world.defenders.adopted_oom) {
    CHECK(adopted == Approx(25.78));
  }
}

TEST_CASE("each defender takes a model up after a Weibull lag of its own") {
  World world = world_with(R"({"population": {"defenders": {"count": 4000}}})", "closed", kIdleLab);
  release_model(world, 26.5, Form::hosted, 1);
  live(world, 9);
  const auto with_it = static_cast<double>(std::ranges::count(world.defenders.adopted_oom, 26.5));
  const double p = 1 - std::exp(-1.0);  // within the scale of nine months
  CHECK(std::fabs(with_it / 4000 - p) < 4 * std::sqrt(p * (1 - p) / 4000));
  CHECK(world.defenders.pending_year.size() == 4000 - static_cast<std::size_t>(with_it));
}

TEST_CASE("a defender's lag is the same whatever the form") {
  const auto pending = [](Form form) {
    World world = world_with(defended("12"), "closed", kIdleLab);
    release_model(world, 26.5, form, 1);
    live(world, 1);
    return world.defenders.pending_year;
  };
  CHECK(pending(Form::hosted) == pending(Form::open_weights));
}

TEST_CASE("nobody falls back to a lesser model") {
  World world = world_with(defended("6"), "closed", kIdleLab);
  release_model(world, 27, Form::hosted, 1);
  release_model(world, 26, Form::open_weights, 2);
  std::vector<double> before = world.defenders.adopted_oom;
  for (int step = 0; step < 36; ++step) {
    live(world, 1);
    for (std::size_t i = 0; i < before.size(); ++i) {
      CHECK(world.defenders.adopted_oom[i] >= before[i]);
    }
    before = world.defenders.adopted_oom;
  }
}

TEST_CASE("defenders first have internal models, others wait for a release") {
  const auto gains = [](const std::string& policies) {
    World world = world_with(
        R"({"regimes": {"r": {"policies": [)" + policies + "]}}, " + defended().substr(1), "r",
        kIdleLab);
    release_model(world, 26.5, Form::internal, 1);
    live(world, 1);
    return level(world) > 25.5;
  };
  CHECK(gains(R"({"kind": "defenders_first"})"));
  CHECK_FALSE(gains(R"({"kind": "release", "form": "hosted"})"));
}

TEST_CASE("a share of effort speeds the drift up by its gain") {
  World world =
      world_with(R"({"regimes": {"r": {"policies": [
      {"kind": "defence_effort", "share": 0.25}]}}, )" +
                     defended("0", R"(, "mechanisms": {"defence": {"defence_gain": 2}})").substr(1),
                 "r", kIdleLab);
  live(world, 12);
  CHECK(level(world) == Approx(25 + 0.24 * 1.5));
}

TEST_CASE("society learns from the incidents that it has seen in a year") {
  World world = world_with(defended("0", R"(, "mechanisms": {"defence": {"learning_oom": 0.1}})"),
                           "closed", kIdleLab);
  live(world, 1);
  for (int i = 0; i < 5; ++i) {
    Event event{.year = 2024.55, .domain = 1};
    event.seen_year = i < 3 ? event.year : kNever;  // two of five stay unknown
    event.flags = i == 0 ? kAverted : 0;            // and one of the known was averted
    world.events.append(std::vector{event});
  }
  live(world, 1);
  CHECK(level(world) == Approx(25.04 + 0.1 * std::log(3.0)));
  live(world, 12);
  CHECK(level(world) == Approx(25 + 0.02 * 14));  // a year later it is forgotten
}

TEST_CASE("with defence off its level stands still") {
  World world = world_with(defended("0", R"(, "mechanisms": {"defence": {"enabled": false}})"),
                           "closed", kIdleLab);
  release_model(world, 30, Form::open_weights, 1);
  live(world, 12);
  CHECK(level(world) == 25);
}
