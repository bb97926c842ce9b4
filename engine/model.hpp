// What the engine asks of a model: it makes a world from a parameter point and stream keys,
// advances it one step, and hands over its records. This lets one model run in a thread pool, in a
// cluster job and in a browser tab. tests/engine/toy_model.hpp is the smallest one.
#pragma once

#include <concepts>
#include <cstdint>

#include "engine/clock.hpp"
#include "engine/random.hpp"
#include "engine/records.hpp"

namespace fingers {

/// The keys of one replicate.
struct WorldKeys {
  StreamKey population;
  StreamKey dynamics;

  bool operator==(const WorldKeys&) const = default;
};

inline WorldKeys make_world_keys(const StreamSeeds& seeds, std::uint32_t replicate) {
  return {.population = make_key(seeds.population, StreamKind::population, replicate),
          .dynamics = make_key(seeds.dynamics, StreamKind::dynamics, replicate)};
}

template <class M>
concept Model = requires(const M& model, typename M::World& world, const WorldKeys& keys,
                         std::uint32_t point, std::uint32_t step) {
  { model.schema() } -> std::convertible_to<const RecordSchema&>;
  { model.clock() } -> std::convertible_to<Clock>;
  { model.make_world(point, keys) } -> std::same_as<typename M::World>;
  /// Answers whether the world goes on (false: it has ended itself).
  { model.advance(world, step) } -> std::same_as<bool>;
  /// Tables, series and outcomes; point and replicate are filled in by run_world.
  { model.records(world) } -> std::same_as<RunRecord>;
};

/// One replicate of one point from beginning to end; a pure function of its arguments.
template <Model M>
RunRecord run_world(const M& model, const StreamSeeds& seeds, std::uint32_t point,
                    std::uint32_t replicate) {
  typename M::World world = model.make_world(point, make_world_keys(seeds, replicate));
  const Clock clock = model.clock();
  for (std::uint32_t step = 0; step < clock.n_steps; ++step) {
    if (!model.advance(world, step)) {
      break;
    }
  }
  RunRecord record = model.records(world);
  record.point = point;
  record.replicate = replicate;
  return record;
}

}  // namespace fingers
