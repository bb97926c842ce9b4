// Drawn in rows of 256 in vector lanes, then put in order of rate by one counting sort.
#include "bench/fingers1/population.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <numeric>

#include "engine/contract.hpp"

namespace fingers::fingers1 {
namespace {

constexpr std::uint32_t kRow = 256;

constexpr std::uint32_t kPeople = 1;  ///< what the draws are for

using Row = std::array<float, kRow>;

// ---- Keys of the sort: they fall with the rate, by one for each 1/16 of a factor of two; rates
// below 2^-32 share the last but one, those without access have the last

constexpr std::int32_t kKeys = 512;

/// Signed and without a branch, so that a compiler works on many at once.
constexpr std::int32_t sort_key(float rate, bool is_out) {
  constexpr std::int32_t kBitsOfOne = 0x3F800000;
  constexpr std::int32_t kShift = 19;
  const std::int32_t below_one = (kBitsOfOne - std::bit_cast<std::int32_t>(rate)) >> kShift;
  const std::int32_t key = below_one < kKeys - 1 ? below_one : kKeys - 1;
  return is_out ? kKeys : key;
}

// ---- Draws. Of the words of an actor's block, the first decides on model and access, the second
// on malice, the others on rate and skill

/// Sets models and propensities of a row.
void draw_rates(const LaneKernels& kernels, const std::uint32_t* words, const Setting& setting,
                std::uint32_t begin, Drawn& out) {
  constexpr auto kMalicious = static_cast<std::uint32_t>(0.1 * 0x1p32);
  constexpr auto kWithAccess = static_cast<std::int32_t>(0.9 * 0x1p29);  // of hosted models
  constexpr float kMostRate = 0.5F;
  const auto malicious = static_cast<float>(setting.malicious_rate);
  const auto honest = static_cast<float>(setting.honest_rate);
  Row z;  // NOLINT: filled by the kernel
  kernels.normal_row_single(words + std::size_t{2} * kRow, kRow, z.data());
  for (float& x : z) {
    x = 0.5F * x - 0.125F;
  }
  kernels.exp_row_single(z.data(), kRow);
  float* rate = &out.rate[begin];
  std::uint32_t* key_and_model = &out.key_and_model[begin];
  for (std::uint32_t i = 0; i < kRow; ++i) {
    const float x = (words[kRow + i] < kMalicious ? malicious : honest) * z[i];
    rate[i] = x < kMostRate ? x : kMostRate;
  }
  for (std::uint32_t i = 0; i < kRow; ++i) {
    const bool is_hosted = (words[i] & 1U) != 0;
    const bool is_out = is_hosted & (static_cast<std::int32_t>(words[i] >> 3) >= kWithAccess);
    key_and_model[i] =
        static_cast<std::uint32_t>(sort_key(rate[i], is_out)) * kModels + words[i] % kModels;
  }
}

/// Sets the odds of a row, whose models are known.
void draw_odds(const LaneKernels& kernels, const std::uint32_t* words, std::uint32_t begin,
               Drawn& out) {
  constexpr float kMedianSkill = 0.5F;
  float* odds = &out.odds[begin];
  const std::uint32_t* key_and_model = &out.key_and_model[begin];
  kernels.normal_row_single(words + std::size_t{3} * kRow, kRow, odds);
  kernels.exp_row_single(odds, kRow);
  for (std::uint32_t i = 0; i < kRow; ++i) {
    odds[i] = kMedianSkill * odds[i] +
              0.25F * static_cast<float>(static_cast<std::int32_t>(key_and_model[i] % kModels));
  }
  kernels.exp_row_single(odds, kRow);
}

void draw_actors(const LaneKernels& kernels, const PopulationPlan& plan, Drawn& out) {
  const std::size_t n = (plan.n_actors + kRow - 1) / kRow * kRow;
  out.rate.resize(n);
  out.odds.resize(n);
  out.key_and_model.resize(n);
  LaneAddress address = lane_address(plan.key, 0, kPeople, 0);
  std::array<std::uint32_t, std::size_t{4} * kRow> words;  // NOLINT: filled by the kernel
  for (std::uint32_t begin = 0; begin < n; begin += kRow) {
    address.counter[0] = begin;
    kernels.random_row(address, kRow, words.data());
    draw_rates(kernels, words.data(), plan.setting, begin, out);
    draw_odds(kernels, words.data(), begin, out);
  }
}

}  // namespace

void make_population(const LaneKernels& kernels, const PopulationPlan& plan, Drawn& drawn,
                     Population& made) {
  constexpr std::uint32_t kAhead = 16;  // actors: where a key will put some soon
  const std::uint64_t n = plan.n_actors;
  EXPECT_CONTRACT(n < (std::uint64_t{1} << 29));
  draw_actors(kernels, plan, drawn);
  std::array<std::uint32_t, kKeys + 2> place{};
  for (std::uint32_t i = 0; i < n; ++i) {
    place[drawn.key_and_model[i] / kModels + 1] += 1;
  }
  std::partial_sum(place.begin(), place.end(), place.begin());
  const std::uint32_t n_with_access = place[kKeys];
  made.n_actors = n;
  made.rate.resize(n);
  made.actor.resize(n);
  for (std::uint32_t i = 0; i < n; ++i) {
    const std::uint32_t at = place[drawn.key_and_model[i] / kModels]++;
    const std::uint64_t soon = std::min<std::uint64_t>(at + kAhead, n - 1);
    __builtin_prefetch(&made.rate[soon], 1);
    __builtin_prefetch(&made.actor[soon], 1);
    made.rate[at] = drawn.rate[i];
    made.actor[at] = {.odds = drawn.odds[i],
                      .identity_and_model = i * kModels + drawn.key_and_model[i] % kModels};
  }
  made.rate.resize(n_with_access);
  made.actor.resize(n_with_access);
  made.blocks = rate_blocks(made.rate);
}

}  // namespace fingers::fingers1
