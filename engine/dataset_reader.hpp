// Reads the runs of a dataset file, a segment or a canonical file alike, one after the other.
// Whatever is wrong with the file is an InputError that names it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/store.hpp"

namespace fingers {

/// A row of /runs without the outcomes.
struct RunHeader {
  std::uint32_t point = 0;
  std::uint32_t replicate = 0;
  std::uint64_t identity = 0;
  RunStatus status = RunStatus::missing;
  std::uint64_t content_hash = 0;
  std::vector<std::uint32_t> counts;  ///< rows in each table
};

class DatasetReader {
 public:
  explicit DatasetReader(const std::string& path);
  ~DatasetReader();
  DatasetReader(const DatasetReader&) = delete;
  DatasetReader& operator=(const DatasetReader&) = delete;
  DatasetReader(DatasetReader&&) noexcept;
  DatasetReader& operator=(DatasetReader&&) noexcept;

  [[nodiscard]] const std::string& path() const;
  /// Names and types only; what they mean stands in the file's /schema_json.
  [[nodiscard]] const RecordSchema& schema() const;
  [[nodiscard]] std::uint64_t n_runs() const;
  [[nodiscard]] std::uint64_t table_rows(std::size_t table) const;

  /// The next run, or nothing after the last.
  std::optional<RunHeader> next();
  /// The first run is the next again.
  void rewind();
  /// All that the run of the last `next` recorded, checked against its content hash.
  RunRecord record();
  /// Its outcomes only.
  std::vector<double> outcomes();

  /// Of the whole file: attributes and texts.
  std::string text_attribute(const std::string& name);
  std::uint64_t whole_attribute(const std::string& name);
  std::string text(const std::string& name);
  /// Whether all texts of the file are those that were written; nothing where it has no hash of
  /// them.
  std::optional<bool> texts_are_whole();
  /// Throws InputError where they are not.
  void expect_whole_texts();
  /// Points and factors; of the factors the pointers, of the points all.
  Design design();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// What a run leaves that has nothing to tell: no rows, NaN for series and outcomes.
RunRecord blank_record(const RecordSchema& schema, std::uint64_t n_times, std::uint32_t point,
                       std::uint32_t replicate, RunStatus status);

}  // namespace fingers
