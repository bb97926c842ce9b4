// A rare event of the model: what a config asks for, what is refused where, what the score is, and
// that a world which goes on under another key is as likely as any.
#include "agents/rare_event.hpp"

#include <algorithm>
#include <cmath>

#include "agents/flaws.hpp"
#include "tests/support/estimate.hpp"
#include "tests/support/says.hpp"
#include "tests/support/worlds.hpp"

using namespace fingers;

namespace {

std::string splitting(const std::string& members) {
  return R"({"experiment": {"regimes": ["open-weights-permissive"], "splitting": {)" + members +
         "}}}";
}

std::string splitting_mistake(const std::string& members) {
  return mistake_with(splitting(members));
}

constexpr const char* kScore = R"("score": "stolen_models", "threshold": 9)";

/// A world of the batch that has made so many steps.
World world_after(const ScoredSimulation& model, const WorldKeys& keys, std::uint32_t n_steps) {
  World world = model.make_world(0, keys);
  for (std::uint32_t step = 0; step < n_steps; ++step) {
    static_cast<void>(model.advance(world, step));
  }
  return world;
}

}  // namespace

TEST_CASE("a rare event has a score, a threshold and an effort") {
  const Batch batch = batch_with(splitting(kScore));
  REQUIRE(batch.mistakes.empty());
  const SplittingSpec& spec = batch.scenario.experiment.splitting;
  CHECK(spec.asked);
  CHECK(spec.over_time == OverTime::sum);
  CHECK(spec.guide == Guide::foretold);
  CHECK(spec.levels.empty());
  CHECK(spec.trajectories == 200);
  CHECK(spec.repetitions == 20);
  CHECK(spec.plain_runs == 1000);
  CHECK(event_text(batch.scenario) == "sum of stolen_models >= 9");
  CHECK(score_column(batch.scenario).name == "stolen_models");
  CHECK_FALSE(batch_with("{}").scenario.experiment.splitting.asked);
  const Batch low = batch_with(splitting(
      R"("score": "harm_musd", "over_time": "lowest", "threshold": 5, "levels": [9, 7])"));
  REQUIRE(low.mistakes.empty());
  CHECK(event_text(low.scenario) == "lowest of harm_musd <= 5 M$/step");
}

TEST_CASE("what cannot be is said at its place") {
  CHECK(says(splitting_mistake(R"("score": "stolen_model", "threshold": 9)"),
             "/experiment/splitting/score"));
  CHECK(
      says(splitting_mistake(R"("score": "stolen_model", "threshold": 9)"), "\"stolen_models\"?"));
  CHECK(says(splitting_mistake(R"("score": "stolen_models")"), "/experiment/splitting/threshold"));
  CHECK(says(splitting_mistake(std::string(kScore) + R"(, "repetitions": 19)"),
             "/experiment/splitting/repetitions"));
  CHECK(says(splitting_mistake(std::string(kScore) + R"(, "levels": [3, 3, 5])"),
             "/experiment/splitting/levels/0"));
  CHECK(says(splitting_mistake(std::string(kScore) + R"(, "levels": [3, 9])"),
             "before the threshold"));
  CHECK(says(splitting_mistake(std::string(kScore) + R"(, "over_time": "average")"),
             "/experiment/splitting/over_time"));
}

TEST_CASE("the score is the recorded quantity over time") {
  const Batch batch = batch_with(splitting(R"("score": "actions", "threshold": 1e12)"));
  const Batch lowest =
      batch_with(splitting(R"("score": "actions", "over_time": "lowest", "threshold": 0)"));
  REQUIRE(batch.mistakes.empty());
  REQUIRE(lowest.mistakes.empty());
  const Simulation simulation(batch.points);
  const ScoredSimulation sum(simulation, batch.scenario);
  const ScoredSimulation low(simulation, lowest.scenario);
  const World world = world_after(sum, make_world_keys(batch.scenario.seeds, 0), 5);
  double expected = 0;
  for (const float value : world.series.quantity.front()) {
    expected += static_cast<double>(value);
  }
  CHECK(world.quantities.front().column.name == "actions");
  CHECK(expected > 0);
  CHECK(sum.score(world) == expected);
  CHECK(low.score(world) == -static_cast<double>(world.series.quantity.front().back()));
  CHECK(low.as_score(low.as_score(3)) == 3);
}

TEST_CASE("a copy of a world goes on by itself, and under another key otherwise") {
  const Batch batch = batch_with(splitting(kScore));
  const Simulation simulation(batch.points);
  const ScoredSimulation model(simulation, batch.scenario);
  const WorldKeys keys = make_world_keys(batch.scenario.seeds, 3);
  World whole = world_after(model, keys, 20);
  World copy = whole;
  World other = whole;
  model.branch(other, make_key(batch.scenario.seeds.dynamics, StreamKind::dynamics, 3, 1));
  for (std::uint32_t step = 20; step < 36; ++step) {
    static_cast<void>(model.advance(whole, step));
    static_cast<void>(model.advance(copy, step));
    static_cast<void>(model.advance(other, step));
  }
  CHECK(whole.series.quantity == copy.series.quantity);
  CHECK(whole.series.quantity != other.series.quantity);
  const auto& actions = whole.series.quantity.front();
  CHECK(std::equal(actions.begin(), actions.begin() + 20, other.series.quantity.front().begin()));
}

TEST_CASE("what was decided stays when a world goes on under another key") {
  const Batch batch = batch_with(splitting(kScore));
  const Simulation simulation(batch.points);
  const ScoredSimulation model(simulation, batch.scenario);
  World world = world_after(model, make_world_keys(batch.scenario.seeds, 5), 30);
  REQUIRE(world.flaw_tables.fixes.count() > 0);
  const World before = world;
  model.branch(world, make_key(batch.scenario.seeds.dynamics, StreamKind::dynamics, 5, 1));
  for (std::uint32_t developer = 0; developer < 20; ++developer) {
    CHECK(fix_delay_years(world, 0, 0, developer) == fix_delay_years(before, 0, 0, developer));
  }
}

TEST_CASE("branched worlds have the distribution of plain ones", "[slow]") {
  // 400 replicates, each as it is and with another key from its second year on; both are samples of
  // the same law, and share a year. Bound: four standard errors of the paired difference.
  const Batch batch = batch_with(
      R"({"mechanisms": {"derivatives": {"enabled": true}, "disclosure": {"enabled": true},
                         "exploits": {"enabled": true}},
          "experiment": {"regimes": ["open-weights-permissive"]}})");
  REQUIRE(batch.mistakes.empty());
  const Simulation simulation(batch.points);
  const std::size_t n_quantities = simulation.schema().series.size();
  std::vector<std::vector<double>> difference(n_quantities);
  for (std::uint32_t replicate = 0; replicate < 400; ++replicate) {
    const WorldKeys keys = make_world_keys(batch.scenario.seeds, replicate);
    World plain = simulation.make_world(0, keys);
    World branched = plain;
    bool plain_on = true;
    bool branched_on = true;
    for (std::uint32_t step = 0; step < simulation.clock().n_steps; ++step) {
      if (step == 12) {
        branch_world(branched,
                     make_key(batch.scenario.seeds.dynamics, StreamKind::dynamics, replicate, 1));
      }
      plain_on = plain_on && simulation.advance(plain, step);
      branched_on = branched_on && simulation.advance(branched, step);
    }
    for (std::size_t q = 0; q < n_quantities; ++q) {
      const auto sum = [q](const World& world) {
        double total = 0;
        for (const float value : world.series.quantity[q]) {
          total += std::isnan(value) ? 0.0 : static_cast<double>(value);
        }
        return total;
      };
      difference[q].push_back(sum(branched) - sum(plain));
    }
  }
  for (std::size_t q = 0; q < n_quantities; ++q) {
    const MeanEstimate mean = mean_of(difference[q]);
    INFO(simulation.schema().series[q].name << ": " << mean.value << " ± " << mean.standard_error);
    CHECK(std::abs(mean.value) <= 4 * mean.standard_error);
  }
}
