// A hash of whole numbers, the same on every machine.
#pragma once

#include <cstdint>
#include <span>

namespace fingers {

/// A 64-bit XXH3 hash of words, each as 8 bytes, little-endian.
std::uint64_t word_hash(std::span<const std::uint64_t> words);

}  // namespace fingers
