// Samples of the unit cube for designs of experiments, one column for each dimension. Every number
// has an address in the design stream, made of the dimension's name and the draw, so that a further
// dimension shifts nothing.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace fingers {

/// One column of a Latin hypercube (McKay, Beckman & Conover 1979): of n strata of equal width each
/// holds exactly one draw, at a random place within it, in a random order. Expects n >= 1.
std::vector<double> latin_column(const std::string& name, std::uint32_t n,
                                 std::uint64_t design_seed);

/// The random word that shifts a dimension of a digital sequence; `half` tells apart dimensions of
/// the same name.
std::uint64_t digital_shift(const std::string& name, std::uint64_t half, std::uint64_t design_seed);

/// What a dimension draws for one trajectory over a grid.
struct TrajectoryDraw {
  std::uint64_t order = 0;  ///< dimensions move in the order of these words
  std::uint32_t start = 0;  ///< level, 0 to levels - 1, each equally likely
};

/// Expects levels >= 1.
TrajectoryDraw trajectory_draw(const std::string& name, std::uint32_t trajectory,
                               std::uint32_t levels, std::uint64_t design_seed);

}  // namespace fingers
