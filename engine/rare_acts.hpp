// Who acts in this step, among many agents with a rate each: agent i with probability
// rate[i] * scale, independently, where `scale` may be another number in every step. Most agents do
// nothing in most steps, so work should grow with acts. Agents of like rate stand in blocks, and
//   - block_skips goes from candidate to candidate by geometric gaps at the highest rate of the
//     block, and keeps each with its rate divided by that;
//   - dense_blocks, for blocks in which many act, compares 8 random bits of every agent with its
//     rate, and refines the few ties exactly.
// engine/act_calendar.hpp is a third way, for rates that are bounded beforehand and rare.
//
// Draws are addressed by (key, step, block): they depend neither on threads nor on the width of
// vectors. plain_acts is the reference: it asks every agent, and all have its distribution
// (tests/engine/rare_acts_test.cpp).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/lanes.hpp"
#include "engine/random.hpp"

namespace fingers {

/// Most agents of a block, whatever the number of threads.
inline constexpr std::uint32_t kRateBlock = 65536;

/// Agents begin to end - 1; begin is a multiple of 64.
struct RateBlock {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  float most = 0;  ///< highest rate in it
};

/// Cuts agents into blocks of like rate: a new one begins after kRateBlock agents, and where rates
/// have fallen by a fifth. Agents may stand in any order; few blocks, and few candidates in vain,
/// come out where they stand by falling rate. Expects rates from 0 to 1.
std::vector<RateBlock> rate_blocks(std::span<const float> rate);

/// One step of one world. The views must outlive the calls.
struct ActStep {
  StreamKey key;
  std::uint32_t step = 0;
  float scale = 1;  ///< 0 to 1
  std::span<const float> rate;
  std::span<const RateBlock> blocks;
  /// Bit i % 64 of word i / 64 is set where agent i does not act; empty: all may.
  std::span<const std::uint64_t> silent;
};

/// How a block is gone through: by_rate takes skips where at most kDenseRate act, else lanes.
enum class ActSampler : std::uint8_t { block_skips, dense_blocks, by_rate };

inline constexpr float kDenseRate = 0.1F;

/// Appends those who act to `acts`, in increasing order. Allocates only where `acts` has to grow.
void list_acts(const LaneKernels& kernels, const ActStep& step, ActSampler sampler,
               std::vector<std::uint32_t>& acts);

/// The reference: one addressed draw for every agent.
void plain_acts(const ActStep& step, std::vector<std::uint32_t>& acts);

/// Room that n_steps of acts will hardly ever outgrow: their mean and eight standard deviations.
std::size_t likely_most_acts(std::span<const float> rate);

}  // namespace fingers
