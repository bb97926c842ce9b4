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

/// Larger chunks, of which a file has few, are not worth the memory.
constexpr std::uint64_t kMostBytesTwice = std::uint64_t{16} << 20U;

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
                      .chunk = std::vector<std::byte>(row_bytes * shape_.chunk_rows),
                      .full = {},
                      .stored = {},
                      .ready = {}});
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
      begin_compressing();
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
    begin_compressing();
  }
  if (await_compressed()) {
    write_compressed();
  }
  EXPECT_CONTRACT(columns_.empty() || std::min(chunk_start_, shape_.rows) == shape_.rows);
}

/// The chunk is complete; the next may be filled at once, or after this one has been written. The
/// one before is written while this one is compressed.
void ColumnWriter::begin_compressing() {
  const bool one_before = await_compressed();
  const bool more_follow = chunk_start_ + shape_.chunk_rows < shape_.rows;
  const bool beside = more_follow && bytes_of_chunks() <= kMostBytesTwice;
  for (Column& column : columns_) {
    if (beside) {
      column.full.resize(column.chunk.size());
    }
    std::swap(column.full, column.chunk);
  }
  const auto compress = [columns = std::span(columns_), order = longest_first(),
                         level = shape_.deflate_level, threads = threads_] {
    const std::atomic<bool> never{false};
    for_each_index(
        columns.size(), threads,
        [columns, &order, level](std::uint64_t i) {
          Column& column = columns[order[i]];
          encode_chunk(column.full, column.element_bytes, level, column.stored);
        },
        never);
  };
  compressing_ = std::async(threads_ > 1 ? std::launch::async : std::launch::deferred, compress);
  if (one_before) {
    write_compressed();
  }
  chunk_start_ += shape_.chunk_rows;
  rows_in_chunk_ = 0;
  if (more_follow && !beside) {
    await_compressed();
    write_compressed();
    for (Column& column : columns_) {
      std::swap(column.full, column.chunk);
    }
  }
}

/// Columns by how long their last chunk became: the more bytes, the longer it takes, and what takes
/// longest should not be begun last.
std::vector<std::size_t> ColumnWriter::longest_first() const {
  std::vector<std::size_t> order(columns_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::ranges::greater{},
                           [this](std::size_t i) { return columns_[i].ready.size(); });
  return order;
}

std::uint64_t ColumnWriter::bytes_of_chunks() const {
  std::uint64_t bytes = 0;
  for (const Column& column : columns_) {
    bytes += column.row_bytes * shape_.chunk_rows;
  }
  return bytes;
}

/// Waits for the chunk that is being compressed, if there is one.
bool ColumnWriter::await_compressed() {
  if (!compressing_.valid()) {
    return false;
  }
  compressing_.get();
  for (Column& column : columns_) {
    std::swap(column.stored, column.ready);
  }
  return true;
}

/// Writes the chunk that was awaited, the one before the one that is being filled.
void ColumnWriter::write_compressed() {
  const std::array<hsize_t, 2> place = {chunk_start_ - shape_.chunk_rows, 0};
  for (Column& column : columns_) {
    check(H5Dwrite_chunk(column.dataset.get(), H5P_DEFAULT, 0, place.data(), column.ready.size(),
                         column.ready.data()),
          "write dataset '" + column.name + "'");
  }
}

}  // namespace fingers
