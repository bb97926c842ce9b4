// Tested by tests/engine/chunk_codec_test.cpp.
#include "engine/chunk_codec.hpp"

#include <libdeflate.h>

#include <algorithm>
#include <memory>

#include "engine/contract.hpp"
#include "engine/quick_deflate.hpp"

namespace fingers {

namespace {

using Compressor = std::unique_ptr<libdeflate_compressor, decltype(&libdeflate_free_compressor)>;
using Decompressor =
    std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)>;

constexpr int kLowestLevel = 1;
constexpr int kHighestLevel = 12;

/// This thread's compressor of a level; making one costs more than a small chunk.
libdeflate_compressor* compressor_of(int level) {
  EXPECT_CONTRACT(level >= kLowestLevel && level <= kHighestLevel);
  thread_local Compressor kept(nullptr, &libdeflate_free_compressor);
  thread_local int kept_level = 0;
  if (kept_level != level) {
    kept.reset(libdeflate_alloc_compressor(level));
    EXPECT_CONTRACT(kept != nullptr);
    kept_level = level;
  }
  return kept.get();
}

/// Byte k of every element, then byte k + 1, …: the order of HDF5's shuffle filter.
template <std::size_t width>
void shuffle(std::span<const std::byte> from, std::span<std::byte> to) {
  const std::size_t n = from.size() / width;
  for (std::size_t k = 0; k < width; ++k) {
    for (std::size_t i = 0; i < n; ++i) {
      to[k * n + i] = from[i * width + k];
    }
  }
}

template <std::size_t width>
void unshuffle(std::span<const std::byte> from, std::span<std::byte> to) {
  const std::size_t n = to.size() / width;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < width; ++k) {
      to[i * width + k] = from[k * n + i];
    }
  }
}

/// The first bytes of a buffer that grows as needed; fresh memory for each chunk costs page faults.
std::span<std::byte> first_of(std::vector<std::byte>& buffer, std::size_t size) {
  buffer.resize(std::max(buffer.size(), size));
  return std::span(buffer).first(size);
}

/// This thread's buffer for bytes in the order of the shuffle.
std::span<std::byte> shuffle_buffer(std::size_t size) {
  thread_local std::vector<std::byte> buffer;
  return first_of(buffer, size);
}

/// This thread's buffer for compressed bytes.
std::span<std::byte> output_buffer(std::size_t size) {
  thread_local std::vector<std::byte> buffer;
  return first_of(buffer, size);
}

}  // namespace

void encode_chunk(std::span<const std::byte> raw, std::size_t element_bytes, int level,
                  std::vector<std::byte>& stored) {
  EXPECT_CONTRACT(element_bytes == 1 || element_bytes == 4 || element_bytes == 8);
  std::span<const std::byte> input = raw;
  if (element_bytes > 1) {
    const std::span<std::byte> shuffled = shuffle_buffer(raw.size());
    element_bytes == 4 ? shuffle<4>(raw, shuffled) : shuffle<8>(raw, shuffled);
    input = shuffled;
  }
  libdeflate_compressor* const compressor =
      compressor_of(level == kQuickLevel ? kLowestLevel : level);
  const std::span<std::byte> output =
      output_buffer(libdeflate_zlib_compress_bound(compressor, input.size()));
  std::size_t length = level == kQuickLevel ? quick_deflate(input, element_bytes, output) : 0;
  if (length == 0) {
    length = libdeflate_zlib_compress(compressor, input.data(), input.size(), output.data(),
                                      output.size());
  }
  EXPECT_CONTRACT(length > 0);
  stored.assign(output.begin(), output.begin() + static_cast<std::ptrdiff_t>(length));
}

bool decode_chunk(std::span<const std::byte> stored, std::size_t element_bytes,
                  std::span<std::byte> raw) {
  EXPECT_CONTRACT(element_bytes == 1 || element_bytes == 4 || element_bytes == 8);
  thread_local const Decompressor decompressor(libdeflate_alloc_decompressor(),
                                               &libdeflate_free_decompressor);
  const std::span<std::byte> target = element_bytes > 1 ? shuffle_buffer(raw.size()) : raw;
  if (libdeflate_zlib_decompress(decompressor.get(), stored.data(), stored.size(), target.data(),
                                 target.size(), nullptr) != LIBDEFLATE_SUCCESS) {
    return false;
  }
  if (element_bytes > 1) {
    element_bytes == 4 ? unshuffle<4>(target, raw) : unshuffle<8>(target, raw);
  }
  return true;
}

}  // namespace fingers
