// Geometric skipping with thinning is as old as L. Devroye, "Non-Uniform Random Variate
// Generation", 1986, chapter X.2 (geometric gaps) and VI.2.3 (thinning). A gap is floor(-ln(U) /
// lambda) with lambda = -ln(1 - q): the number of failures before a success of chance q.
#include "engine/rare_acts.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "engine/arithmetic.hpp"
#include "engine/contract.hpp"
#include "engine/threefry.hpp"

namespace fingers {
namespace {

constexpr std::uint32_t kWord = 64;  ///< agents of a word of bits; blocks begin at multiples of it

/// What the draws of a block are for (the last word of their key).
enum Purpose : std::uint32_t { skip_gaps = 1, dense_lanes = 2, dense_ties = 3 };

bool is_silent(const ActStep& step, std::uint32_t agent) {
  return !step.silent.empty() && ((step.silent[agent / kWord] >> (agent % kWord)) & 1U) != 0;
}

/// Candidates of one row of gaps.
struct Candidates {
  std::array<std::uint32_t, kGapRow + 1> agent;  ///< one more, where a rejected last one falls
  std::array<double, kGapRow + 1> uniform;
  std::uint32_t n;
  std::uint64_t next;  ///< where the next gap begins; the end of the block, or beyond: it is done
};

/// Walks the first n_gaps gaps of a row from found.next on, and lists where they end, without those
/// who are silent.
void walk(const ActStep& step, std::uint32_t end, const GapRow& row, std::uint32_t n_gaps,
          Candidates& found) {
  found.n = 0;
  for (std::uint32_t i = 0; i < n_gaps; ++i) {
    found.next += static_cast<std::uint32_t>(row.gap[i]);
    if (found.next >= end) {
      return;
    }
    const auto agent = static_cast<std::uint32_t>(found.next);
    __builtin_prefetch(&step.rate[agent]);
    found.agent[found.n] = agent;
    found.uniform[found.n] = row.uniform[i];
    found.n += is_silent(step, agent) ? 0 : 1;
    ++found.next;
  }
}

/// How many gaps to draw at once for `left` agents: seldom too few, never many too many.
std::uint32_t row_length(double left, double q) {
  const double expected = left * q;
  const double enough = expected + 2 * std::sqrt(expected) + 2;
  return enough >= kGapRow ? kGapRow : static_cast<std::uint32_t>(enough);
}

void skip_block(const LaneKernels& kernels, const ActStep& step, std::uint32_t number,
                std::vector<std::uint32_t>& acts) {
  const RateBlock& block = step.blocks[number];
  const double q = double{block.most} * double{step.scale};
  if (q <= 0) {
    return;
  }
  const double inverse_hazard = -1 / portable_log1p(-q);
  LaneAddress address = lane_address(step.key, step.step, Purpose::skip_gaps, number);
  // NOLINTBEGIN(cppcoreguidelines-pro-type-member-init): filled as far as they are read
  GapRow row;
  Candidates found;
  // NOLINTEND(cppcoreguidelines-pro-type-member-init)
  found.next = block.begin;
  while (found.next < block.end) {
    const std::uint32_t n = row_length(static_cast<double>(block.end - found.next), q);
    kernels.draw_gaps(address, n, inverse_hazard, &row);
    address.counter[0] += n;
    walk(step, block.end, row, n, found);
    std::uint32_t* out = found.agent.data();  // the kept move to the front of the same row
    for (std::uint32_t i = 0; i < found.n; ++i) {
      const std::uint32_t agent = found.agent[i];
      *out = agent;
      out += found.uniform[i] * double{block.most} < double{step.rate[agent]} ? 1 : 0;
    }
    acts.insert(acts.end(), found.agent.data(), out);
  }
}

/// A tile of a block on the way to its acts.
struct Tile {
  LaneTile lanes;
  std::array<std::uint32_t, kLaneTile + 1> acts;  ///< one more, where a rejected last one falls
  std::uint32_t n_acts;
  std::uint32_t begin;  ///< its first agent
  float scale256;
};

/// Whether agent i of a tile, whose 8 bits do not exceed its threshold, acts: surely where they are
/// below it; where they equal it, with what is left of 256 * rate.
bool candidate_acts(const ActStep& step, const LaneAddress& ties, const Tile& tile,
                    std::uint32_t i) {
  if (tile.lanes.random[i] < tile.lanes.threshold[i]) {
    return true;
  }
  const float left =
      step.rate[tile.begin + i] * tile.scale256 - static_cast<float>(tile.lanes.threshold[i]);
  const ThreefryWords words =
      threefry_block(ties.key, {tile.begin + i, ties.counter[1], ties.counter[2], ties.counter[3]});
  return uniform_of_word(words[0] | std::uint64_t{words[1]} << 32) < double{left};
}

/// Lists the acts of the n agents of a tile that has been compared.
void list_tile(const ActStep& step, const LaneAddress& ties, std::uint32_t n, Tile& tile) {
  tile.n_acts = 0;
  for (std::uint32_t g = 0; g * kWord < n; ++g) {
    std::uint64_t mask = tile.lanes.mask[g];
    mask &= step.silent.empty() ? mask : ~step.silent[tile.begin / kWord + g];
    for (; mask != 0; mask &= mask - 1) {
      const std::uint32_t i = g * kWord + static_cast<std::uint32_t>(std::countr_zero(mask));
      tile.acts[tile.n_acts] = tile.begin + i;
      tile.n_acts += candidate_acts(step, ties, tile, i) ? 1 : 0;
    }
  }
}

void dense_block(const LaneKernels& kernels, const ActStep& step, std::uint32_t number,
                 std::vector<std::uint32_t>& acts) {
  const RateBlock& block = step.blocks[number];
  LaneAddress address = lane_address(step.key, step.step, Purpose::dense_lanes, number);
  const LaneAddress ties = lane_address(step.key, step.step, Purpose::dense_ties, number);
  Tile tile;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled as far as it is read
  tile.scale256 = 256 * step.scale;
  for (tile.begin = block.begin; tile.begin < block.end; tile.begin += kLaneTile) {
    const std::uint32_t n = std::min(kLaneTile, block.end - tile.begin);
    kernels.compare_lanes(address, &step.rate[tile.begin], n, step.scale, &tile.lanes);
    address.counter[0] += kLaneTile / 16;
    list_tile(step, ties, n, tile);
    acts.insert(acts.end(), tile.acts.data(), tile.acts.data() + tile.n_acts);
  }
}

/// The highest rate. Expects all from 0 to 1.
float highest(std::span<const float> rate) {
  float most = 0;
  float least = 0;
  for (const float r : rate) {
    most = r > most ? r : most;
    least = r < least ? r : least;
  }
  EXPECT_CONTRACT(least >= 0 && most <= 1);
  return most;
}

}  // namespace

std::vector<RateBlock> rate_blocks(std::span<const float> rate) {
  constexpr float kFall = 0.8F;
  EXPECT_CONTRACT(rate.size() <= 0xFFFFFFFFU);
  std::vector<RateBlock> blocks;
  for (std::uint32_t begin = 0; begin < rate.size(); begin += kWord) {
    const auto n = static_cast<std::uint32_t>(std::min<std::size_t>(kWord, rate.size() - begin));
    const float most = highest(rate.subspan(begin, n));
    if (blocks.empty() || begin - blocks.back().begin == kRateBlock ||
        most < kFall * blocks.back().most) {
      blocks.push_back({.begin = begin, .end = begin, .most = most});
    }
    blocks.back().end = begin + n;
    blocks.back().most = std::max(blocks.back().most, most);
  }
  return blocks;
}

void list_acts(const LaneKernels& kernels, const ActStep& step, ActSampler sampler,
               std::vector<std::uint32_t>& acts) {
  EXPECT_CONTRACT(step.scale >= 0 && step.scale <= 1);
  for (std::uint32_t b = 0; b < step.blocks.size(); ++b) {
    const bool is_dense =
        sampler == ActSampler::dense_blocks ||
        (sampler == ActSampler::by_rate && step.blocks[b].most * step.scale > kDenseRate);
    (is_dense ? dense_block : skip_block)(kernels, step, b, acts);
  }
}

void plain_acts(const ActStep& step, std::vector<std::uint32_t>& acts) {
  for (std::uint32_t i = 0; i < step.rate.size(); ++i) {
    Stream stream(step.key, {.identity = i, .step = step.step, .process = 0, .draw = 0});
    if (!is_silent(step, i) && uniform(stream) < double{step.rate[i]} * double{step.scale}) {
      acts.push_back(i);
    }
  }
}

std::size_t likely_most_acts(std::span<const float> rate) {
  double mean = 0;
  for (const float r : rate) {
    mean += double{r};
  }
  return static_cast<std::size_t>(mean + 8 * std::sqrt(mean)) + kLaneTile + kGapRow;
}

}  // namespace fingers
