// Tested by tests/engine/store_test.cpp.
#include "engine/dataset_header.hpp"

#include <algorithm>

#include "engine/column_writer.hpp"
#include "engine/contract.hpp"
#include "engine/dataset_identity.hpp"
#include "engine/hdf5_write.hpp"

namespace fingers {

namespace {

constexpr std::string_view kConventions = "CF-1.10 ACDD-1.3";
constexpr std::string_view kGenerator = "Philox4x32-10";
constexpr std::uint64_t kDesignChunk = 65536;

void write_whole(const Handle& object, const std::string& name, ColumnType type,
                 std::uint64_t value) {
  write_attribute(object, name, type, {&value, 1}, true);
}

void write_root(const Handle& file, const DatasetDescription& about, const DatasetSizes& sizes) {
  write_attribute(file, "Conventions", std::string(kConventions));
  write_attribute(file, "schema", about.schema.name);
  write_whole(file, "schema_version", ColumnType::u4, about.schema.version);
  write_whole(file, "results_version", ColumnType::u4, about.results_version);
  write_attribute(file, "uuid", dataset_uuid(about));
  write_attribute(file, "title", about.title);
  write_attribute(file, "license", about.licence);
  write_attribute(file, "software", about.software);
  write_attribute(file, "config_sha256", config_sha256(about));
  write_whole(file, "seed_design", ColumnType::u8, about.seeds.design);
  write_whole(file, "seed_population", ColumnType::u8, about.seeds.population);
  write_whole(file, "seed_dynamics", ColumnType::u8, about.seeds.dynamics);
  write_attribute(file, "rng", std::string(kGenerator));
  write_whole(file, "n_runs", ColumnType::u8, sizes.n_runs);
  for (std::size_t i = 0; i < about.schema.tables.size(); ++i) {
    write_whole(file, "n_" + about.schema.tables[i].name, ColumnType::u8, sizes.table_rows[i]);
  }
  write_whole(file, "complete", ColumnType::u1, sizes.complete ? 1 : 0);
  write_attribute(file, "tables", list_of_names(about.schema.tables));
}

void write_documents(const Handle& file, const DatasetDescription& about) {
  write_text(file, "config", about.config_text);
  write_text(file, "model_config", about.model_text);
  write_text(file, "provenance", about.provenance_text);
  write_text(file, "schema_json", schema_text(about.schema));
}

void write_dictionaries(const Handle& file, const RecordSchema& schema) {
  const Handle group = make_group(file, "dictionaries");
  Dimensions dimensions(group);
  for (const Dictionary& dictionary : schema.dictionaries) {
    const Handle dataset = write_texts(group, dictionary.name, dictionary.names);
    write_attribute(dataset, "long_name", "names of the codes of " + dictionary.name);
    dimensions.add_coordinate(dictionary.name);
  }
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
  write_attribute(group, "kind",
                  std::string(kDesignKindNames[static_cast<std::size_t>(design.kind)]));
}

void write_design(const Handle& file, const Design& design) {
  const Handle group = make_group(file, "design");
  const std::uint64_t n = design.points.size();
  ColumnWriter columns(
      {.rows = n, .row_elements = 0, .chunk_rows = kDesignChunk, .deflate_level = 4}, 1);
  Dimensions dimensions(group);
  write_points(group, design, columns, dimensions);
  make_factors(group, design, columns, dimensions);
  dimensions.finish();

  std::vector<std::uint32_t> numbers(n);
  std::vector<std::vector<double>> values(design.factors.size(), std::vector<double>(n));
  for (std::uint32_t p = 0; p < n; ++p) {
    numbers[p] = p;
    for (std::size_t f = 0; f < values.size(); ++f) {
      values[f][p] = design.points[p].values[f];
    }
  }
  std::vector<const void*> data = {numbers.data()};
  for (const std::vector<double>& column : values) {
    data.push_back(column.data());
  }
  columns.append(data, n);
  columns.finish();
}

}  // namespace

std::string dataset_of_pointer(const std::string& pointer) {
  std::string name = pointer.substr(pointer.starts_with('/') ? 1 : 0);
  std::ranges::replace(name, '/', '.');
  return name;
}

void write_header(const Handle& file, const DatasetDescription& description,
                  const DatasetSizes& sizes) {
  EXPECT_CONTRACT(sizes.table_rows.size() == description.schema.tables.size());
  write_root(file, description, sizes);
  write_documents(file, description);
  write_dictionaries(file, description.schema);
  write_design(file, description.design);
}

}  // namespace fingers
