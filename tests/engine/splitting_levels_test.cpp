// Where levels lie, what counts as a leap, and how trajectories are spread.
#include "engine/splitting_levels.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "tests/support/catch.hpp"

using namespace fingers;

TEST_CASE("a fifth of the trajectories reach the next level") {
  std::vector<double> peaks(10);
  std::iota(peaks.begin(), peaks.end(), 1.0);
  CHECK(next_level(peaks, 0) == 9);
  CHECK(next_level(peaks, 9) == 10);
  CHECK(std::isinf(next_level(peaks, 10)));
}

TEST_CASE("a level parts trajectories, also where most are equal") {
  const std::vector<double> counts = {0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 7};
  CHECK(next_level(counts, -1) == 3);
  CHECK(next_level(counts, 3) == 7);
  const std::vector<double> equal(5, 2.0);
  CHECK(next_level(equal, 1) == 2);
  CHECK(std::isinf(next_level(equal, 2)));
}

TEST_CASE("half of all levels at once is a leap, from three on") {
  const std::vector<double> levels = {1, 2, 3, 4};
  CHECK(levels_between(levels, 0, 1) == 1);
  CHECK(levels_between(levels, 1, 1.5) == 0);
  CHECK(levels_between(levels, -10, 4) == 4);
  CHECK(levels_between(levels, 4, 9) == 0);
  CHECK(is_leap(3, 6));
  CHECK(is_leap(3, 3));
  CHECK_FALSE(is_leap(3, 7));
  CHECK_FALSE(is_leap(2, 2));
  CHECK_FALSE(is_leap(1, 1));
}

TEST_CASE("a level that most leave for the threshold is needless") {
  const std::vector<double> peaks = {3, 5, 5, 5};
  CHECK(is_needless(peaks, 5));
  CHECK_FALSE(is_needless(peaks, 6));
  CHECK_FALSE(is_needless(std::vector<double>{3, 5}, 5));
}

TEST_CASE("every crossing is taken as often as any other, but for one") {
  const StreamKey key = make_key(5, StreamKind::design, 3, 1);
  const auto begins = spread_evenly(7, 200, key);
  std::vector<int> taken(7, 0);
  for (const std::uint32_t begin : begins) {
    taken.at(begin) += 1;
  }
  CHECK(std::ranges::min(taken) == 28);
  CHECK(std::ranges::max(taken) == 29);
  CHECK(spread_evenly(7, 200, key) == begins);
  // who is taken once more is for chance: over many keys, all of them alike
  std::vector<int> more(3, 0);
  for (std::uint32_t replicate = 0; replicate < 3000; ++replicate) {
    more.at(spread_evenly(3, 4, make_key(5, StreamKind::design, replicate, 1)).back()) += 1;
  }
  for (const int n : more) {
    CHECK(std::abs(n - 1000) < 4 * std::sqrt(3000 * 2.0 / 9));
  }
}
