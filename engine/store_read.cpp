// What a file says of itself, and digests of it. Tested by tests/engine/store_test.cpp.
#include <cmath>
#include <filesystem>
#include <fstream>
#include <span>

#include "engine/careful_child.hpp"
#include "engine/content_bytes.hpp"
#include "engine/contract.hpp"
#include "engine/dataset_reader.hpp"
#include "engine/hash.hpp"
#include "engine/hdf5_read.hpp"
#include "engine/store.hpp"

namespace fingers {

namespace {

/// All that is said of a file, without its runs.
DatasetInfo read_head(DatasetReader& file) {
  DatasetInfo info;
  info.title = file.text_attribute("title");
  info.licence = file.text_attribute("license");
  info.software = file.text_attribute("software");
  info.schema_name = file.schema().name;
  info.schema_version = file.schema().version;
  info.results_version = static_cast<std::uint32_t>(file.whole_attribute("results_version"));
  info.uuid = file.text_attribute("uuid");
  info.config_sha256 = file.text_attribute("config_sha256");
  info.seeds = {.design = file.whole_attribute("seed_design"),
                .population = file.whole_attribute("seed_population"),
                .dynamics = file.whole_attribute("seed_dynamics")};
  info.complete = file.whole_attribute("complete") == 1;
  const Design design = file.design();
  info.design_kind = kDesignKindNames[static_cast<std::size_t>(design.kind)];
  info.random_numbers = kRandomNumbersNames[static_cast<std::size_t>(design.random_numbers)];
  info.crossed = design.crossed;
  info.n_factors = design.factors.size();
  info.n_settings = design.n_settings;
  info.n_points = design.points.size();
  info.n_runs = file.n_runs();
  std::vector<std::uint64_t> rows;
  for (std::size_t i = 0; i < file.schema().tables.size(); ++i) {
    rows.push_back(file.table_rows(i));
  }
  info.totals = DatasetTotals(file.schema(), rows);
  return info;
}

/// Opens a file that may be damaged: first in a child, for the library may crash on it.
DatasetReader open_carefully(const std::string& path) {
  try_in_child(path, [&path] {
    DatasetReader file(path);
    file.expect_whole_texts();  // in the order of below: what comes first must be tried first
    read_head(file);
    file.text("model_config");
    while (const auto header = file.next()) {
      if (header->status == RunStatus::failed) {
        file.record();  // reads the texts of failures
        break;
      }
    }
  });
  DatasetReader file(path);
  file.expect_whole_texts();
  return file;
}

FileSchema schema_of(const std::string& path) {
  const Handle file = open_hdf5_file(path);
  const auto text = [&file](const char* name) {
    return has_attribute(file, name) ? read_text_attribute(file, name) : std::string();
  };
  try {
    FileSchema schema{.name = text("schema"), .software = text("software")};
    if (!schema.name.empty()) {
      schema.version = read_whole_attribute(file, "schema_version");
    }
    return schema;
  } catch (const Hdf5Error& error) {
    throw unreadable(path, error);
  }
}

}  // namespace

DatasetTotals::DatasetTotals(const RecordSchema& schema, const std::vector<std::uint64_t>& rows) {
  EXPECT_CONTRACT(rows.size() == schema.tables.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    table_rows.emplace_back(schema.tables[i].name, rows[i]);
  }
  for (const ColumnDeclaration& outcome : schema.outcomes) {
    outcome_sums.emplace_back(outcome.name, 0.0);
  }
}

void DatasetTotals::add_outcomes(const std::vector<double>& outcomes) {
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    outcome_sums[i].second += std::isnan(outcomes[i]) ? 0.0 : outcomes[i];
  }
}

FileSchema read_file_schema(const std::string& path) {
  try_in_child(path, [&path] { schema_of(path); });
  return schema_of(path);
}

DatasetInfo read_info(const std::string& path) {
  DatasetReader file = open_carefully(path);
  DatasetInfo info = read_head(file);
  info.file_bytes = std::filesystem::file_size(path);
  while (const auto header = file.next()) {
    if (header->status != RunStatus::done) {
      (header->status == RunStatus::failed ? info.n_failed : info.n_missing) += 1;
      continue;
    }
    info.totals.add_outcomes(file.outcomes());
  }
  return info;
}

DatasetTexts read_texts(const std::string& path) {
  DatasetReader file = open_carefully(path);
  return {.results_version = static_cast<std::uint32_t>(file.whole_attribute("results_version")),
          .uuid = file.text_attribute("uuid"),
          .title = file.text_attribute("title"),
          .config = file.text("config"),
          .model = file.text("model_config"),
          .provenance = file.text("provenance")};
}

std::string file_sha256(const std::string& path) {
  constexpr std::size_t kPiece = 1U << 20U;
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    throw InputError("cannot read '" + path + "': there is no such file, or it may not be read");
  }
  Sha256 sha;
  std::vector<char> piece(kPiece);
  while (file) {
    file.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    sha.add(std::as_bytes(std::span(piece).first(static_cast<std::size_t>(file.gcount()))));
  }
  if (file.bad()) {
    throw InputError("cannot read '" + path + "' to its end");
  }
  return sha.hex();
}

std::string content_digest(const std::string& path) {
  DatasetReader file = open_carefully(path);
  Sha256 sha;
  sha.add_bytes(content_head({.results_version = file.whole_attribute("results_version"),
                              .model_text = file.text("model_config"),
                              .seeds = {.design = file.whole_attribute("seed_design"),
                                        .population = file.whole_attribute("seed_population"),
                                        .dynamics = file.whole_attribute("seed_dynamics")},
                              .n_runs = file.n_runs()},
                             file.design()));
  while (const auto header = file.next()) {
    // `record` computes the hash from the columns and refuses a file that says another.
    const std::uint64_t hash =
        header->status == RunStatus::missing ? 0 : content_hash(file.record());
    sha.add_bytes(content_of_run(header->point, header->replicate, header->status, hash));
  }
  return sha.hex();
}

}  // namespace fingers
