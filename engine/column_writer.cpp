// Which rows share a chunk depends on the rows alone, so the file's bytes depend neither on the
// number of threads nor on how the rows arrive. Tested by tests/engine/merge_test.cpp.
#include "engine/column_writer.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <functional>
#include <numeric>
#include <span>
#include <utility>

#include "engine/chunk_codec.hpp"
#include "engine/contract.hpp"
#include "engine/parallel.hpp"

namespace fingers {

namespace {

/// Of larger chunks, of which a file has few, no second one is worth the memory.
constexpr std::uint64_t kMostBytesTwice = std::uint64_t{16} << 20U;
/// Complete chunks there may be beside the one that is filled: while the last columns of one are
/// compressed, threads that are through with theirs begin with the next.
constexpr std::size_t kMostComplete = 2;

}  // namespace

const void* data_of(const ColumnData& column) {
  return std::visit([](const auto& values) -> const void* { return values.data(); }, column);
}

ColumnWriter::ColumnWriter(const ColumnShape& shape, int threads)
    : shape_(shape), threads_(threads) {
  shape_.chunk_rows = std::max<std::uint64_t>(1, std::min(shape.chunk_rows, shape.rows));
}

void ColumnWriter::add(const Handle& group, const ColumnDeclaration& column,
                       const std::vector<std::string>& names) {
  EXPECT_CONTRACT(chunk_start_ == 0 && rows_in_chunk_ == 0);
  const std::size_t element_bytes = bytes_of(column.type);
  const std::size_t row_bytes = element_bytes * std::max<std::uint64_t>(1, shape_.row_elements);
  columns_.push_back({.dataset = make_column(group, column, names, shape_),
                      .name = column.name,
                      .element_bytes = element_bytes,
                      .row_bytes = row_bytes,
                      .chunk = std::vector<std::byte>(row_bytes * shape_.chunk_rows)});
}

void ColumnWriter::append(const std::vector<const void*>& columns, std::uint64_t rows) {
  EXPECT_CONTRACT(columns.size() == columns_.size());
  EXPECT_CONTRACT(chunk_start_ + rows_in_chunk_ + rows <= shape_.rows);
  std::uint64_t taken = 0;
  while (taken < rows) {
    const std::uint64_t some = std::min(rows - taken, shape_.chunk_rows - rows_in_chunk_);
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      Column& column = columns_[i];
      std::memcpy(column.chunk.data() + rows_in_chunk_ * column.row_bytes,
                  static_cast<const std::byte*>(columns[i]) + taken * column.row_bytes,
                  some * column.row_bytes);
    }
    taken += some;
    rows_in_chunk_ += some;
    if (rows_in_chunk_ == shape_.chunk_rows) {
      complete_chunk();
    }
  }
}

void ColumnWriter::finish() {
  if (rows_in_chunk_ > 0) {
    for (Column& column : columns_) {
      std::fill(
          column.chunk.begin() + static_cast<std::ptrdiff_t>(rows_in_chunk_ * column.row_bytes),
          column.chunk.end(), std::byte{0});
    }
    complete_chunk();
  }
  while (!complete_.empty()) {
    write_oldest();
  }
  EXPECT_CONTRACT(columns_.empty() || std::min(chunk_start_, shape_.rows) == shape_.rows);
}

/// The chunk that was filled goes to be compressed; the next may be filled.
void ColumnWriter::complete_chunk() {
  Complete& chunk = unused_chunk();
  chunk.first_row = chunk_start_;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    std::swap(chunk.rows[i], columns_[i].chunk);
  }
  compress(chunk);
  chunk_start_ += shape_.chunk_rows;
  rows_in_chunk_ = 0;
  while (complete_.size() > most_complete()) {
    write_oldest();
  }
  if (chunk_start_ < shape_.rows) {
    make_room();
  }
}

/// One at the end of the complete ones.
ColumnWriter::Complete& ColumnWriter::unused_chunk() {
  if (unused_.empty()) {
    unused_.emplace_back();
    unused_.back().rows.resize(columns_.size());
    unused_.back().stored.resize(columns_.size());
  }
  complete_.splice(complete_.end(), unused_, unused_.begin());
  return complete_.back();
}

/// For the chunk that is filled next: where the last one lay that was written, if one was.
void ColumnWriter::make_room() {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    std::vector<std::byte>& chunk = columns_[i].chunk;
    if (!unused_.empty()) {
      std::swap(chunk, unused_.back().rows[i]);
    }
    chunk.resize(columns_[i].row_bytes * shape_.chunk_rows);
  }
}

/// Begins to; alone, this thread does it when the chunk is written.
void ColumnWriter::compress(Complete& chunk) {
  const auto work = [&chunk, columns = std::span(columns_), order = longest_first(),
                     level = shape_.deflate_level, threads = threads_] {
    const std::atomic<bool> never{false};
    for_each_index(
        columns.size(), threads,
        [&chunk, columns, &order, level](std::uint64_t i) {
          const std::size_t column = order[i];
          encode_chunk(chunk.rows[column], columns[column].element_bytes, level,
                       chunk.stored[column]);
        },
        never);
  };
  chunk.compressing = std::async(threads_ > 1 ? std::launch::async : std::launch::deferred, work);
}

/// Columns by how long their last chunk became: the more bytes, the longer it takes, and what takes
/// longest should not be begun last.
std::vector<std::size_t> ColumnWriter::longest_first() const {
  std::vector<std::size_t> order(columns_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::ranges::greater{},
                           [this](std::size_t i) { return columns_[i].last_bytes; });
  return order;
}

/// Complete chunks that there may be beside the one that is filled. The same on any number of
/// threads: it says where chunks come to lie in the file.
std::size_t ColumnWriter::most_complete() const {
  std::uint64_t bytes = 0;
  for (const Column& column : columns_) {
    bytes += column.row_bytes * shape_.chunk_rows;
  }
  return bytes <= kMostBytesTwice ? kMostComplete : 0;
}

/// Waits for the oldest complete chunk to be compressed, and writes it.
void ColumnWriter::write_oldest() {
  Complete& chunk = complete_.front();
  chunk.compressing.get();
  const std::array<hsize_t, 2> place = {chunk.first_row, 0};
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    Column& column = columns_[i];
    const std::vector<std::byte>& stored = chunk.stored[i];
    check(H5Dwrite_chunk(column.dataset.get(), H5P_DEFAULT, 0, place.data(), stored.size(),
                         stored.data()),
          "write dataset '" + column.name + "'");
    column.last_bytes = stored.size();
  }
  unused_.splice(unused_.end(), complete_, complete_.begin());
}

}  // namespace fingers
