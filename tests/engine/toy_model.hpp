// The smallest model that uses all the engine offers: a gambler who tosses coins. It proves that
// the engine knows nothing of any domain. With stake 1, fair coins and no ruin, the mean of the
// purse is its start.
#pragma once

#include <string>
#include <vector>

#include "engine/model.hpp"
#include "engine/store.hpp"

namespace fingers::toy {

inline constexpr std::uint32_t kSteps = 40;
inline constexpr std::uint32_t kToss = 1;  ///< the process of its draws
inline constexpr double kStartingPurse = 10;

/// Chance of heads at each design point.
inline const std::vector<double> kHeads = {0.5, 0.6};

/// One purse; a toss a step; ends when it is empty.
struct Gambler {
  StreamKey key;
  double heads = 0.5;
  double purse = kStartingPurse;
  double n_heads = 0;
  std::vector<double> when;
  std::vector<std::uint8_t> side;
  std::vector<float> purse_after;
  std::vector<std::uint32_t> streak;
  std::vector<float> purses = std::vector<float>(kSteps, 0.0F);
};

class CoinModel {
 public:
  using World = Gambler;

  [[nodiscard]] const RecordSchema& schema() const { return schema_; }
  [[nodiscard]] Clock clock() const {
    return {.start_year = 2026, .dt_years = 0.25, .n_steps = kSteps};
  }
  [[nodiscard]] World make_world(std::uint32_t point, const WorldKeys& keys) const {
    World world;
    world.key = keys.dynamics;
    world.heads = kHeads.at(point);
    return world;
  }
  bool advance(World& world, std::uint32_t step) const {
    Stream stream(world.key, {.identity = 1, .step = step, .process = kToss, .draw = 0});
    const bool heads = bernoulli(world.heads, stream);
    world.purse += heads ? 1 : -1;
    world.n_heads += heads ? 1 : 0;
    const bool same = !world.side.empty() && (world.side.back() == 0) == heads;
    world.when.push_back(clock().year(step));
    world.side.push_back(heads ? 0 : 1);
    world.purse_after.push_back(static_cast<float>(world.purse));
    world.streak.push_back(same ? world.streak.back() + 1 : 1);
    world.purses[step] = static_cast<float>(world.purse);
    return world.purse > 0;
  }
  [[nodiscard]] RunRecord records(const World& world) const {
    RunRecord record;
    record.tables = {{world.when, world.side, world.purse_after, world.streak},
                     {std::vector<std::uint64_t>{world.key.replicate}}};
    record.series = world.purses;
    record.outcomes = {world.n_heads, world.purse};
    return record;
  }

 private:
  RecordSchema schema_{
      .name = "coins",
      .version = 3,
      .tables = {{.name = "tosses",
                  .row = "toss",
                  .meaning = "every toss",
                  .columns = {{"time", ColumnType::f8, "yr", "calendar year", "", {}},
                              {"side", ColumnType::u1, "1", "what fell", "side", {}},
                              {"purse", ColumnType::f4, "coin", "purse after the toss", "", {}},
                              {"streak", ColumnType::u4, "1", "equal sides in a row", "", {}}}},
                 {.name = "gamblers",
                  .row = "gambler",
                  .meaning = "who played",
                  .columns = {{"number", ColumnType::u8, "1", "number of the gambler", "", {}}}}},
      .series = {{"purse", ColumnType::f4, "coin", "purse", "", {}}},
      .outcomes = {{"heads", ColumnType::f8, "1", "number of heads", "", {}},
                   {"final_purse", ColumnType::f8, "coin", "purse at the end", "", {}}},
      .dictionaries = {{.name = "side", .names = {"heads up", "tails"}}}};
};

static_assert(Model<CoinModel>);

/// All that decides a batch of `replicates` of both design points.
inline DatasetDescription describe(const CoinModel& model, std::uint32_t replicates,
                                   std::uint64_t seed = 7) {
  DatasetDescription about;
  about.schema = model.schema();
  about.clock = model.clock();
  about.design.factors = {{.pointer = "/coin/heads", .unit = "1", .values = kHeads}};
  about.design.replicates = replicates;
  for (const double heads : kHeads) {
    about.design.points.push_back({.name = heads == 0.5 ? "fair" : "loaded",
                                   .setting = heads == 0.5 ? "casino" : "club",
                                   .values = {heads}});
    about.point_texts.push_back(
        {std::make_shared<const std::string>("{\"heads\": " + std::to_string(heads) + "}")});
  }
  about.seeds = derive_seeds(seed);
  about.title = "Coins";
  about.config_text = "{\"title\": \"Coins\", \"note\": \"schön\"}";
  about.model_text = "{\"heads\": [0.5, 0.6]}";
  about.provenance_text = "{}";
  about.software = "coins 0.1.0";
  about.licence = "CC0-1.0";
  return about;
}

}  // namespace fingers::toy
