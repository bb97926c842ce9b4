// Words hashed as they lie in memory. Tested by tests/engine/word_hash_test.cpp.
#include "engine/word_hash.hpp"

#include <xxhash.h>

#include <bit>

namespace fingers {

static_assert(std::endian::native == std::endian::little, "words would have to be turned around");

std::uint64_t word_hash(std::span<const std::uint64_t> words) {
  return XXH3_64bits(words.data(), words.size_bytes());
}

}  // namespace fingers
