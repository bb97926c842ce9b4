// The Latin hypercube: its defining property, its addresses.
#include "engine/sampling.hpp"

#include <algorithm>
#include <cmath>

#include "tests/support/breaks_contract.hpp"
#include "tests/support/catch.hpp"

namespace fingers {
namespace {

TEST_CASE("of n equal strata each holds exactly one draw", "[sampling]") {
  for (const std::uint32_t n : {1U, 2U, 7U, 1000U, 49999U}) {
    for (const char* const name : {"/a", "/b/c"}) {
      std::vector<int> hits(n, 0);
      for (const double u : latin_column(name, n, 5)) {
        REQUIRE((u >= 0 && u < 1));
        ++hits[static_cast<std::size_t>(u * n)];
      }
      CHECK(std::ranges::count(hits, 1) == static_cast<std::ptrdiff_t>(n));
    }
  }
}

TEST_CASE("columns depend on their name and the seed, and on nothing else", "[sampling]") {
  const auto column = latin_column("/a", 100, 5);
  CHECK(column == latin_column("/a", 100, 5));
  CHECK(column != latin_column("/b", 100, 5));
  CHECK(column != latin_column("/a", 100, 6));
}

TEST_CASE("strata are in no order, and columns are not tied to each other", "[sampling]") {
  constexpr std::uint32_t kDraws = 4000;
  const auto a = latin_column("/a", kDraws, 5);
  const auto b = latin_column("/b", kDraws, 5);
  double across = 0;
  double along = 0;
  for (std::uint32_t i = 0; i < kDraws; ++i) {
    across += (a[i] - 0.5) * (b[i] - 0.5);
    along += (a[i] - 0.5) * (a[(i + 1) % kDraws] - 0.5);
  }
  // four standard errors of a correlation of independent columns
  const double bound = 4 / std::sqrt(kDraws) / 12;
  CHECK(std::fabs(across / kDraws) < bound);
  CHECK(std::fabs(along / kDraws) < bound);
}

TEST_CASE("a column of no draws is refused", "[sampling]") {
  CHECK(breaks_contract([] { latin_column("/a", 0, 5); }));
}

}  // namespace
}  // namespace fingers
