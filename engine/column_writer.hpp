// Datasets that grow together, row by row, and are written as whole compressed chunks: the columns
// of a table, the quantities of the series. Memory: one chunk of each; of smaller ones three, of
// which two are compressed while the other is filled.
#pragma once

#include <cstddef>
#include <cstdint>
#include <future>
#include <list>
#include <string>
#include <vector>

#include "engine/hdf5_write.hpp"

namespace fingers {

/// Where the values of a column begin.
const void* data_of(const ColumnData& column);

class ColumnWriter {
 public:
  /// `shape` of every column; the chunk is cut to the number of rows. Compression runs on
  /// `threads`.
  ColumnWriter(const ColumnShape& shape, int threads);

  /// Makes one more dataset; before the first append.
  void add(const Handle& group, const ColumnDeclaration& column,
           const std::vector<std::string>& names = {});

  /// Appends rows; columns[i] points to those of the i-th dataset. Expects: no more rows than
  /// announced.
  void append(const std::vector<const void*>& columns, std::uint64_t rows);

  /// Writes the last chunk, padded with zeros. Expects: as many rows as announced.
  void finish();

 private:
  struct Column {
    Handle dataset;
    std::string name;
    std::size_t element_bytes;
    std::size_t row_bytes;
    std::vector<std::byte> chunk;  ///< that is being filled
    std::size_t last_bytes = 0;    ///< of the chunk that was compressed last
  };
  /// A complete chunk of every column, until it is written.
  struct Complete {
    std::uint64_t first_row = 0;
    std::vector<std::vector<std::byte>> rows;
    std::vector<std::vector<std::byte>> stored;  ///< what becomes of them
    std::future<void> compressing;               ///< goes before what it works on
  };

  void complete_chunk();
  void compress(Complete& chunk);
  void write_oldest();
  void make_room();
  [[nodiscard]] Complete& unused_chunk();
  [[nodiscard]] std::vector<std::size_t> longest_first() const;
  [[nodiscard]] std::size_t most_complete() const;

  ColumnShape shape_;
  int threads_;
  std::vector<Column> columns_;
  std::uint64_t chunk_start_ = 0;  ///< first row of the chunk that is being filled
  std::uint64_t rows_in_chunk_ = 0;
  std::list<Complete> complete_;  ///< oldest first
  std::list<Complete> unused_;    ///< written, whose memory the next ones take
};

}  // namespace fingers
