// Two worlds of one number whose chances are known in closed form: one that gathers a little in
// every step, and one to which almost nothing happens until it jumps.
#pragma once

#include "engine/splitting.hpp"

namespace fingers::toy {

inline constexpr std::uint32_t kGatherSteps = 100;

struct Gathered {
  StreamKey key;
  double sum = 0;
};

/// Every step adds a Poisson count of mean 1: after 100 steps the sum is Poisson of mean 100. The
/// sum never falls, so that to reach x within the horizon is to be at x at its end.
struct SlowModel {
  using World = Gathered;

  [[nodiscard]] Clock clock() const {
    return {.start_year = 0, .dt_years = 1, .n_steps = kGatherSteps};
  }
  [[nodiscard]] World make_world(std::uint32_t /*point*/, const WorldKeys& keys) const {
    return {.key = keys.dynamics};
  }
  bool advance(World& world, std::uint32_t step) const {
    Stream stream(world.key, {.identity = 1, .step = step, .process = 1, .draw = 0});
    world.sum += static_cast<double>(poisson(1.0, stream));
    return true;
  }
  void branch(World& world, const StreamKey& dynamics) const { world.key = dynamics; }
  [[nodiscard]] double score(const World& world) const { return world.sum; }
};

/// A step jumps with chance 0.002 by a Pareto size (alpha 1, at least 1); the score is the largest
/// jump. P(score >= x) = 1 - (1 - 0.002/x)^100.
struct JumpModel {
  using World = Gathered;

  [[nodiscard]] Clock clock() const {
    return {.start_year = 0, .dt_years = 1, .n_steps = kGatherSteps};
  }
  [[nodiscard]] World make_world(std::uint32_t /*point*/, const WorldKeys& keys) const {
    return {.key = keys.dynamics};
  }
  bool advance(World& world, std::uint32_t step) const {
    Stream stream(world.key, {.identity = 1, .step = step, .process = 1, .draw = 0});
    const double u = uniform(stream);
    if (u < kJumps) {
      world.sum = kJumps / u > world.sum ? kJumps / u : world.sum;  // 1/uniform: Pareto
    }
    return true;
  }
  void branch(World& world, const StreamKey& dynamics) const { world.key = dynamics; }
  [[nodiscard]] double score(const World& world) const { return world.sum; }

  static constexpr double kJumps = 0.002;
};

static_assert(SplittingModel<SlowModel> && SplittingModel<JumpModel>);

}  // namespace fingers::toy
