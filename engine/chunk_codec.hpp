// The one door to libdeflate: a chunk of a dataset as HDF5's shuffle and deflate filters store it,
// made outside the library's lock. The same input gives the same bytes on every processor, but for
// the quick level.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace fingers {

/// The level of what is read once and thrown away: as quick as this processor can, so the bytes may
/// be others on another.
inline constexpr int kQuickLevel = 0;

/// Shuffles (elements of more than one byte) and compresses into `stored`, at kQuickLevel or at a
/// level from 1 to 12. From many threads at once.
void encode_chunk(std::span<const std::byte> raw, std::size_t element_bytes, int level,
                  std::vector<std::byte>& stored);

/// Undoes it into `raw`, whose length is what the chunk must hold; false when it is damaged.
bool decode_chunk(std::span<const std::byte> stored, std::size_t element_bytes,
                  std::span<std::byte> raw);

}  // namespace fingers
