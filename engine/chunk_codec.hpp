// The one door to libdeflate: a chunk of a dataset as HDF5's shuffle and deflate filters store it,
// made outside the library's lock. The same input gives the same bytes on every processor.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace fingers {

/// Shuffles (elements of more than one byte) and compresses into `stored`. From many threads at
/// once.
void encode_chunk(std::span<const std::byte> raw, std::size_t element_bytes, int level,
                  std::vector<std::byte>& stored);

/// Undoes it into `raw`, whose length is what the chunk must hold; false when it is damaged.
bool decode_chunk(std::span<const std::byte> stored, std::size_t element_bytes,
                  std::span<std::byte> raw);

}  // namespace fingers
