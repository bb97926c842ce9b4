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

/// What the draws of a population are for.
enum Purpose : std::uint32_t { rates = 1, skills = 2 };

constexpr std::uint32_t kNoAccess = 0x80;  ///< a bit beside the model

using Row = std::array<double, kRow>;

/// A uniform on (0, 1) from 52 bits.
double open_uniform(std::uint32_t low, std::uint32_t high) {
  const std::uint64_t word = low | std::uint64_t{high} << 32;
  return std::bit_cast<double>((word >> 12) | (std::uint64_t{1023} << 52)) - 1 + 0x1p-53;
}

/// Standard normals from words 2 and 3 of n blocks.
void normals(const LaneKernels& kernels, const std::uint32_t* words, std::uint32_t n, Row& z) {
  const std::uint32_t* low = words + std::size_t{2} * n;
  const std::uint32_t* high = low + n;
  for (std::uint32_t i = 0; i < n; ++i) {
    z[i] = open_uniform(low[i], high[i]);
  }
  kernels.normal_row(z.data(), n);
}

/// Draws rate and model of kRow actors from `begin` on.
void draw_row(const LaneKernels& kernels, LaneAddress address, const Setting& setting,
              std::uint32_t begin, Drawn& out) {
  constexpr auto kMalicious = static_cast<std::uint32_t>(0.1 * 0x1p32);
  constexpr auto kWithAccess = static_cast<std::uint32_t>(0.9 * 0x1p29);  // of hosted models
  constexpr double kMostRate = 0.5;
  std::array<std::uint32_t, 4 * kRow> words;  // NOLINT: filled by the kernel
  Row z;                                      // NOLINT: filled from it
  address.counter[0] = begin;
  kernels.random_row(address, kRow, words.data());
  normals(kernels, words.data(), kRow, z);
  for (double& x : z) {
    x = 0.5 * x - 0.125;
  }
  kernels.exp_row(z.data(), kRow);
  float* rate = &out.rate[begin];
  std::uint8_t* model = &out.model[begin];
  for (std::uint32_t i = 0; i < kRow; ++i) {
    const std::uint32_t is_hosted = words[i] & 1U;
    const std::uint32_t is_out = is_hosted & ((words[i] >> 3) < kWithAccess ? 0U : 1U);
    model[i] = static_cast<std::uint8_t>((words[i] % kModels) | (is_out * kNoAccess));
  }
  for (std::uint32_t i = 0; i < kRow; ++i) {
    const double typical =
        words[kRow + i] < kMalicious ? setting.malicious_rate : setting.honest_rate;
    const double x = typical * z[i];
    rate[i] = static_cast<float>(x < kMostRate ? x : kMostRate);
  }
}

/// Draws the odds of n actors, whose identities are known, where they stand.
void draw_odds(const LaneKernels& kernels, const LaneAddress& address, std::uint32_t n,
               Actor* actor) {
  constexpr double kMedianSkill = 0.5;
  std::array<std::uint32_t, 4 * kRow> words;  // NOLINT: filled by the kernel
  std::array<std::uint32_t, kRow> identity{};
  Row z;  // NOLINT: filled from the words
  for (std::uint32_t i = 0; i < n; ++i) {
    identity[i] = actor[i].identity_and_model / kModels;
  }
  kernels.random_at(address, identity.data(), n, words.data());
  normals(kernels, words.data(), n, z);
  kernels.exp_row(z.data(), n);
  for (std::uint32_t i = 0; i < n; ++i) {
    z[i] = kMedianSkill * z[i] + 0.25 * (actor[i].identity_and_model % kModels);
  }
  kernels.exp_row(z.data(), n);
  for (std::uint32_t i = 0; i < n; ++i) {
    actor[i].odds = static_cast<float>(z[i]);
  }
}

constexpr std::size_t kKeys = 512;

/// Falls with the rate, by one for each 1/16 of a factor of two; rates below 2^-32 share the last
/// but one, those without access have the last.
std::size_t sort_key(float rate, std::uint8_t model) {
  constexpr std::uint32_t kShift = 19;
  const std::uint32_t below_one = (0x3F800000U - std::bit_cast<std::uint32_t>(rate)) >> kShift;
  const auto key = std::min<std::uint32_t>(below_one, kKeys - 1);
  return (model & kNoAccess) != 0 ? kKeys : key;
}

}  // namespace

void make_population(const LaneKernels& kernels, const PopulationPlan& plan, Drawn& drawn,
                     Population& made) {
  const std::uint64_t n = plan.n_actors;
  EXPECT_CONTRACT(n < (std::uint64_t{1} << 29));
  drawn.rate.resize((n + kRow - 1) / kRow * kRow);
  drawn.model.resize(drawn.rate.size());
  std::array<std::uint32_t, kKeys + 2> place{};
  for (std::uint32_t begin = 0; begin < n; begin += kRow) {
    draw_row(kernels, lane_address(plan.key, 0, Purpose::rates, 0), plan.setting, begin, drawn);
    const auto end = static_cast<std::uint32_t>(std::min<std::uint64_t>(begin + kRow, n));
    for (std::uint32_t i = begin; i < end; ++i) {
      place[sort_key(drawn.rate[i], drawn.model[i]) + 1] += 1;
    }
  }
  std::partial_sum(place.begin(), place.end(), place.begin());
  const std::uint32_t n_with_access = place[kKeys];
  made.n_actors = n;
  made.rate.resize(n);
  made.actor.resize(n);
  for (std::uint32_t i = 0; i < n; ++i) {
    const std::uint32_t at = place[sort_key(drawn.rate[i], drawn.model[i])]++;
    made.rate[at] = drawn.rate[i];
    made.actor[at].identity_and_model = i * kModels + drawn.model[i] % kModels;
  }
  made.rate.resize(n_with_access);
  made.actor.resize(n_with_access);
  for (std::uint32_t begin = 0; begin < n_with_access; begin += kRow) {
    draw_odds(kernels, lane_address(plan.key, 0, Purpose::skills, 0),
              std::min(kRow, n_with_access - begin), &made.actor[begin]);
  }
  made.blocks = rate_blocks(made.rate);
}

}  // namespace fingers::fingers1
