// Tested by tests/engine/store_test.cpp.
#include "engine/dataset_design.hpp"

#include <algorithm>
#include <set>

#include "engine/column_reader.hpp"
#include "engine/column_writer.hpp"
#include "engine/contract.hpp"
#include "engine/hdf5_read.hpp"
#include "engine/hdf5_write.hpp"

namespace fingers {

namespace {

constexpr std::uint64_t kDesignChunk = 65536;

/// "/coin/heads" → "coin.heads".
std::string dataset_of_pointer(const std::string& pointer) {
  std::string name = pointer.substr(pointer.starts_with('/') ? 1 : 0);
  std::ranges::replace(name, '/', '.');
  return name;
}

/// Point numbers, names and settings.
void write_points(const Handle& group, const Design& design, ColumnWriter& columns,
                  Dimensions& dimensions) {
  std::vector<std::string> names;
  std::vector<std::string> settings;
  for (const DesignPoint& point : design.points) {
    EXPECT_CONTRACT(point.values.size() == design.factors.size());
    names.push_back(point.name);
    settings.push_back(point.setting);
  }
  columns.add(group, {.name = "point",
                      .type = ColumnType::u4,
                      .unit = "1",
                      .meaning = "number of the design point",
                      .dictionary = {},
                      .flags = {}});
  dimensions.add_coordinate("point");
  write_attribute(write_texts(group, "name", names), "long_name", "name of the design point");
  write_attribute(write_texts(group, "setting", settings), "long_name",
                  "the named setting that the point tries");
  dimensions.attach("name", {"point"});
  dimensions.attach("setting", {"point"});
}

/// Where each point stands among those that are read together.
void make_blocks(const Handle& group, const Design& design, ColumnWriter& columns,
                 Dimensions& dimensions) {
  std::vector<std::string> names;
  for (const DesignPoint& point : design.points) {
    names.push_back(point.block.name);
  }
  const auto add = [&](const std::string& name, std::string meaning) {
    columns.add(group, {.name = name,
                        .type = ColumnType::u4,
                        .unit = "1",
                        .meaning = std::move(meaning),
                        .dictionary = {},
                        .flags = {}});
    dimensions.attach(name, {"point"});
  };
  add("base_row", "row of the base sample, or trajectory, that the point belongs to");
  add("step", "step along the trajectory, from 0; 0 in other designs");
  write_attribute(write_texts(group, "block", names), "long_name",
                  "block of the sample, or the move since the step before, with the number of the "
                  "factor from 1");
  dimensions.attach("block", {"point"});
}

/// One dataset for each factor, under the pointer of its parameter.
void make_factors(const Handle& group, const Design& design, ColumnWriter& columns,
                  Dimensions& dimensions) {
  std::string listed;
  for (const Factor& factor : design.factors) {
    const std::string name = dataset_of_pointer(factor.pointer);
    columns.add(group, {.name = name,
                        .type = ColumnType::f8,
                        .unit = factor.unit,
                        .meaning = "value of " + factor.pointer,
                        .dictionary = {},
                        .flags = {}});
    const Handle dataset =
        checked(H5Dopen2(group.get(), name.c_str(), H5P_DEFAULT), "open dataset '" + name + "'");
    write_attribute(dataset, "pointer", factor.pointer);
    dimensions.attach(name, {"point"});
    listed += (listed.empty() ? "" : " ") + name;
  }
  write_attribute(group, "columns", listed);
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

/// The numbers of points, then those of their blocks, then values: in the order of the datasets.
void append_design(const Design& design, ColumnWriter& columns) {
  const std::uint64_t n = design.points.size();
  std::vector<std::vector<std::uint32_t>> numbers(has_blocks(design.kind) ? 3 : 1,
                                                  std::vector<std::uint32_t>(n));
  std::vector<std::vector<double>> values(design.factors.size(), std::vector<double>(n));
  for (std::uint32_t p = 0; p < n; ++p) {
    const DesignPoint& point = design.points[p];
    numbers[0][p] = p;
    if (numbers.size() > 1) {
      numbers[1][p] = point.block.base_row;
      numbers[2][p] = point.block.step;
    }
    for (std::size_t f = 0; f < values.size(); ++f) {
      values[f][p] = point.values[f];
    }
  }
  std::vector<const void*> data;
  for (const std::vector<std::uint32_t>& column : numbers) {
    data.push_back(column.data());
  }
  for (const std::vector<double>& column : values) {
    data.push_back(column.data());
  }
  columns.append(data, n);
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
  write_points(group, design, columns, dimensions);
  if (has_blocks(design.kind)) {
    make_blocks(group, design, columns, dimensions);
  }
  make_factors(group, design, columns, dimensions);
  write_kind(group, design);
  dimensions.finish();
  append_design(design, columns);
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
