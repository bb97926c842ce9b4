// Tested by tests/engine/store_test.cpp and, with Python's readers, by tests/analysis.
#include "engine/hdf5_write.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>

#include "engine/contract.hpp"
#include "engine/hdf5_read.hpp"

namespace fingers {

namespace {

/// Attributes stay in the object's header: a separate heap for each dataset costs kilobytes.
constexpr unsigned kCompactAttributes = 64;

/// Properties that every object shares.
Handle object_creation(hid_t kind) {
  Handle properties = checked(H5Pcreate(kind), "set up an object");
  const unsigned order = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;
  check(H5Pset_obj_track_times(properties.get(), false), "set up an object");
  check(H5Pset_attr_creation_order(properties.get(), order), "set up an object");
  check(H5Pset_attr_phase_change(properties.get(), kCompactAttributes, kCompactAttributes / 2),
        "set up an object");
  if (kind == H5P_GROUP_CREATE || kind == H5P_FILE_CREATE) {
    check(H5Pset_link_creation_order(properties.get(), order), "set up an object");
  }
  return properties;
}

Handle scalar_space() { return checked(H5Screate(H5S_SCALAR), "make a space"); }

Handle list_space(std::uint64_t length) {
  const hsize_t size = length;
  return checked(H5Screate_simple(1, &size, nullptr), "make a space");
}

void write_raw_attribute(const Handle& object, const std::string& name, const Handle& type,
                         const Handle& space, const void* data) {
  const Handle attribute = checked(
      H5Acreate2(object.get(), name.c_str(), type.get(), space.get(), H5P_DEFAULT, H5P_DEFAULT),
      "make attribute '" + name + "'");
  check(H5Awrite(attribute.get(), type.get(), data), "write attribute '" + name + "'");
}

/// CLASS and NAME of a dimension scale must be strings of fixed length.
void write_fixed_attribute(const Handle& object, const std::string& name, const std::string& text) {
  const Handle type = checked(H5Tcopy(H5T_C_S1), "make a type of text");
  check(H5Tset_size(type.get(), text.size() + 1), "make a type of text");
  write_raw_attribute(object, name, type, scalar_space(), text.c_str());
}

hobj_ref_t reference_to(const Handle& group, const std::string& name) {
  hobj_ref_t reference = 0;
  check(H5Rcreate(&reference, group.get(), name.c_str(), H5R_OBJECT, -1),
        "refer to dataset '" + name + "'");
  return reference;
}

/// An element of REFERENCE_LIST, as H5DS defines it.
struct ScaleUse {
  hobj_ref_t dataset = 0;
  std::int32_t axis = 0;
  std::int32_t unused = 0;  ///< padding that would otherwise hold whatever was in memory
};

void write_reference_list(const Handle& scale, std::span<const ScaleUse> uses) {
  const Handle type =
      checked(H5Tcreate(H5T_COMPOUND, sizeof(ScaleUse)), "make a type of references");
  check(H5Tinsert(type.get(), "dataset", offsetof(ScaleUse, dataset), H5T_STD_REF_OBJ),
        "make a type of references");
  check(H5Tinsert(type.get(), "dimension", offsetof(ScaleUse, axis), H5T_NATIVE_INT32),
        "make a type of references");
  write_raw_attribute(scale, "REFERENCE_LIST", type, list_space(uses.size()), uses.data());
}

/// The column's flags or categories in the way of the CF conventions.
void write_flags(const Handle& dataset, const ColumnDeclaration& column,
                 const std::vector<std::string>& names) {
  const bool masks = !column.flags.empty();
  const std::vector<std::string>& meanings = masks ? column.flags : names;
  std::vector<std::uint64_t> values;
  std::string text;
  for (std::size_t i = 0; i < meanings.size(); ++i) {
    values.push_back(masks ? std::uint64_t{1} << i : i);
    std::string word = meanings[i];
    std::ranges::replace(word, ' ', '_');
    text += (i == 0 ? "" : " ") + word;
  }
  const std::uint64_t most = masks ? values.back() * 2 - 1 : values.back();
  write_attribute(dataset, masks ? "flag_masks" : "flag_values", column.type, values);
  write_attribute(dataset, "flag_meanings", text);
  write_attribute(dataset, "valid_range", column.type, std::array<std::uint64_t, 2>{0, most});
}

Handle column_creation(const ColumnDeclaration& column, const ColumnShape& shape) {
  Handle properties = object_creation(H5P_DATASET_CREATE);
  if (shape.rows == 0) {
    return properties;
  }
  const std::array<hsize_t, 2> chunk = {shape.chunk_rows, shape.row_elements};
  check(H5Pset_chunk(properties.get(), shape.row_elements == 0 ? 1 : 2, chunk.data()),
        "set up dataset '" + column.name + "'");
  check(H5Pset_fill_time(properties.get(), H5D_FILL_TIME_NEVER), "set up a dataset");
  if (bytes_of(column.type) > 1) {
    check(H5Pset_shuffle(properties.get()), "set up a dataset");
  }
  check(H5Pset_deflate(properties.get(), static_cast<unsigned>(shape.deflate_level)),
        "set up a dataset");
  return properties;
}

}  // namespace

Handle file_creation() { return object_creation(H5P_FILE_CREATE); }

Handle make_group(const Handle& parent, const std::string& name) {
  const Handle properties = object_creation(H5P_GROUP_CREATE);
  return checked(H5Gcreate2(parent.get(), name.c_str(), H5P_DEFAULT, properties.get(), H5P_DEFAULT),
                 "make group '" + name + "'");
}

void write_attribute(const Handle& object, const std::string& name, const std::string& text) {
  const char* pointer = text.c_str();
  write_raw_attribute(object, name, string_type(), scalar_space(),
                      static_cast<const void*>(&pointer));
}

void write_attribute(const Handle& object, const std::string& name, ColumnType type,
                     std::span<const std::uint64_t> values, bool scalar) {
  const Handle attribute =
      checked(H5Acreate2(object.get(), name.c_str(), file_type(type),
                         (scalar ? scalar_space() : list_space(values.size())).get(), H5P_DEFAULT,
                         H5P_DEFAULT),
              "make attribute '" + name + "'");
  check(H5Awrite(attribute.get(), H5T_NATIVE_UINT64, values.data()),
        "write attribute '" + name + "'");
}

void write_text(const Handle& parent, const std::string& name, const std::string& text) {
  const Handle type = string_type();
  const Handle properties = object_creation(H5P_DATASET_CREATE);
  const Handle dataset =
      checked(H5Dcreate2(parent.get(), name.c_str(), type.get(), scalar_space().get(), H5P_DEFAULT,
                         properties.get(), H5P_DEFAULT),
              "make dataset '" + name + "'");
  const char* pointer = text.c_str();
  check(H5Dwrite(dataset.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT,
                 static_cast<const void*>(&pointer)),
        "write dataset '" + name + "'");
}

Handle write_texts(const Handle& parent, const std::string& name,
                   const std::vector<std::string>& texts) {
  const Handle type = string_type();
  const Handle properties = object_creation(H5P_DATASET_CREATE);
  Handle dataset =
      checked(H5Dcreate2(parent.get(), name.c_str(), type.get(), list_space(texts.size()).get(),
                         H5P_DEFAULT, properties.get(), H5P_DEFAULT),
              "make dataset '" + name + "'");
  std::vector<const char*> pointers;
  pointers.reserve(texts.size());
  for (const std::string& text : texts) {
    pointers.push_back(text.c_str());
  }
  check(H5Dwrite(dataset.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT,
                 static_cast<const void*>(pointers.data())),
        "write dataset '" + name + "'");
  return dataset;
}

Handle make_column(const Handle& group, const ColumnDeclaration& column,
                   const std::vector<std::string>& names, const ColumnShape& shape) {
  const std::array<hsize_t, 2> size = {shape.rows, shape.row_elements};
  const Handle space = checked(
      H5Screate_simple(shape.row_elements == 0 ? 1 : 2, size.data(), nullptr), "make a space");
  const Handle properties = column_creation(column, shape);
  Handle dataset = checked(H5Dcreate2(group.get(), column.name.c_str(), file_type(column.type),
                                      space.get(), H5P_DEFAULT, properties.get(), H5P_DEFAULT),
                           "make dataset '" + column.name + "'");
  write_attribute(dataset, "units", column.unit);
  write_attribute(dataset, "long_name", column.meaning);
  if (!column.flags.empty() || !names.empty()) {
    write_flags(dataset, column, names);
  }
  if (column.unit == "share") {
    write_attribute(dataset, "valid_range", column.type, std::array<std::uint64_t, 2>{0, 1});
  }
  return dataset;
}

void Dimensions::add_plain(const std::string& name, std::uint64_t length) {
  const Handle properties = object_creation(H5P_DATASET_CREATE);
  const Handle dataset =
      checked(H5Dcreate2(group_.get(), name.c_str(), H5T_IEEE_F32LE, list_space(length).get(),
                         H5P_DEFAULT, properties.get(), H5P_DEFAULT),
              "make dimension '" + name + "'");
  write_fixed_attribute(dataset, "CLASS", "DIMENSION_SCALE");
  write_fixed_attribute(
      dataset, "NAME",
      fmt::format("This is a netCDF dimension but not a netCDF variable.{:10}", length));
  scales_.push_back({.name = name, .uses = {}});
}

void Dimensions::add_coordinate(const std::string& name) {
  const Handle dataset = open_dataset(group_, name);
  write_fixed_attribute(dataset, "CLASS", "DIMENSION_SCALE");
  write_fixed_attribute(dataset, "NAME", name);
  scales_.push_back({.name = name, .uses = {}});
}

void Dimensions::attach(const std::string& dataset, const std::vector<std::string>& dimensions) {
  std::vector<hobj_ref_t> references;
  for (std::size_t axis = 0; axis < dimensions.size(); ++axis) {
    const auto scale = std::ranges::find(scales_, dimensions[axis], &Scale::name);
    EXPECT_CONTRACT(scale != scales_.end());
    scale->uses.push_back({.dataset = dataset, .axis = static_cast<int>(axis)});
    references.push_back(reference_to(group_, dimensions[axis]));
  }
  std::vector<hvl_t> lists;
  for (hobj_ref_t& reference : references) {
    lists.push_back({.len = 1, .p = &reference});
  }
  const Handle type = checked(H5Tvlen_create(H5T_STD_REF_OBJ), "make a type of references");
  write_raw_attribute(open_dataset(group_, dataset), "DIMENSION_LIST", type,
                      list_space(lists.size()), lists.data());
}

void Dimensions::finish() {
  for (const Scale& scale : scales_) {
    std::vector<ScaleUse> uses;
    for (const Use& use : scale.uses) {
      uses.push_back({.dataset = reference_to(group_, use.dataset), .axis = use.axis});
    }
    if (!uses.empty()) {
      write_reference_list(open_dataset(group_, scale.name), uses);
    }
  }
}

}  // namespace fingers
