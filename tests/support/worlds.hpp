// Small worlds for tests, made from JSON as users write it: `world_with(R"({...})")` says how a
// world differs from a small copy of the baseline; what cannot be read fails the test.
#pragma once

#include <algorithm>
#include <memory>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "agents/month.hpp"
#include "agents/outcomes.hpp"
#include "agents/simulation.hpp"
#include "policies/builtin.hpp"
#include "tests/support/catch.hpp"

namespace fingers {

/// The baseline with few people and three years, and without mechanisms that tests look at apart.
inline constexpr std::string_view kSmallWorld = R"({
  "schema_version": 1, "base": "baseline", "time": {"years": 3},
  "mechanisms": {"derivatives": {"enabled": false}, "disclosure": {"enabled": false},
                 "exploits": {"enabled": false}},
  "population": {"developers": {"count": 300}, "auditors": {"count": 30},
                 "bad_actors": {"count": 200}, "defenders": {"count": 6}}})";

/// One lab and nobody else: every mechanism is looked at through a keyhole.
inline constexpr std::string_view kOneLab = R"({
  "schema_version": 1, "base": "baseline", "time": {"years": 3},
  "mechanisms": {"derivatives": {"enabled": false}, "disclosure": {"enabled": false},
                 "exploits": {"enabled": false}},
  "labs": {"frontier": {"count": 1, "initial_models": []}, "rest-of-the-world": null},
  "population": {"developers": {"count": 0}, "auditors": {"count": 0}, "bad_actors": {"count": 0},
                 "defenders": {"count": 0}}})";

/// The same with a lab that cannot pay for any run: models come from `release_model` alone.
inline constexpr std::string_view kIdleLab = R"({
  "schema_version": 1, "base": "baseline", "time": {"years": 3},
  "mechanisms": {"derivatives": {"enabled": false}, "disclosure": {"enabled": false},
                 "exploits": {"enabled": false}},
  "labs": {"frontier": {"count": 1, "budget_usd_per_year": 0, "initial_models": []},
           "rest-of-the-world": null},
  "population": {"developers": {"count": 0}, "auditors": {"count": 0}, "bad_actors": {"count": 0},
                 "defenders": {"count": 0}}})";

/// A config that changes one of the above, read as the program reads it.
inline Batch batch_with(const std::string& changes, std::string_view base = kSmallWorld) {
  const bool empty = changes.find('"') == std::string::npos;
  const std::string text = R"({"base": "small")" + std::string(empty ? "" : ", ") +
                           changes.substr(changes.find('{') + 1);
  Loaded loaded = load_document("test", [&](const std::string& path, const std::string&) {
    const std::string content = path == "test"    ? text
                                : path == "small" ? std::string(base)
                                                  : std::string(builtin_config(path));
    return TextAnswer{.text = content, .path = path, .problem = {}};
  });
  std::string mistakes;
  for (const Mistake& mistake : loaded.mistakes) {
    mistakes += to_text(mistake) + "\n";
  }
  INFO(mistakes);
  REQUIRE(loaded.mistakes.empty());
  return read_batch(std::move(loaded.document));
}

/// Its mistakes, as "pointer: message".
inline std::vector<std::string> mistakes_with(const std::string& changes,
                                              std::string_view base = kSmallWorld) {
  std::vector<std::string> texts;
  for (const Mistake& mistake : batch_with(changes, base).mistakes) {
    texts.push_back(mistake.pointer + ": " + mistake.message);
  }
  return texts;
}

/// The only mistake of it.
inline std::string mistake_with(const std::string& changes, std::string_view base = kSmallWorld) {
  const auto mistakes = mistakes_with(changes, base);
  for (const std::string& mistake : mistakes) {
    UNSCOPED_INFO(mistake);
  }
  INFO(changes << " gives " << mistakes.size() << " mistakes");
  REQUIRE(mistakes.size() == 1);
  return mistakes.front();
}

/// The scenario under a regime.
inline std::shared_ptr<const Scenario> scenario_with(const std::string& changes,
                                                     const std::string& regime,
                                                     std::string_view base = kSmallWorld) {
  const std::size_t from = changes.find('{') + 1;
  const bool empty = changes.find('"') == std::string::npos;
  const Batch batch = batch_with("{\"experiment\": {\"regimes\": [\"" + regime + "\"]}" +
                                     std::string(empty ? "" : ", ") + changes.substr(from),
                                 base);
  std::string mistakes;
  for (const Mistake& mistake : batch.mistakes) {
    mistakes += to_text(mistake) + "\n";
  }
  INFO(mistakes);
  REQUIRE(batch.mistakes.empty());
  REQUIRE(batch.points.size() == 1);
  return batch.points.front();
}

inline World world_of(const std::shared_ptr<const Scenario>& scenario,
                      std::uint32_t replicate = 0) {
  return make_world(scenario, make_world_keys(scenario->seeds, replicate));
}

inline World world_with(const std::string& changes,
                        const std::string& regime = "open-weights-permissive",
                        std::string_view base = kSmallWorld) {
  return world_of(scenario_with(changes, regime, base));
}

/// Lives up to so many months more, on from where the world stands; answers how many were lived.
inline std::uint32_t live(World& world, std::uint32_t months) {
  for (std::uint32_t lived = 0; lived < months; ++lived) {
    world.step = static_cast<std::uint32_t>(world.trends.frontier_oom.size());
    if (!month(world)) {
      return lived + 1;
    }
  }
  return months;
}

/// A world that has lived so many months.
inline World lived(const std::string& changes, const std::string& regime, std::uint32_t months,
                   std::string_view base = kSmallWorld) {
  World world = world_with(changes, regime, base);
  live(world, months);
  return world;
}

/// One run from beginning to end.
inline RunRecord run_of(const std::shared_ptr<const Scenario>& scenario,
                        std::uint32_t replicate = 0) {
  const Simulation simulation({scenario});
  return run_world(simulation, scenario->seeds, 0, replicate);
}

inline double outcome_of(const Scenario& scenario, const RunRecord& record, std::string_view name) {
  const auto columns = outcome_columns(scenario);
  const auto found = std::ranges::find(columns, name, &ColumnDeclaration::name);
  REQUIRE(found != columns.end());
  return record.outcomes.at(static_cast<std::size_t>(found - columns.begin()));
}

/// A recorded quantity of a world that has lived.
inline std::vector<float> series_of(const World& world, std::string_view name) {
  const auto columns = series_columns(*world.scenario);
  const auto found = std::ranges::find(columns, name, &ColumnDeclaration::name);
  REQUIRE(found != columns.end());
  return world.series.quantity.at(static_cast<std::size_t>(found - columns.begin()));
}

/// Of a recorded quantity, or of shares.
template <class T>
double sum_of(const std::vector<T>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

/// Adds a base model of the first lab as if it had come out now.
inline ModelId release_model(World& world, double capability_oom, Form form,
                             std::uint64_t number = 0) {
  return add_model(world,
                   {.identity = birth_identity(99, 1, 0, number),
                    .maker = 0,
                    .capability_oom = capability_oom,
                    .visible_oom = capability_oom,
                    .alignment = 0,
                    .release_year = world.year(),
                    .form = form,
                    .licence = {},
                    .given = true,
                    .monitored = false},
                   kNone);
}

/// Gives the developers other budgets for what is measured of their shares, ascending, in $ a year.
inline void set_budgets(World& world, std::vector<double> sorted_budget_usd) {
  auto developers = std::make_shared<Developers>(*world.developers);
  developers->sorted_budget_usd = std::move(sorted_budget_usd);
  world.developers = std::move(developers);
}

}  // namespace fingers
