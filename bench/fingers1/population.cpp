// Drawn in rows of 256 in vector lanes, then put in order of rate by one counting sort.
#include "bench/fingers1/population.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <numeric>

#include "engine/arithmetic.hpp"
#include "engine/contract.hpp"

namespace fingers::fingers1 {
namespace {

constexpr std::uint32_t kRow = 256;
constexpr std::uint32_t kNoAccess = 0xFF;  ///< in the place of a model

/// The actors in order of identity.
struct Unsorted {
  std::vector<float> rate;
  std::vector<float> odds;
  std::vector<std::uint8_t> model;
};

using Row = std::array<double, kRow>;

/// A uniform on (0, 1) from 52 bits.
double open_uniform(std::uint32_t low, std::uint32_t high) {
  const std::uint64_t word = low | std::uint64_t{high} << 32;
  return std::bit_cast<double>((word >> 12) | (std::uint64_t{1023} << 52)) - 1 + 0x1p-53;
}

/// Standard normals from words 2 and 3.
void normals(const LaneKernels& kernels, const std::uint32_t* words, Row& z) {
  for (std::uint32_t i = 0; i < kRow; ++i) {
    z[i] = open_uniform(words[2 * kRow + i], words[3 * kRow + i]);
  }
  kernels.normal_row(z.data(), kRow);
}

/// Draws what is said of an actor, for kRow of them from `begin` on.
void draw_row(const LaneKernels& kernels, const StreamKey& key, const Setting& setting,
              std::uint32_t begin, Unsorted& out) {
  constexpr auto kMalicious = static_cast<std::uint32_t>(0.1 * 0x1p32);
  constexpr auto kWithAccess = static_cast<std::uint32_t>(0.9 * 0x1p29);  // of hosted models
  constexpr double kMedianSkill = 0.5;
  constexpr double kMostRate = 0.5;
  std::array<std::uint32_t, 4 * kRow> words;  // NOLINT: filled by the kernel
  Row z;                                      // NOLINT: filled from it
  LaneAddress address = lane_address(key, 0, 1, 0);
  address.counter[0] = begin;
  kernels.random_row(address, kRow, words.data());
  normals(kernels, words.data(), z);
  for (double& x : z) {
    x = 0.5 * x - 0.125;
  }
  kernels.exp_row(z.data(), kRow);
  for (std::uint32_t i = 0; i < kRow; ++i) {
    const std::uint32_t model = words[i] % kModels;
    const std::uint32_t is_kept = ((~model & 1U) | ((words[i] >> 3) < kWithAccess ? 1U : 0U));
    const double typical =
        words[kRow + i] < kMalicious ? setting.malicious_rate : setting.honest_rate;
    const double rate = typical * z[i];
    out.rate[begin + i] = static_cast<float>(rate < kMostRate ? rate : kMostRate);
    out.model[begin + i] = static_cast<std::uint8_t>(is_kept != 0 ? model : kNoAccess);
  }
  address.key[3] = 2;
  kernels.random_row(address, kRow, words.data());
  normals(kernels, words.data(), z);
  kernels.exp_row(z.data(), kRow);
  for (std::uint32_t i = 0; i < kRow; ++i) {
    z[i] = kMedianSkill * z[i] + 0.25 * (out.model[begin + i] % kModels);
  }
  kernels.exp_row(z.data(), kRow);
  for (std::uint32_t i = 0; i < kRow; ++i) {
    out.odds[begin + i] = static_cast<float>(z[i]);
  }
}

constexpr std::size_t kKeys = 512;

/// Falls with the rate, by one for each 1/16 of a factor of two; rates below 2^-32 share the last.
std::size_t sort_key(float rate) {
  constexpr std::uint32_t kShift = 19;
  const std::uint32_t below_one = 0x3F800000U - std::bit_cast<std::uint32_t>(rate);
  return std::min<std::size_t>(below_one >> kShift, kKeys - 1);
}

}  // namespace

Population make_population(const LaneKernels& kernels, const StreamKey& key, std::uint64_t n,
                           const Setting& setting) {
  EXPECT_CONTRACT(n < (std::uint64_t{1} << 29));
  const std::size_t room = (n + kRow - 1) / kRow * kRow;
  Unsorted drawn;
  drawn.rate.resize(room);
  drawn.odds.resize(room);
  drawn.model.resize(room);
  std::vector<std::uint32_t> place(kKeys + 1);
  for (std::uint32_t begin = 0; begin < n; begin += kRow) {
    draw_row(kernels, key, setting, begin, drawn);
    for (std::uint32_t i = begin; i < std::min<std::uint64_t>(begin + kRow, n); ++i) {
      place[sort_key(drawn.rate[i]) + 1] += drawn.model[i] == kNoAccess ? 0 : 1;
    }
  }
  std::partial_sum(place.begin(), place.end(), place.begin());
  Population made;
  made.n_actors = n;
  made.rate.resize(place.back());
  made.actor.resize(place.back());
  for (std::uint32_t i = 0; i < n; ++i) {
    if (drawn.model[i] != kNoAccess) {
      const std::uint32_t at = place[sort_key(drawn.rate[i])]++;
      made.rate[at] = drawn.rate[i];
      made.actor[at] = {.odds = drawn.odds[i], .identity_and_model = i * kModels + drawn.model[i]};
    }
  }
  made.blocks = rate_blocks(made.rate);
  return made;
}

}  // namespace fingers::fingers1
