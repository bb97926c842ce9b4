// Datasets that grow together, row by row, and are written as whole compressed chunks: the columns
// of a table, the quantities of the series. Memory: one chunk of each; of smaller ones two, of
// which one is compressed while the other is filled.
#pragma once

#include <cstddef>
#include <cstdint>
#include <future>
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
    std::vector<std::byte> chunk;   ///< that is being filled
    std::vector<std::byte> full;    ///< the one before, while it is compressed
    std::vector<std::byte> stored;  ///< and what becomes of it
    std::vector<std::byte> ready;   ///< what became of it, until it is written
  };

  void begin_compressing();
  bool await_compressed();
  void write_compressed();
  [[nodiscard]] std::vector<std::size_t> longest_first() const;
  [[nodiscard]] std::uint64_t bytes_of_chunks() const;

  ColumnShape shape_;
  int threads_;
  std::vector<Column> columns_;
  std::uint64_t chunk_start_ = 0;  ///< first row of the chunk that is being filled
  std::uint64_t rows_in_chunk_ = 0;
  std::future<void> compressing_;  ///< of the chunk before; goes before what it works on
};

}  // namespace fingers
