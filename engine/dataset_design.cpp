// Tested by tests/engine/store_test.cpp.
#include "engine/dataset_design.hpp"

#include <algorithm>
#include <set>

#include "engine/column_reader.hpp"
#include "engine/column_writer.hpp"
#include "engine/declared_columns.hpp"
#include "engine/hdf5_read.hpp"
#include "engine/hdf5_write.hpp"

namespace fingers {

namespace {

constexpr std::uint64_t kDesignChunk = 65536;

/// Names and settings.
void write_names(const Handle& group, const Design& design, Dimensions& dimensions) {
  std::vector<std::string> names;
  std::vector<std::string> settings;
  for (const DesignPoint& point : design.points) {
    names.push_back(point.name);
    settings.push_back(point.setting);
  }
  write_attribute(write_texts(group, "name", names), "long_name", "name of the design point");
  write_attribute(write_texts(group, "setting", settings), "long_name",
                  "the named setting that the point tries");
  dimensions.attach("name", {"point"});
  dimensions.attach("setting", {"point"});
}

/// Where each point stands among those that are read together.
void write_blocks(const Handle& group, const Design& design, Dimensions& dimensions) {
  std::vector<std::string> names;
  for (const DesignPoint& point : design.points) {
    names.push_back(point.block.name);
  }
  write_attribute(write_texts(group, "block", names), "long_name",
                  "block of the sample, or the move since the step before, with the number of the "
                  "factor from 1");
  dimensions.attach("block", {"point"});
}

/// The pointer of a factor's parameter, beside its values.
void write_pointer(const Handle& group, const DesignColumn& column) {
  const std::string& name = column.declaration.name;
  const Handle dataset =
      checked(H5Dopen2(group.get(), name.c_str(), H5P_DEFAULT), "open dataset '" + name + "'");
  write_attribute(dataset, "pointer", column.pointer);
}

/// Makes the dataset of a column; texts stand where they belong among the numbers.
void make_design_column(const Handle& group, const Design& design, const DesignColumn& column,
                        ColumnWriter& columns, Dimensions& dimensions) {
  const std::string& name = column.declaration.name;
  columns.add(group, column.declaration);
  if (!column.pointer.empty()) {
    write_pointer(group, column);
  }
  if (name == "point") {
    dimensions.add_coordinate("point");
    write_names(group, design, dimensions);
    return;
  }
  dimensions.attach(name, {"point"});
  if (name == "step") {
    write_blocks(group, design, dimensions);
  }
}

void write_kind(const Handle& group, const Design& design) {
  write_attribute(group, "kind",
                  std::string(kDesignKindNames[static_cast<std::size_t>(design.kind)]));
  write_attribute(
      group, "random_numbers",
      std::string(kRandomNumbersNames[static_cast<std::size_t>(design.random_numbers)]));
  const std::uint64_t is_crossed = design.crossed ? 1 : 0;
  write_attribute(group, "crossed", ColumnType::u1, {&is_crossed, 1}, true);
}

}  // namespace

void write_design(const Handle& file, const Design& design) {
  const Handle group = make_group(file, "design");
  ColumnWriter columns({.rows = design.points.size(),
                        .row_elements = 0,
                        .chunk_rows = kDesignChunk,
                        .deflate_level = 4},
                       1);
  Dimensions dimensions(group);
  const std::vector<DesignColumn> all = design_columns(design);
  std::vector<const void*> data;
  std::string factors;
  for (const DesignColumn& column : all) {
    make_design_column(group, design, column, columns, dimensions);
    data.push_back(data_of(column.values));
    if (!column.pointer.empty()) {
      factors += (factors.empty() ? "" : " ") + column.declaration.name;
    }
  }
  write_attribute(group, "columns", factors);
  write_kind(group, design);
  dimensions.finish();
  columns.append(data, design.points.size());
  columns.finish();
}

namespace {

/// One of `names`, as an attribute says it.
template <class Kind, std::size_t n>
Kind read_choice(const Handle& group, const std::string& attribute,
                 const std::array<std::string_view, n>& names) {
  const std::string word = read_text_attribute(group, attribute);
  const auto found = std::ranges::find(names, word);
  if (found == names.end()) {
    throw Hdf5Error("'" + word + "' is no " + attribute + " of designs");
  }
  return static_cast<Kind>(found - names.begin());
}

void read_kind(const Handle& group, Design& design) {
  design.kind = read_choice<DesignKind>(group, "kind", kDesignKindNames);
  if (has_attribute(group, "random_numbers")) {  // files before there was a choice do not say
    design.random_numbers =
        read_choice<RandomNumbers>(group, "random_numbers", kRandomNumbersNames);
    design.crossed = read_whole_attribute(group, "crossed") == 1;
  }
}

void read_points(const Handle& group, Design& design) {
  std::vector<std::string> names = read_texts(group, "name");
  std::vector<std::string> settings = read_texts(group, "setting");
  if (names.size() != settings.size()) {
    throw Hdf5Error("the columns of /design differ in length");
  }
  design.n_settings =
      static_cast<std::uint32_t>(std::set<std::string>(settings.begin(), settings.end()).size());
  for (std::size_t p = 0; p < names.size(); ++p) {
    design.points.push_back({.name = std::move(names[p]),
                             .setting = std::move(settings[p]),
                             .values = {},
                             .block = {}});
  }
}

void read_blocks(const Handle& group, Design& design) {
  const std::size_t n = design.points.size();
  std::vector<std::string> names = read_texts(group, "block");
  if (names.size() != n) {
    throw Hdf5Error("the columns of /design differ in length");
  }
  std::vector<std::uint32_t> rows(n);
  std::vector<std::uint32_t> steps(n);
  ColumnReader(group, "base_row", ColumnType::u4, n).read(0, n, rows.data());
  ColumnReader(group, "step", ColumnType::u4, n).read(0, n, steps.data());
  for (std::size_t p = 0; p < n; ++p) {
    design.points[p].block = {.base_row = rows[p], .step = steps[p], .name = std::move(names[p])};
  }
}

void read_factors(const Handle& group, Design& design) {
  const std::size_t n = design.points.size();
  for (const std::string& name : words_of(read_text_attribute(group, "columns"))) {
    const Handle dataset = open_dataset(group, name);
    design.factors.push_back({.pointer = read_text_attribute(dataset, "pointer"),
                              .unit = read_text_attribute(dataset, "units"),
                              .values = {}});
    std::vector<double> values(n);
    ColumnReader(group, name, ColumnType::f8, n).read(0, n, values.data());
    for (std::size_t p = 0; p < n; ++p) {
      design.points[p].values.push_back(values[p]);
    }
  }
}

}  // namespace

Design read_design(const Handle& file) {
  const Handle group = open_group(file, "design");
  Design design;
  read_kind(group, design);
  read_points(group, design);
  if (has_blocks(design.kind)) {
    read_blocks(group, design);
  }
  read_factors(group, design);
  return design;
}

}  // namespace fingers
