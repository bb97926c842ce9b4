// Groups, attributes, texts and dimension scales as h5py, netCDF4, xarray, R and Julia all
// understand them. Deterministic: no times, creation order kept, no byte of memory that was not
// set.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/hdf5_handle.hpp"

namespace fingers {

/// Properties of a file that is made.
Handle file_creation();
Handle make_group(const Handle& parent, const std::string& name);

void write_attribute(const Handle& object, const std::string& name, const std::string& text);
void write_attribute(const Handle& object, const std::string& name, ColumnType type,
                     std::span<const std::uint64_t> values, bool scalar = false);

/// A scalar text.
void write_text(const Handle& parent, const std::string& name, const std::string& text);
/// A list of texts.
Handle write_texts(const Handle& parent, const std::string& name,
                   const std::vector<std::string>& texts);

/// How a column lies in the file.
struct ColumnShape {
  std::uint64_t rows = 0;
  std::uint64_t row_elements = 0;  ///< elements in a row of a table of rows; 0: a plain column
  std::uint64_t chunk_rows = 1;
  int deflate_level = 4;
};

/// A dataset with its attributes; `names` are those of its dictionary. Without rows it has no
/// storage.
Handle make_column(const Handle& group, const ColumnDeclaration& column,
                   const std::vector<std::string>& names, const ColumnShape& shape);

/// Dimensions of a group, in the netCDF4 way. Written in one go at the end, because the library's
/// own H5DSattach_scale rewrites a growing list for each dataset and leaves bytes in it unset.
class Dimensions {
 public:
  explicit Dimensions(const Handle& group) : group_(group) {}
  /// A dimension without coordinate: a dataset without storage that netCDF4 knows to hide.
  void add_plain(const std::string& name, std::uint64_t length);
  /// A dimension whose coordinate is the dataset of that name.
  void add_coordinate(const std::string& name);
  /// Says that the axes of a dataset are these dimensions.
  void attach(const std::string& dataset, const std::vector<std::string>& dimensions);
  /// Writes the lists.
  void finish();

 private:
  struct Use {
    std::string dataset;
    int axis;
  };
  struct Scale {
    std::string name;
    std::vector<Use> uses;
  };
  const Handle& group_;
  std::vector<Scale> scales_;
};

}  // namespace fingers
