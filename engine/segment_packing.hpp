// How segments are packed: fast, and in small chunks, so that many can be merged in little memory.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>

#include "engine/chunk_codec.hpp"
#include "engine/clock.hpp"
#include "engine/dataset_header.hpp"
#include "engine/packing.hpp"

namespace fingers {

/// Chunks of powers of two that the data fills at least once; the merge keeps one of each column of
/// each segment.
inline Packing segment_packing(const DatasetSizes& sizes, const Clock& clock) {
  constexpr std::uint64_t kMostTableRows = 16384;
  constexpr std::uint64_t kMostRuns = 512;
  constexpr std::uint64_t kSeriesChunkBytes = 16384;
  const auto fitting = [](std::uint64_t rows, std::uint64_t most) {
    return std::bit_floor(std::clamp<std::uint64_t>(rows, 1, most));
  };
  std::uint64_t longest = 0;
  for (const std::uint64_t rows : sizes.table_rows) {
    longest = std::max(longest, rows);
  }
  const std::uint64_t row_bytes = std::max<std::uint64_t>(1, clock.n_steps) * sizeof(float);
  return {.table_chunk_rows = fitting(longest, kMostTableRows),
          .run_chunk_rows = fitting(sizes.n_runs, kMostRuns),
          .series_chunk_runs =
              fitting(sizes.n_runs, std::max<std::uint64_t>(1, kSeriesChunkBytes / row_bytes)),
          .deflate_level = kQuickLevel,
          .threads = 1};
}

}  // namespace fingers
