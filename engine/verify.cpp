// Tested by tests/engine/verify_test.cpp.
#include "engine/verify.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <limits>

#include "engine/careful_child.hpp"
#include "engine/column_reader.hpp"
#include "engine/dataset_reader.hpp"
#include "engine/declared_columns.hpp"
#include "engine/hash.hpp"
#include "engine/hdf5_read.hpp"
#include "engine/progress.hpp"
#include "engine/run_set.hpp"

namespace fingers {

namespace {

constexpr std::string_view kLooked = "looked at ";
constexpr std::string_view kNoHash = "no hash of texts";

/// Rows of a table by the runs that they belong to.
class RunsOfRows {
 public:
  /// Of a table with a row for each run.
  RunsOfRows() = default;
  explicit RunsOfRows(std::vector<std::uint64_t> starts) : starts_(std::move(starts)) {}

  [[nodiscard]] std::uint64_t run_of(std::uint64_t row) const {
    if (starts_.empty()) {
      return row;
    }
    const auto after = std::ranges::upper_bound(starts_, row);
    return static_cast<std::uint64_t>(after - starts_.begin()) - 1;
  }

 private:
  std::vector<std::uint64_t> starts_;
};

/// Columns of one group, which have the same rows.
struct Columns {
  Handle group;
  std::string name;
  std::uint64_t rows = 0;
  std::uint64_t row_elements = 0;
  RunsOfRows runs;
};

/// Reads a column chunk by chunk, and says which cannot be read.
void look_through(const Columns& of, const ColumnDeclaration& column, const Say& say) {
  const std::string name = of.name + "/" + column.name;
  try {
    ColumnReader reader(of.group, column.name, column.type, of.rows, of.row_elements);
    std::vector<std::byte> values(reader.chunk_rows() * reader.row_bytes());
    for (std::uint64_t first = 0; first < of.rows; first += reader.chunk_rows()) {
      const std::uint64_t n = std::min(reader.chunk_rows(), of.rows - first);
      try {
        reader.read(first, n, values.data());
      } catch (const Hdf5Error&) {
        say(fmt::format("column {}, chunk {}: its bytes are damaged (rows {} to {}, runs {} to {})",
                        name, first / reader.chunk_rows(), with_commas(first),
                        with_commas(first + n - 1), with_commas(of.runs.run_of(first)),
                        with_commas(of.runs.run_of(first + n - 1))));
      }
    }
  } catch (const Hdf5Error& error) {
    say(fmt::format("column {}: {}", name, error.what()));
  }
}

/// The first row of each run in a table; empty where that cannot be read.
std::vector<std::uint64_t> starts_of(const Handle& runs, const TableDeclaration& table,
                                     std::uint64_t n_runs) {
  std::vector<std::uint64_t> starts(n_runs);
  try {
    ColumnReader(runs, table.row + "_start", ColumnType::u8, n_runs).read(0, n_runs, starts.data());
  } catch (const Hdf5Error&) {
    starts.clear();
  }
  return starts;
}

/// The columns of /runs.
void locate_in_runs(const Handle& file, const RecordSchema& schema, std::uint64_t n_runs,
                    const Say& say) {
  const Columns runs{.group = open_group(file, "runs"), .name = "runs", .rows = n_runs, .runs = {}};
  for (const ColumnDeclaration& column : run_columns(schema)) {
    look_through(runs, column, say);
  }
}

void locate_in_series(const Handle& file, const RecordSchema& schema, std::uint64_t n_runs,
                      const Say& say) {
  if (schema.series.empty()) {
    return;
  }
  Columns series{.group = open_group(file, "series"), .name = "series", .rows = n_runs, .runs = {}};
  series.row_elements = lengths_of(open_dataset(series.group, "time"), "time").at(0);
  for (ColumnDeclaration column : schema.series) {
    column.type = ColumnType::f4;
    look_through(series, column, say);
  }
}

/// Every chunk of every column.
void locate(const std::string& path, const Say& say) {
  const DatasetReader file(path);
  const RecordSchema& schema = file.schema();
  const Handle handle = open_hdf5_file(path);
  locate_in_runs(handle, schema, file.n_runs(), say);
  locate_in_series(handle, schema, file.n_runs(), say);
  const Handle runs = open_group(handle, "runs");
  for (std::size_t t = 0; t < schema.tables.size(); ++t) {
    const TableDeclaration& declared = schema.tables[t];
    const Columns table{.group = open_group(handle, declared.name),
                        .name = declared.name,
                        .rows = file.table_rows(t),
                        .runs = RunsOfRows(starts_of(runs, declared, file.n_runs()))};
    for (const ColumnDeclaration& column : declared.columns) {
      look_through(table, column, say);
    }
  }
}

/// What a file says of itself.
void check_head(DatasetReader& file, const Say& say) {
  const Design design = file.design();
  if (text_sha256(file.text("config")) != file.text_attribute("config_sha256")) {
    say("the text of /config does not have the SHA-256 that the file says");
  }
  file.text("model_config");
  file.text("provenance");
  file.text("schema_json");
  const std::optional<bool> whole = file.texts_are_whole();
  if (!whole) {
    say(std::string(kNoHash));
  } else if (!*whole) {
    say("the texts of the file (names, units, meanings, documents) do not have the SHA-256 that it "
        "says");
  }
  if (design.points.empty()) {
    say("the design has no points");
  }
}

/// The row of a run in the right order of points and replicates.
void check_row(const std::optional<RunHeader>& last, const RunHeader& header,
               std::uint64_t n_points, std::uint64_t run, const Say& say) {
  const bool rises =
      !last || std::pair(last->point, last->replicate) < std::pair(header.point, header.replicate);
  if (header.point >= n_points || !rises) {
    say(fmt::format("run {}: its point and replicate do not follow those before", run));
  }
}

void look_at(const std::string& path, bool quick, const Say& say) {
  DatasetReader file(path);
  check_head(file, say);
  const std::uint64_t n_points = file.design().points.size();
  std::optional<RunHeader> last;
  std::uint64_t n = 0;
  std::vector<NumberSpan> wrong;
  for (auto header = file.next(); header; header = file.next(), ++n) {
    check_row(last, *header, n_points, n, say);
    last = header;
    if (quick || header->status == RunStatus::missing) {
      continue;
    }
    try {
      file.record();  // refuses what is not what the content hash says
    } catch (const InputError&) {
      extend(wrong, n);
    }
  }
  if (!wrong.empty()) {
    locate(path, say);
    say("runs that are not what was recorded: " + spans_text(wrong));
  }
  say(std::string(kLooked) + std::to_string(n));
}

}  // namespace

VerifyReport verify_file(const std::string& path, bool quick) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (error) {
    throw InputError("cannot read '" + path + "': " + error.message());
  }
  const ChildReport child =
      run_in_child([&](const Say& say) { look_at(path, quick, say); }, limits_to_read(size));
  VerifyReport report;
  bool finished = false;
  for (const std::string& line : child.lines) {
    if (line.starts_with(kLooked)) {
      const std::string number = line.substr(kLooked.size());
      std::from_chars(number.data(), number.data() + number.size(), report.n_runs);
      finished = true;
    } else if (line == kNoHash) {
      report.texts_have_hash = false;
    } else {
      report.damages.push_back(line);
    }
  }
  if (!child.survived) {
    report.damages.emplace_back(
        "reading on crashes the library, or does not end: the file's structure is damaged");
  } else if (!finished && report.damages.empty()) {
    report.damages.emplace_back("it could not be read to its end");
  }
  return report;
}

}  // namespace fingers
