// The Sobol sequence: points that fill a cube more evenly than chance, with the direction numbers
// of S. Joe and F. Y. Kuo, "Constructing Sobol sequences with better two-dimensional projections",
// SIAM J. Sci. Comput. 30, 2008, from Boost.Random.
#pragma once

#include <cstdint>
#include <vector>

namespace fingers {

inline constexpr std::uint32_t kMostSobolDimensions = 3667;

/// The first n points, one after the other, in the order of the Gray code; a coordinate is its word
/// / 2^64. They begin with the origin, which Boost.Random leaves out: without it 2^k points are no
/// digital net, and integrate far worse (A. B. Owen, "On dropping the first Sobol' point", 2020).
/// Expects 1 <= dimensions <= kMostSobolDimensions.
std::vector<std::uint64_t> sobol_words(std::uint32_t dimensions, std::uint32_t n);

}  // namespace fingers
