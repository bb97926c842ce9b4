// Tested by tests/engine/store_test.cpp.
#include "engine/dataset_header.hpp"

#include "engine/contract.hpp"
#include "engine/dataset_design.hpp"
#include "engine/dataset_identity.hpp"
#include "engine/hdf5_write.hpp"

namespace fingers {

namespace {

constexpr std::string_view kConventions = "CF-1.10 ACDD-1.3";

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

}  // namespace

void write_header(const Handle& file, const DatasetDescription& description,
                  const DatasetSizes& sizes) {
  EXPECT_CONTRACT(sizes.table_rows.size() == description.schema.tables.size());
  write_root(file, description, sizes);
  write_documents(file, description);
  write_dictionaries(file, description.schema);
  write_design(file, description.design);
}

}  // namespace fingers
