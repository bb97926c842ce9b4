// Loops over many numbers at once that a compiler turns into vector instructions: random blocks,
// exp, log, powers, normals, and the two comparisons on which the samplers of rare acts
// stand. The same source is compiled for the oldest processor, for AVX2 and for AVX-512; which copy
// runs is chosen when the program runs, and all give the same bits (tests/engine/lanes_test.cpp):
// what lies in which lane is a matter of memory layout, never of vector width.
#pragma once

#include <array>
#include <cstdint>

#include "engine/random.hpp"

namespace fingers {

/// The key and the counter of a block of random words (engine/threefry.hpp). Rows count counter[0]
/// up.
struct LaneAddress {
  std::array<std::uint32_t, 4> key{};
  std::array<std::uint32_t, 4> counter{};
};

/// The address of the first block of (stream, step, purpose, block).
inline LaneAddress lane_address(const StreamKey& key, std::uint32_t step, std::uint32_t purpose,
                                std::uint32_t block) {
  return {.key = {key.words[0], key.words[1], key.replicate, purpose},
          .counter = {0, block, step, 0}};
}

/// Most blocks that a call of draw_gaps makes.
inline constexpr std::uint32_t kGapRow = 256;
/// Agents that a call of compare_lanes looks at: 64 blocks of 16 bytes.
inline constexpr std::uint32_t kLaneTile = 1024;

/// A row of candidates: how far each lies beyond the one before, and a uniform on [0, 1) for it.
struct GapRow {
  std::array<std::int32_t, kGapRow> gap;
  std::array<double, kGapRow> uniform;
};

/// What compare_lanes finds: agent i of the tile is bit i % 64 of mask[i / 64].
struct LaneTile {
  alignas(64) std::array<std::uint8_t, kLaneTile> random;     ///< 8 random bits
  alignas(64) std::array<std::uint8_t, kLaneTile> threshold;  ///< floor(256 * rate * scale)
  std::array<std::uint64_t, kLaneTile / 64> mask;             ///< random <= threshold
};

/// The kernels, compiled for one set of instructions. Counts may be any number; pointers must not
/// overlap.
struct LaneKernels {
  const char* name;  ///< "baseline", "avx2" or "avx512"

  /// Blocks at counter[0], counter[0] + 1, …: word w of block i goes to words[w * n + i].
  void (*random_row)(const LaneAddress& first, std::uint32_t n, std::uint32_t* words);
  /// The same at counter[0] = index[i].
  void (*random_at)(const LaneAddress& base, const std::uint32_t* index, std::uint32_t n,
                    std::uint32_t* words);
  /// Each x[i] to portable_exp(x[i]); in place is allowed.
  void (*exp_row)(double* x, std::uint32_t n);
  /// Each x[i] to portable_log(x[i]). Expects positive normal numbers.
  void (*log_row)(double* x, std::uint32_t n);
  /// Each x[i] to portable_log1p(x[i]).
  void (*log1p_row)(double* x, std::uint32_t n);
  /// Each base[i] to portable_pow(base[i], exponent).
  void (*pow_row)(double* base, std::uint32_t n, double exponent);
  /// In single precision, for what is kept as such. Each x[i] to e^x[i], within 1e-7 of itself;
  /// beyond -87 and 88 as there.
  void (*exp_row_single)(float* x, std::uint32_t n);
  /// z[i] to the standard normal of words[i]: the lowest bit is its sign, the others are its size,
  /// within 2e-6. None is above 6.4.
  void (*normal_row_single)(const std::uint32_t* words, std::uint32_t n, float* z);
  /// n <= kGapRow geometric gaps, floor(-ln(U) * inverse_hazard), at most 2^31 - 1, from words 0
  /// and 1 of the blocks; the uniforms from words 2 and 3.
  void (*draw_gaps)(const LaneAddress& first, std::uint32_t n, double inverse_hazard, GapRow* row);
  /// The same for the blocks at counter[0] = index[i], each with its own inverse_hazard[i].
  void (*draw_waits)(const LaneAddress& base, const std::uint32_t* index, std::uint32_t n,
                     const double* inverse_hazard, GapRow* row);
  /// Compares a byte of the 64 blocks from counter[0] on with each of kLaneTile rates (0 to 1), of
  /// which n are there: 256 * rate * scale is rounded once, to float.
  void (*compare_lanes)(const LaneAddress& first, const float* rate, std::uint32_t n, float scale,
                        LaneTile* tile);
};

enum class InstructionSet : std::uint8_t { baseline, avx2, avx512 };

/// Whether this processor has it, and this program was built with it.
bool has_instructions(InstructionSet set);

/// The kernels of a set. Expects has_instructions(set).
const LaneKernels& lane_kernels(InstructionSet set);

/// The kernels of the widest set that is there.
const LaneKernels& lane_kernels();

}  // namespace fingers
