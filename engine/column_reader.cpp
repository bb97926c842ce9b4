// Chunks that this program packed are read as they are stored and decoded here, twice as fast as
// through the library; others (a file that h5repack rewrote) go through it. Tested by
// tests/engine/store_test.cpp.
#include "engine/column_reader.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>

#include "engine/chunk_codec.hpp"
#include "engine/contract.hpp"
#include "engine/hdf5_read.hpp"

namespace fingers {

namespace {

constexpr std::uint64_t kNothingLoaded = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint64_t kForeignChunkRows = 8192;
constexpr std::uint64_t kLargestChunk = std::uint64_t{1} << 31U;
/// Of compressed chunks, how much is read ahead: to open a dataset takes longer than to decode one.
constexpr std::size_t kBytesAhead = 32768;

H5Z_filter_t filter_at(const Handle& properties, unsigned index) {
  unsigned flags = 0;
  std::size_t n_values = 0;
  unsigned config = 0;
  return H5Pget_filter2(properties.get(), index, &flags, &n_values, nullptr, 0, nullptr, &config);
}

/// Shuffle (of elements of more than one byte), then deflate, and nothing else.
bool has_our_filters(const Handle& properties, ColumnType type) {
  const int n = H5Pget_nfilters(properties.get());
  const bool shuffled = bytes_of(type) > 1;
  return n == (shuffled ? 2 : 1) && (!shuffled || filter_at(properties, 0) == H5Z_FILTER_SHUFFLE) &&
         filter_at(properties, shuffled ? 1 : 0) == H5Z_FILTER_DEFLATE;
}

}  // namespace

ColumnReader::ColumnReader(const Handle& group, const std::string& name, ColumnType type,
                           std::uint64_t rows, std::uint64_t row_elements)
    : name_(name),
      group_(group.another()),
      type_(type),
      rows_(rows),
      row_elements_(row_elements),
      row_bytes_(bytes_of(type) * std::max<std::uint64_t>(1, row_elements)),
      loaded_(kNothingLoaded) {
  const std::vector<std::uint64_t> expected = row_elements == 0
                                                  ? std::vector<std::uint64_t>{rows}
                                                  : std::vector<std::uint64_t>{rows, row_elements};
  Handle dataset = open_dataset(group, name);
  if (column_type(dataset, name) != type || lengths_of(dataset, name) != expected) {
    throw Hdf5Error("dataset '" + name + "' has another type or length than it must have");
  }
  const Handle properties =
      checked(H5Dget_create_plist(dataset.get()), "read the layout of '" + name + "'");
  chunk_rows_ = std::min<std::uint64_t>(kForeignChunkRows, std::max<std::uint64_t>(1, rows));
  if (H5Pget_layout(properties.get()) == H5D_CHUNKED) {
    std::array<hsize_t, 2> chunk{};
    const int rank = H5Pget_chunk(properties.get(), 2, chunk.data());
    ours_ = rank == static_cast<int>(expected.size()) && has_our_filters(properties, type) &&
            (rank == 1 || chunk[1] == row_elements);
    chunk_rows_ = ours_ ? std::max<std::uint64_t>(1, chunk[0]) : chunk_rows_;
  }
  if (chunk_rows_ > kLargestChunk / row_bytes_) {
    throw Hdf5Error("dataset '" + name + "' has impossibly large chunks");
  }
  if (!ours_) {
    dataset_ = std::move(dataset);
  } else if (rows > 0) {
    fetch(dataset, 0);  // it is open now
  }
}

void ColumnReader::read(std::uint64_t first, std::uint64_t n, void* to) {
  if (first > rows_ || n > rows_ - first) {
    throw Hdf5Error("dataset '" + name_ + "' is shorter than its file says");
  }
  auto* target = static_cast<std::byte*>(to);
  while (n > 0) {
    load(first / chunk_rows_);
    const std::uint64_t offset = first % chunk_rows_;
    const std::uint64_t some = std::min(n, chunk_rows_ - offset);
    std::memcpy(target, chunk_.data() + offset * row_bytes_, some * row_bytes_);
    target += some * row_bytes_;
    first += some;
    n -= some;
  }
}

void ColumnReader::load(std::uint64_t chunk) {
  if (loaded_ == chunk) {
    return;
  }
  loaded_ = kNothingLoaded;
  chunk_.resize(chunk_rows_ * row_bytes_);
  if (!ours_) {
    load_through_library(dataset_, chunk);
  } else {
    if (chunk < first_stored_ || chunk - first_stored_ >= stored_.size()) {
      fetch(open_dataset(group_, name_), chunk);
    }
    decode(chunk);
  }
  loaded_ = chunk;
}

/// The chunk as it is stored, and some that follow.
void ColumnReader::fetch(const Handle& dataset, std::uint64_t chunk) {
  stored_.clear();
  first_stored_ = chunk;
  const std::uint64_t n_chunks = (rows_ + chunk_rows_ - 1) / chunk_rows_;
  for (std::size_t bytes = 0; chunk < n_chunks && (stored_.empty() || bytes < kBytesAhead);
       ++chunk) {
    const std::array<hsize_t, 2> place = {chunk * chunk_rows_, 0};
    const std::string what = "read dataset '" + name_ + "', chunk " + std::to_string(chunk);
    hsize_t size = 0;
    check(H5Dget_chunk_storage_size(dataset.get(), place.data(), &size), what);
    if (size == 0 || size > 2 * kLargestChunk) {
      throw Hdf5Error("cannot " + what + ": it has an impossible size");
    }
    std::vector<std::byte>& stored = stored_.emplace_back(size);
    std::uint32_t left_out = 0;
    check(H5Dread_chunk(dataset.get(), H5P_DEFAULT, place.data(), &left_out, stored.data()), what);
    if (left_out != 0) {
      throw Hdf5Error("cannot " + what + ": its compressed bytes are damaged");
    }
    bytes += size;
  }
}

void ColumnReader::decode(std::uint64_t chunk) {
  if (!decode_chunk(stored_[chunk - first_stored_], bytes_of(type_), chunk_)) {
    throw Hdf5Error("cannot read dataset '" + name_ + "', chunk " + std::to_string(chunk) +
                    ": its compressed bytes are damaged");
  }
}

void ColumnReader::load_through_library(const Handle& dataset, std::uint64_t chunk) {
  const std::array<hsize_t, 2> first = {chunk * chunk_rows_, 0};
  const std::array<hsize_t, 2> size = {std::min<hsize_t>(chunk_rows_, rows_ - first[0]),
                                       row_elements_};
  const int rank = row_elements_ == 0 ? 1 : 2;
  const std::string what = "read dataset '" + name_ + "'";
  const Handle file_space = checked(H5Dget_space(dataset.get()), what);
  check(H5Sselect_hyperslab(file_space.get(), H5S_SELECT_SET, first.data(), nullptr, size.data(),
                            nullptr),
        what);
  const Handle memory_space = checked(H5Screate_simple(rank, size.data(), nullptr), what);
  check(H5Dread(dataset.get(), memory_type(type_), memory_space.get(), file_space.get(),
                H5P_DEFAULT, chunk_.data()),
        what);
}

}  // namespace fingers
