// How the file of a dataset is packed: the length of its chunks and how hard they are compressed.
#pragma once

#include <cstdint>

namespace fingers {

/// That of the canonical file as it stands here: fixed, and part of the promise of equal bytes, so
/// its level is never kQuickLevel (engine/chunk_codec.hpp). Segments have another
/// (engine/segment_packing.hpp).
struct Packing {
  std::uint64_t table_chunk_rows = 131072;
  std::uint64_t run_chunk_rows = 65536;
  std::uint64_t series_chunk_runs = 1024;
  int deflate_level = 1;
  int threads = 1;
};

}  // namespace fingers
