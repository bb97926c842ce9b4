// Digests of words are XXH3's of their little-endian bytes.
#include "engine/word_hash.hpp"

#include <array>

#include "tests/support/catch.hpp"

using namespace fingers;

TEST_CASE("no words have the hash that XXH3 gives no bytes") {
  CHECK(word_hash({}) == 0x2D06800538D394C2U);
}

TEST_CASE("a hash depends on every word and on their order") {
  const std::uint64_t hash = word_hash(std::array<std::uint64_t, 3>{1, 2, 3});
  CHECK(hash == word_hash(std::array<std::uint64_t, 3>{1, 2, 3}));
  CHECK(hash != word_hash(std::array<std::uint64_t, 3>{1, 3, 2}));
  CHECK(hash != word_hash(std::array<std::uint64_t, 2>{1, 2}));
  CHECK(hash != word_hash(std::array<std::uint64_t, 3>{1, 2, 3 ^ (std::uint64_t{1} << 63U)}));
}
