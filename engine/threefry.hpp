// Threefry4x32 with 12 rounds (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3";
// Random123 knows no flaw from 12 rounds on): additions, rotations and exclusive or only, so that
// plain code becomes vector code on every machine. The same words as Random123's
// (tests/engine/lanes_test.cpp). engine/random, whose draws are single, stays with Philox.
//
// Internal to each file that includes it, as engine/arithmetic_parts.hpp is.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

namespace fingers {
namespace {

using ThreefryWords = std::array<std::uint32_t, 4>;

inline constexpr std::uint32_t kThreefryParity = 0x1BD11BDA;

/// The state and the key schedule of one block while it is mixed.
struct ThreefryState {
  std::uint32_t x0, x1, x2, x3;
};

template <int EvenA, int EvenB, int OddA, int OddB>
[[gnu::always_inline]] inline void threefry_two_rounds(ThreefryState& x) {
  x.x0 += x.x1;
  x.x1 = std::rotl(x.x1, EvenA) ^ x.x0;
  x.x2 += x.x3;
  x.x3 = std::rotl(x.x3, EvenB) ^ x.x2;
  x.x0 += x.x3;
  x.x3 = std::rotl(x.x3, OddA) ^ x.x0;
  x.x2 += x.x1;
  x.x1 = std::rotl(x.x1, OddB) ^ x.x2;
}

/// The four words at a counter. Expects nothing; every key and counter has its block.
[[gnu::always_inline]] inline ThreefryWords threefry_block(const ThreefryWords& key,
                                                           const ThreefryWords& counter) {
  const std::uint32_t k0 = key[0];
  const std::uint32_t k1 = key[1];
  const std::uint32_t k2 = key[2];
  const std::uint32_t k3 = key[3];
  const std::uint32_t k4 = kThreefryParity ^ k0 ^ k1 ^ k2 ^ k3;
  ThreefryState x = {counter[0] + k0, counter[1] + k1, counter[2] + k2, counter[3] + k3};
  threefry_two_rounds<10, 26, 11, 21>(x);
  threefry_two_rounds<13, 27, 23, 5>(x);
  x = {x.x0 + k1, x.x1 + k2, x.x2 + k3, x.x3 + k4 + 1};
  threefry_two_rounds<6, 20, 17, 11>(x);
  threefry_two_rounds<25, 10, 18, 20>(x);
  x = {x.x0 + k2, x.x1 + k3, x.x2 + k4, x.x3 + k0 + 2};
  threefry_two_rounds<10, 26, 11, 21>(x);
  threefry_two_rounds<13, 27, 23, 5>(x);
  return {x.x0 + k3, x.x1 + k4, x.x2 + k0, x.x3 + k1 + 3};
}

}  // namespace
}  // namespace fingers
