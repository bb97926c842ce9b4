// A row of blocks is the same blocks, one by one.
#include "engine/random_row.hpp"

#include <vector>

#include "tests/support/catch.hpp"

using namespace fingers;

TEST_CASE("a row of random blocks equals the blocks one by one, whatever its length") {
  const StreamKey key = make_key(20240726, StreamKind::dynamics, 41);
  for (const std::size_t n : {0U, 1U, 15U, 16U, 17U, 64U, 1000U}) {
    const Address first{.identity = 0x0100000000000000U + 7, .step = 93, .process = 27, .draw = 5};
    std::vector<std::uint64_t> row(2 * n);
    random_row(key, first, row);
    for (std::size_t i = 0; i < n; ++i) {
      Address one = first;
      one.identity += i;
      const auto block = random_block(key, one);
      REQUIRE(row[2 * i] == block[0]);
      REQUIRE(row[2 * i + 1] == block[1]);
    }
  }
}

TEST_CASE("rows at neighbouring steps share no word") {
  const StreamKey key = make_key(1, StreamKind::dynamics, 0);
  std::vector<std::uint64_t> a(64);
  std::vector<std::uint64_t> b(64);
  random_row(key, {.identity = 5, .step = 1, .process = 2, .draw = 0}, a);
  random_row(key, {.identity = 5, .step = 2, .process = 2, .draw = 0}, b);
  for (std::size_t i = 0; i < a.size(); ++i) {
    CHECK(a[i] != b[i]);
  }
}
