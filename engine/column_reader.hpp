// One dataset, read forward by rows; each chunk is decompressed once. A merge has thousands of
// them: so the library, which takes some 30 KB for an open dataset, has one open only while chunks
// are read, some of them ahead and still compressed. Throws Hdf5Error.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/hdf5_handle.hpp"

namespace fingers {

class ColumnReader {
 public:
  /// Expects a dataset of `rows` rows of `row_elements` elements (0: a plain column) of this type;
  /// throws where the file holds something else. Reads its first bytes, still compressed.
  ColumnReader(const Handle& group, const std::string& name, ColumnType type, std::uint64_t rows,
               std::uint64_t row_elements = 0);

  [[nodiscard]] std::uint64_t chunk_rows() const { return chunk_rows_; }
  [[nodiscard]] std::size_t row_bytes() const { return row_bytes_; }

  /// Copies rows [first, first + n) to `to`.
  void read(std::uint64_t first, std::uint64_t n, void* to);

 private:
  void load(std::uint64_t chunk);
  void fetch(const Handle& dataset, std::uint64_t chunk);
  void decode(std::uint64_t chunk);
  void load_through_library(const Handle& dataset, std::uint64_t chunk);

  std::string name_;
  Handle group_;
  Handle dataset_;  ///< of a foreign file only, where the library keeps a chunk
  ColumnType type_;
  std::uint64_t rows_;
  std::uint64_t row_elements_;
  std::size_t row_bytes_;
  std::uint64_t chunk_rows_ = 1;
  bool ours_ = false;  ///< packed as this program packs
  std::uint64_t loaded_;
  std::vector<std::byte> chunk_;
  std::uint64_t first_stored_ = 0;
  std::vector<std::vector<std::byte>> stored_;  ///< chunks from that one on, as they are stored
};

}  // namespace fingers
