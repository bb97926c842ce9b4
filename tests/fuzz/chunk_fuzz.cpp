// Chunks from anybody: decoded into exactly the length that was asked for, or refused, also those
// that would swell beyond it. What was encoded decodes to itself. Input: width of elements, their
// number (two bytes), then the chunk.
#include <algorithm>
#include <array>
#include <vector>

#include "engine/chunk_codec.hpp"
#include "tests/fuzz/fuzz_input.hpp"

namespace {

constexpr std::size_t kHead = 3;
constexpr std::array<std::size_t, 3> kWidths = {1, 4, 8};
constexpr std::byte kGuard{0xA5};

/// A chunk that was written here comes back, and into no other length.
void come_back(std::span<const std::byte> raw, std::size_t width) {
  std::vector<std::byte> stored;
  fingers::encode_chunk(raw, width, 1, stored);
  std::vector<std::byte> again(raw.size());
  fingers::fuzz::demand(fingers::decode_chunk(stored, width, again));
  fingers::fuzz::demand(std::ranges::equal(raw, again));
  std::vector<std::byte> shorter(raw.size() - width);
  fingers::fuzz::demand(!fingers::decode_chunk(stored, width, shorter));
  std::vector<std::byte> longer(raw.size() + width);
  fingers::fuzz::demand(!fingers::decode_chunk(stored, width, longer));
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < kHead) {
    return -1;
  }
  const std::size_t width = kWidths[data[0] % kWidths.size()];
  const std::size_t n = data[1] + 256U * std::size_t{data[2]};
  const std::span<const std::byte> chunk = std::as_bytes(std::span(data, size)).subspan(kHead);
  std::vector<std::byte> raw(n * width + 1, kGuard);
  fingers::decode_chunk(chunk, width, std::span(raw).first(n * width));
  fingers::fuzz::demand(raw.back() == kGuard);
  if (chunk.size() >= width) {
    come_back(chunk.first(chunk.size() / width * width), width);
  }
  return 0;
}
