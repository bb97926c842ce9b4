// Gathers runs and makes them durable, a segment at a time. Tested by
// tests/engine/segment_test.cpp.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <optional>
#include <set>

#include "engine/contract.hpp"
#include "engine/dataset_identity.hpp"
#include "engine/dataset_reader.hpp"
#include "engine/dataset_writer.hpp"
#include "engine/disk.hpp"
#include "engine/file_image.hpp"
#include "engine/hash.hpp"
#include "engine/parts.hpp"
#include "engine/segment_packing.hpp"
#include "engine/store.hpp"

namespace fingers {

namespace {

namespace fs = std::filesystem;
using SteadyClock = std::chrono::steady_clock;

/// Refuses a place that is taken or cannot be one.
void check_place(const fs::path& final_path, Opening opening) {
  std::error_code error;
  if (fs::is_directory(final_path, error)) {
    throw OutputPlaceError(fmt::format(
        "cannot write '{}': it is a folder; give the path of a file with -o", final_path.string()));
  }
  const fs::path parent = final_path.parent_path();
  if (!parent.empty() && !fs::is_directory(parent, error)) {
    throw OutputPlaceError(fmt::format("cannot write '{}': there is no folder '{}'; make it first",
                                       final_path.string(), parent.string()));
  }
  if (opening == Opening::fresh && fs::exists(final_path, error)) {
    throw OutputPlaceError(fmt::format(
        "'{}' exists already; use --resume to go on with it, --overwrite to replace it, "
        "or another -o",
        final_path.string()));
  }
}

/// The files of a shard in its parts folder, without its lock.
std::vector<fs::path> files_of_shard(const fs::path& folder, std::uint32_t shard) {
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    if (shard_of_file(entry.path()) == shard && entry.path() != lock_path(folder, shard)) {
      files.push_back(entry.path());
    }
  }
  return files;
}

/// Removes the shard's segments and manifests, and what a killed process left of them; those that
/// are in `kept` stay.
void clean_shard(const fs::path& folder, std::uint32_t shard, const std::set<fs::path>& kept) {
  for (const fs::path& path : files_of_shard(folder, shard)) {
    if (!kept.contains(path)) {
      fs::remove(path);
    }
  }
}

/// The line of a manifest for some runs.
SegmentEntry entry_of(const std::vector<std::unique_ptr<RunRecord>>& runs, std::uint64_t n_points) {
  std::vector<std::pair<std::uint64_t, bool>> numbers;
  numbers.reserve(runs.size());
  for (const std::unique_ptr<RunRecord>& run : runs) {
    numbers.emplace_back(run->replicate * n_points + run->point, run->status == RunStatus::failed);
  }
  std::ranges::sort(numbers);
  SegmentEntry entry;
  for (const auto& [number, failed] : numbers) {
    extend(entry.runs, number);
    if (failed) {
      extend(entry.failed, number);
    }
  }
  return entry;
}

}  // namespace

struct SegmentWriter::State {
  fs::path final_path;
  fs::path folder;
  DatasetDescription description;
  std::uint32_t shard;
  SegmentLimits limits;
  RunIdentities identities;
  std::optional<FileLock> lock;
  std::optional<LineLog> manifest;

  std::vector<std::unique_ptr<RunRecord>> gathered;
  std::uint64_t gathered_bytes = 0;
  SteadyClock::time_point gathering_since;
  std::uint32_t next_number = 0;
  std::uint64_t durable = 0;

  State(const std::string& path, const DatasetDescription& about, std::uint32_t number,
        const SegmentLimits& when)
      : final_path(path),
        folder(parts_folder(path)),
        description(about),
        shard(number),
        limits(when),
        identities(about) {}

  void open(Opening opening);
  void open_shard(Opening opening);
  void go_on();
  void write_segment();
  [[nodiscard]] bool is_due() const {
    return SteadyClock::now() - gathering_since > std::chrono::duration<double>(limits.seconds);
  }
  [[nodiscard]] DatasetSizes sizes() const;
};

/// Keeps what the manifests of the shard name, and what was set aside. The manifest of another
/// batch makes room for one of this batch.
void SegmentWriter::State::go_on() {
  const fs::path present = manifest_path(folder, shard);
  const std::vector<SegmentEntry> segments = list_segments(folder, shard);
  std::set<fs::path> kept;
  for (const SegmentEntry& entry : segments) {
    kept.insert(entry.path);
  }
  for (const fs::path& path : files_of_shard(folder, shard)) {
    if (path.extension() == ".txt" || path.extension() == ".damaged") {
      kept.insert(path);
    }
  }
  clean_shard(folder, shard, kept);
  next_number = first_free_number(folder, shard);
  const std::string batch = batch_of_manifest(present);
  if (!batch.empty() && batch != dataset_uuid(description)) {
    fs::rename(present, old_manifest_path(folder, shard, batch));
  }
}

void SegmentWriter::State::open_shard(Opening opening) {
  lock.emplace(lock_path(folder, shard),
               fmt::format("another process is writing to '{}'; wait for it, or use another -o",
                           folder.string()));
  if (opening == Opening::fresh && !list_segments(folder, shard).empty()) {
    throw OutputPlaceError(fmt::format(
        "'{}' holds finished runs of an earlier batch; use --resume to go on with it, --overwrite "
        "to throw them away, or another -o",
        folder.string()));
  }
  if (opening == Opening::go_on) {
    go_on();
  } else {
    clean_shard(folder, shard, {});
  }
  const bool is_new = batch_of_manifest(manifest_path(folder, shard)).empty();
  manifest.emplace(manifest_path(folder, shard));
  if (is_new) {
    manifest->append(manifest_head(dataset_uuid(description)));  // shows at once whether it can be
  }
}

void SegmentWriter::State::open(Opening opening) {
  check_place(final_path, opening);
  std::error_code error;
  const bool made = fs::create_directory(folder, error);
  try {
    if (error) {
      throw OutputPlaceError(failure_text("make the folder", folder, error.message()));
    }
    open_shard(opening);
  } catch (const OutputPlaceError&) {
    throw;
  } catch (const std::runtime_error& failure) {  // OutputError, filesystem_error, InputError
    if (made) {
      fs::remove_all(folder, error);
    }
    throw OutputPlaceError(failure.what());
  }
}

DatasetSizes SegmentWriter::State::sizes() const {
  DatasetSizes sizes{.n_runs = gathered.size(),
                     .table_rows = std::vector<std::uint64_t>(description.schema.tables.size(), 0),
                     .complete = false};
  for (const std::unique_ptr<RunRecord>& record : gathered) {
    for (std::size_t i = 0; i < sizes.table_rows.size(); ++i) {
      const std::vector<ColumnData>& table = record->tables[i];
      sizes.table_rows[i] += table.empty() ? 0 : column_length(table.front());
    }
  }
  return sizes;
}

void SegmentWriter::State::write_segment() {
  std::ranges::sort(gathered, [](const auto& a, const auto& b) {
    return std::pair(a->point, a->replicate) < std::pair(b->point, b->replicate);
  });
  FileImage image;
  {
    const DatasetSizes announced = sizes();
    DatasetWriter writer(image.file(), description, announced,
                         segment_packing(announced, description.clock));
    for (const std::unique_ptr<RunRecord>& record : gathered) {
      writer.append(*record, identities.of(record->point, record->replicate),
                    content_hash(*record));
    }
    writer.finish();
  }
  const std::span<const std::byte> bytes = image.close();
  SegmentEntry entry = entry_of(gathered, description.design.points.size());
  entry.path = segment_path(folder, shard, next_number);
  entry.sha256 = bytes_sha256(bytes);
  write_whole_file(entry.path, bytes);
  manifest->append(to_line(entry));
  ++next_number;
  durable += gathered.size();
  gathered.clear();
  gathered_bytes = 0;
}

SegmentWriter::SegmentWriter(const std::string& final_path, const DatasetDescription& description,
                             std::uint32_t shard, Opening opening, const SegmentLimits& limits)
    : state_(std::make_unique<State>(final_path, description, shard, limits)) {
  state_->open(opening);
}

SegmentWriter::~SegmentWriter() = default;

void SegmentWriter::add(std::unique_ptr<RunRecord> run) {
  const DatasetDescription& description = state_->description;
  if (run->status != RunStatus::done) {
    RunRecord blank = blank_record(description.schema, description.clock.n_steps, run->point,
                                   run->replicate, run->status);
    blank.failure = std::move(run->failure);
    *run = std::move(blank);
  }
  check_record(description.schema, *run, description.clock.n_steps);
  if (state_->gathered.empty()) {
    state_->gathering_since = SteadyClock::now();
  }
  state_->gathered_bytes += bytes_of_record(*run);
  state_->gathered.push_back(std::move(run));
  if (state_->gathered_bytes >= state_->limits.bytes ||
      state_->gathered.size() >= state_->limits.runs || state_->is_due()) {
    flush();
  }
}

void SegmentWriter::flush_when_due() {
  if (!state_->gathered.empty() && state_->is_due()) {
    flush();
  }
}

void SegmentWriter::flush() {
  if (state_->gathered.empty()) {
    return;
  }
  try {
    state_->write_segment();
  } catch (const Hdf5Error& error) {
    throw OutputError(failure_text("build a segment for", state_->folder, error.what()));
  } catch (const OutputError& error) {
    throw OutputError(fmt::format(
        "{}; {} finished runs are safe in '{}', {} or more are lost; make room there, then go on "
        "with the same command and --resume",
        error.what(), state_->durable, state_->folder.string(), state_->gathered.size()));
  }
}

std::uint64_t SegmentWriter::durable_runs() const { return state_->durable; }

}  // namespace fingers
