// A rare event as the request (`experiment.splitting`): a recorded quantity that reaches a
// threshold within the horizon. What is asked for is declared here; how its probability is found is
// engine/splitting.hpp, and what it is good for docs/rare-events.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "agents/simulation.hpp"
#include "engine/records.hpp"

namespace fingers {

/// The quantity of a rare event. Expects a scenario without mistakes that asks for it.
ColumnDeclaration score_column(const Scenario& x);

/// "sum of harm_musd >= 200000 M$", and so on.
std::string event_text(const Scenario& x);

/// A simulation whose worlds have a score and can be continued with new random numbers: the model
/// of engine/splitting.hpp. The score is the quantity over time as the config wants it; of `lowest`
/// with its sign turned, so that the event is always a score of at least `threshold`.
class ScoredSimulation {
 public:
  using World = fingers::World;

  /// Expects a simulation of this scenario's points, which lives longer.
  ScoredSimulation(const Simulation& simulation, const Scenario& scenario);

  [[nodiscard]] Clock clock() const { return simulation_.clock(); }
  [[nodiscard]] World make_world(std::uint32_t point, const WorldKeys& keys) const {
    return simulation_.make_world(point, keys);
  }
  [[nodiscard]] bool advance(World& world, std::uint32_t step) const {
    return simulation_.advance(world, step);
  }
  void branch(World& world, const StreamKey& dynamics) const { branch_world(world, dynamics); }
  [[nodiscard]] double score(const World& world) const;
  /// A level of the quantity as a score, and back.
  [[nodiscard]] double as_score(double level) const { return sign_ * level; }

 private:
  const Simulation& simulation_;
  std::size_t quantity_ = 0;  ///< its place among what is recorded
  bool sum_ = false;
  double sign_ = 1;
};

}  // namespace fingers
