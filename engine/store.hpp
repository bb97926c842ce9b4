// The one door to HDF5 (layout and reasons: docs/data-dictionary.md). Finished runs go to immutable
// segments `NAME.h5.parts/part-SSS-NNNNN.h5`, built in memory, then written, fsynced and renamed,
// each followed by a line in the manifest; at the end they are merged into one canonical file in
// run order. A run counts as finished only after its manifest line is on disk.
//
// Every function that touches the disk throws OutputError (cannot write: exit code 74, or 2 when
// the place cannot be written at the start) or InputError (a file that cannot be read: 3).
#pragma once

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "engine/dataset_description.hpp"

namespace fingers {

/// A write failed; what() says what was being done, the path, the system's reason and how to go on.
class OutputError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The place of the output cannot be written at the start, or is taken: nothing was begun (exit
/// code 2).
class OutputPlaceError : public OutputError {
 public:
  using OutputError::OutputError;
};

/// Somebody else writes to that place: nothing was begun, and later it may be (exit code 75).
class OutputBusyError : public OutputPlaceError {
 public:
  using OutputPlaceError::OutputPlaceError;
};

/// A data file is missing, damaged, foreign or newer; what() says which and what to do.
class InputError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Two parts hold the same run with different content, or a run of another configuration (exit code
/// 65).
class ConflictError : public InputError {
 public:
  using InputError::InputError;
};

/// How a batch meets what is there under its name.
enum class Opening : std::uint8_t {
  fresh,      ///< refuses to begin when results or finished runs are there
  overwrite,  ///< throws them away
  go_on       ///< keeps them
};

/// When gathered runs become a segment. The canonical file does not depend on it; tests make it
/// small.
struct SegmentLimits {
  std::uint64_t bytes = 64U << 20U;  ///< of recorded values, before compression
  std::uint64_t runs = 65536;
  double seconds = 10;
};

/// Appends runs to segments. Used by one thread. What was not flushed is lost with the object.
class SegmentWriter {
 public:
  /// Makes the parts folder (or empties it of this shard's files, or goes on behind them) and locks
  /// it against a second writer of the shard. Throws OutputPlaceError, leaving everything as it
  /// was, when the place cannot be written, or when a result or finished runs are there and may be
  /// neither kept nor overwritten.
  SegmentWriter(const std::string& final_path, const DatasetDescription& description,
                std::uint32_t shard, Opening opening, const SegmentLimits& limits = {});
  ~SegmentWriter();
  SegmentWriter(const SegmentWriter&) = delete;
  SegmentWriter& operator=(const SegmentWriter&) = delete;
  SegmentWriter(SegmentWriter&&) = delete;
  SegmentWriter& operator=(SegmentWriter&&) = delete;

  /// Takes a run; writes a segment when a limit is reached.
  void add(std::unique_ptr<RunRecord> run);
  /// Writes what has gathered if it waits for longer than the limit; for times when no run comes.
  void flush_when_due();
  /// Writes what has gathered.
  void flush();
  /// Runs whose manifest line is on disk.
  [[nodiscard]] std::uint64_t durable_runs() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// What is told of all runs of a file together.
struct DatasetTotals {
  std::vector<std::pair<std::string, std::uint64_t>> table_rows;  ///< "events" → rows
  std::vector<std::pair<std::string, double>> outcome_sums;  ///< over finished runs; NaN left out

  DatasetTotals() = default;
  /// Expects `rows` of each table of the schema.
  DatasetTotals(const RecordSchema& schema, const std::vector<std::uint64_t>& rows);
  /// Adds those of one run.
  void add_outcomes(const std::vector<double>& outcomes);
};

/// What a file holds, as `fingers info` prints it.
struct DatasetInfo {
  std::string title;
  std::string licence;  ///< of the data
  std::string software;
  std::string schema_name;
  std::uint32_t schema_version = 0;
  std::uint32_t results_version = 0;
  std::string uuid;
  std::string config_sha256;
  StreamSeeds seeds;
  bool complete = false;
  std::string design_kind;     ///< a name of kDesignKindNames
  std::string random_numbers;  ///< a name of kRandomNumbersNames
  bool crossed = true;         ///< every setting is tried with every combination
  std::uint64_t n_factors = 0;
  std::uint64_t n_settings = 0;
  std::uint64_t n_points = 0;
  std::uint64_t n_runs = 0;
  std::uint64_t n_missing = 0;
  std::uint64_t n_failed = 0;
  DatasetTotals totals;
  std::uint64_t file_bytes = 0;
};

struct RunSource;  // engine/run_sources.hpp

/// What a merge made.
struct MergeReport {
  std::uint64_t n_runs = 0;     ///< of the design
  std::uint64_t n_missing = 0;  ///< of these, in no source
  std::string content_digest;   ///< of the file, as content_digest() reads it back
  DatasetTotals totals;         ///< as read_info() reads them back
};

/// Joins the runs of `sources` in run order into the canonical file (written beside it, fsynced,
/// renamed), checking every run's content hash. Of a run that is there several times a done one
/// goes before a failed one, and a later failure before an earlier; two that are done must be
/// equal. Runs of the design that are not there get status missing, and the file says complete = 0.
/// Memory does not grow with runs or events. The parts of `final_path` stay when something is
/// missing, and are removed when the file is complete. Throws ConflictError for runs that differ,
/// InputError for damage (a segment that is not what its manifest says is then set aside as
/// NAME.damaged, so that its runs can be made again). Chunks are compressed on `threads` (0: all
/// that there are).
MergeReport merge_runs(const std::string& final_path, const DatasetDescription& description,
                       const std::vector<RunSource>& sources, int threads = 0);

/// The same of the parts of `final_path` alone.
MergeReport merge_segments(const std::string& final_path, const DatasetDescription& description);

/// Whose a file is. Of a file of others, or of a newer schema, nothing else should be asked.
struct FileSchema {
  std::string name;  ///< empty: it says none
  std::uint64_t version = 0;
  std::string software;  ///< that wrote it; may be empty
};

/// Throws InputError for what is no HDF5 file, or a damaged one.
FileSchema read_file_schema(const std::string& path);

DatasetInfo read_info(const std::string& path);

/// What a file says of how it was made.
struct DatasetTexts {
  std::uint32_t results_version = 0;
  std::string uuid;
  std::string title;
  std::string config;      ///< the resolved config as JSON
  std::string model;       ///< of it, what decides the numbers
  std::string provenance;  ///< JSON
};

DatasetTexts read_texts(const std::string& path);

/// SHA-256 of a file's bytes as 64 hexadecimal digits.
std::string file_sha256(const std::string& path);

/// SHA-256 over the decoded content: results version, model config, design, seeds, and the content
/// hash, point, replicate and status of every run (recomputed from the columns, not taken from the
/// file). Equal on any compiler and machine.
std::string content_digest(const std::string& path);

}  // namespace fingers
