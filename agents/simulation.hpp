// The model as the engine sees it (engine/model.hpp): the points of a design as scenarios, each run
// by the same month.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "agents/scenario.hpp"
#include "agents/world.hpp"
#include "engine/config_reader.hpp"
#include "engine/design.hpp"
#include "engine/model.hpp"

namespace fingers {

/// Rises whenever results change (docs/data-dictionary.md).
inline constexpr std::uint32_t kResultsVersion = 2;

class Simulation {
 public:
  using World = fingers::World;

  /// Expects at least one scenario, all of one shape (domains, groups, clock).
  explicit Simulation(std::vector<std::shared_ptr<const Scenario>> points);

  [[nodiscard]] const RecordSchema& schema() const { return schema_; }
  [[nodiscard]] Clock clock() const { return points_.front()->clock(); }
  [[nodiscard]] World make_world(std::uint32_t point, const WorldKeys& keys) const;
  [[nodiscard]] bool advance(World& world, std::uint32_t step) const;
  [[nodiscard]] RunRecord records(World& world) const;
  [[nodiscard]] const Scenario& scenario(std::uint32_t point) const { return *points_[point]; }

 private:
  std::vector<std::shared_ptr<const Scenario>> points_;
  RecordSchema schema_;
  std::shared_ptr<Communities> communities_;  ///< made as worlds ask for them
};

/// A config, read and checked: what is to be run, and what decides its numbers.
struct Batch {
  Scenario scenario;  ///< as the config gives it, before any factor
  Design design;
  std::vector<std::shared_ptr<const Scenario>> points;
  std::string config_text;             ///< resolved, as JSON
  std::string model_text;              ///< of it, what decides the numbers
  std::vector<PointText> point_texts;  ///< what decides the numbers of each point
  std::vector<ParameterReader::Resolved> parameters;
  Mistakes mistakes;  ///< when not empty nothing else may be used
};

/// Reads a batch from a loaded document: adds the built-in regimes it names, checks everything, and
/// makes the points of its design.
Batch read_batch(Document document);

/// One replicate of one point of a batch, with the seeds of that point. Expects the simulation of
/// the batch.
RunRecord run_point(const Simulation& simulation, const Batch& batch, std::uint32_t point,
                    std::uint32_t replicate);

/// All declarations, for `schema`, `explain` and the docs.
void list_parameters(ParameterCatalogue& catalogue);

}  // namespace fingers
