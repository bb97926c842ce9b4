#include "engine/chunk_codec.hpp"

#include <bit>
#include <cstdint>
#include <cstring>

#include "engine/quick_deflate.hpp"
#include "tests/support/catch.hpp"

using namespace fingers;

namespace {

std::vector<std::byte> pattern(std::size_t n) {
  std::vector<std::byte> bytes(n);
  for (std::size_t i = 0; i < n; ++i) {
    bytes[i] = static_cast<std::byte>(i * i / 7);
  }
  return bytes;
}

std::vector<std::byte> encoded(std::span<const std::byte> raw, std::size_t width, int level) {
  std::vector<std::byte> stored;
  encode_chunk(raw, width, level, stored);
  return stored;
}

TEST_CASE("a chunk comes back as it was, for every width of its elements") {
  for (const std::size_t width : {1U, 4U, 8U}) {
    for (const int level : {kQuickLevel, 1, 4}) {
      const std::vector<std::byte> raw = pattern(8'008);
      const std::vector<std::byte> stored = encoded(raw, width, level);
      std::vector<std::byte> back(raw.size());
      REQUIRE(decode_chunk(stored, width, back));
      CHECK(back == raw);
    }
  }
}

TEST_CASE("a damaged or cut chunk is refused") {
  const std::vector<std::byte> raw = pattern(4000);
  const std::vector<std::byte> stored = encoded(raw, 4, kQuickLevel);
  std::vector<std::byte> back(raw.size());
  for (std::size_t i = 2; i < stored.size(); i += 7) {
    std::vector<std::byte> damaged = stored;
    damaged[i] ^= std::byte{1};
    CHECK_FALSE((decode_chunk(damaged, 4, back) && back != raw));
  }
  CHECK_FALSE(decode_chunk(std::span(stored).first(stored.size() / 2), 4, back));
  std::vector<std::byte> longer(raw.size() + 4);
  CHECK_FALSE(decode_chunk(stored, 4, longer));
  CHECK_FALSE(decode_chunk({}, 4, back));
}

TEST_CASE("a noisy chunk may grow, but comes back") {
  std::vector<std::byte> raw(4096);
  std::uint32_t state = 1;
  for (std::byte& byte : raw) {
    state = state * 1664525U + 1013904223U;
    byte = static_cast<std::byte>(state >> 24U);
  }
  for (const int level : {kQuickLevel, 1, 4}) {
    const std::vector<std::byte> stored = encoded(raw, 1, level);
    std::vector<std::byte> back(raw.size());
    REQUIRE(decode_chunk(stored, 1, back));
    CHECK(back == raw);
  }
}

TEST_CASE("planes of noise and planes that hardly change come back, wherever they stand") {
  // Of 8 planes those whose bit is set are noise; over 65,535 bytes a stored block ends within one.
  constexpr std::size_t kRows = 70'000;
  for (const unsigned noisy : {0U, 1U, 0b1000'0000U, 0b0110'0110U, 0b1001'1000U, 0b1111'1111U}) {
    std::vector<std::byte> raw(8 * kRows);
    std::uint32_t state = 1;
    for (std::size_t i = 0; i < raw.size(); ++i) {
      state = state * 1664525U + 1013904223U;
      const bool noise = ((noisy >> (i % 8)) & 1U) != 0;
      raw[i] = static_cast<std::byte>(noise ? state >> 24U : i / 100'000);
    }
    const std::vector<std::byte> stored = encoded(raw, 8, kQuickLevel);
    std::vector<std::byte> back(raw.size());
    REQUIRE(decode_chunk(stored, 8, back));
    CHECK(back == raw);
    CHECK(stored.size() < static_cast<std::size_t>(std::popcount(noisy)) * kRows + 20'000);
  }
}

TEST_CASE("quick compression says when there is no room") {
  const std::vector<std::byte> raw = pattern(4000);
  std::vector<std::byte> room(100);
  CHECK(quick_deflate(raw, 4, room) == 0);
}

}  // namespace
