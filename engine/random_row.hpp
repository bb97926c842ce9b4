// Random blocks of many neighbours at once: the same bits as random_block gives one by one
// (tests/engine/random_row_test.cpp), made in vector lanes where the processor has them.
#pragma once

#include <cstdint>
#include <span>

#include "engine/random.hpp"

namespace fingers {

/// Fills out[2 i] and out[2 i + 1] with the two words of the block at identity first.identity + i.
/// Expects out to hold an even number of words, and the low 32 bits of the identities not to
/// overflow.
void random_row(const StreamKey& key, const Address& first, std::span<std::uint64_t> out);

}  // namespace fingers
