// Models that are given: when they come out and which forms they take (M1.7).
#include "agents/given_models.hpp"

#include "agents/world.hpp"
#include "tests/support/worlds.hpp"

using namespace fingers;

namespace {

constexpr const char* kHistory = R"({"labs": {"frontier": {"count": 2, "budget_usd_per_year": 0,
    "initial_models": [
      {"name": "first", "rank": 1, "capability_oom": 25, "year": 2024, "form": "hosted",
       "later": [{"year": 2025, "form": "hosted_finetune"}, {"year": 2025.3, "form": "internal"}]},
      {"name": "third", "rank": 1, "capability_oom": 27, "year": 2025.5, "form": "internal",
       "later": [{"year": 2026, "form": "open_weights"}, {"year": 2026.25, "form": "hosted"}]},
      {"name": "second", "rank": 2, "capability_oom": 26, "year": 2024.9, "form": "gated_weights",
       "licence": "community"}]}}})";

}  // namespace

TEST_CASE("a given model comes out in the step of its year, and not before") {
  for (const std::string regime : {"closed", "full-source"}) {
    World world = world_with(kHistory, regime, kIdleLab);
    CHECK(world.models.count() == 1);
    for (std::uint32_t step = 0; step < 36; ++step) {
      const double end = world.clock.year(step) + world.clock.dt_years - 1e-6;
      live(world, 1);
      const std::uint32_t out = 1U + (2024.9 < end ? 1U : 0U) + (2025.5 < end ? 1U : 0U);
      REQUIRE(world.models.count() == out);
    }
    CHECK(world.models.capability_oom == std::vector<double>{25, 26, 27});
    CHECK(world.models.maker == std::vector<LabId>{0, 1, 0});
    CHECK(world.models.release_year[1] == 2024.9);
    CHECK(world.labs.best_oom == std::vector<double>{27, 26});
    CHECK(world.labs.newest == std::vector<ModelId>{2, 1});
  }
}

TEST_CASE("given models take the later forms of their own, and weights that are out stay out") {
  World world = world_with(kHistory, "full-source", kIdleLab);
  const auto form_in = [&](ModelId m, double year) {
    while (world.clock.year(static_cast<std::uint32_t>(world.trends.frontier_oom.size())) < year) {
      live(world, 1);
    }
    return world.models.form[m];
  };
  CHECK(form_in(0, 2024.9) == Form::hosted);
  CHECK(form_in(0, 2025.2) == Form::hosted_finetune);
  CHECK(form_in(0, 2025.5) == Form::internal);
  CHECK(form_in(2, 2025.9) == Form::internal);
  CHECK(form_in(2, 2026.2) == Form::open_weights);
  CHECK(form_in(2, 2026.5) == Form::open_weights);
  CHECK(form_in(1, 2026.5) == Form::gated_weights);
}

TEST_CASE("what a given model is does not depend on the models that come after it") {
  const World with = world_with(kHistory, "closed", kIdleLab);
  World later = world_with(kHistory, "closed", kIdleLab);
  live(later, 30);
  CHECK(later.models.identity[0] == with.models.identity[0]);
  CHECK(later.models.strippable[0] == with.models.strippable[0]);
}

TEST_CASE("later forms must come in order, after the model itself") {
  const auto said = mistakes_with(R"({"labs": {"frontier": {"initial_models": [
      {"name": "a", "rank": 1, "capability_oom": 25, "year": 2024.6, "form": "hosted",
       "later": [{"year": 2024.5, "form": "open_weights"}]}]}}})");
  REQUIRE(said.size() == 1);
  CHECK(said[0].find("is before the year of the form before it") != std::string::npos);
}
