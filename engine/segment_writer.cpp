// Gathers runs and makes them durable, a segment at a time. Tested by
// tests/engine/segment_test.cpp.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <optional>

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

std::uint64_t bytes_of_record(const RunRecord& record) {
  std::uint64_t bytes = record.series.size() * sizeof(float) +
                        record.outcomes.size() * sizeof(double) + record.failure.size();
  for (const std::vector<ColumnData>& table : record.tables) {
    for (const ColumnData& column : table) {
      bytes += std::visit([](const auto& values) { return values.size() * sizeof(values.front()); },
                          column);
    }
  }
  return bytes;
}

/// Refuses a place that is taken or cannot be one.
void check_place(const fs::path& final_path, bool overwrite) {
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
  if (!overwrite && fs::exists(final_path, error)) {
    throw OutputPlaceError(fmt::format(
        "'{}' exists already; use --overwrite to replace it, or another -o", final_path.string()));
  }
}

/// Removes the shard's segments and manifest, and what a killed process left of them.
void clean_shard(const fs::path& folder, std::uint32_t shard) {
  std::vector<fs::path> old;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    if (shard_of_file(entry.path()) == shard && entry.path() != lock_path(folder, shard)) {
      old.push_back(entry.path());
    }
  }
  for (const fs::path& path : old) {
    fs::remove(path);
  }
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

  void open(bool overwrite);
  void write_segment();
  [[nodiscard]] bool is_due() const {
    return SteadyClock::now() - gathering_since > std::chrono::duration<double>(limits.seconds);
  }
  [[nodiscard]] DatasetSizes sizes() const;
};

void SegmentWriter::State::open(bool overwrite) {
  check_place(final_path, overwrite);
  std::error_code error;
  const bool made = fs::create_directory(folder, error);
  try {
    if (error) {
      throw OutputPlaceError(failure_text("make the folder", folder, error.message()));
    }
    lock.emplace(lock_path(folder, shard),
                 fmt::format("another process is writing to '{}'; wait for it, or use another -o",
                             folder.string()));
    const std::size_t n_there = read_manifest(manifest_path(folder, shard)).size();
    if (n_there > 0 && !overwrite) {
      throw OutputPlaceError(fmt::format(
          "'{}' holds finished runs of an earlier batch; go on with that batch, use --overwrite to "
          "throw them away, or use another -o",
          folder.string()));
    }
    clean_shard(folder, shard);
    manifest.emplace(manifest_path(folder, shard));
    manifest->append(std::string(kManifestHead));  // shows at once whether the place can be written
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
  const SegmentEntry entry{.path = segment_path(folder, shard, next_number),
                           .sha256 = bytes_sha256(bytes),
                           .n_runs = gathered.size()};
  write_whole_file(entry.path, bytes);
  manifest->append(to_line(entry));
  ++next_number;
  durable += gathered.size();
  gathered.clear();
  gathered_bytes = 0;
}

SegmentWriter::SegmentWriter(const std::string& final_path, const DatasetDescription& description,
                             std::uint32_t shard, bool overwrite, const SegmentLimits& limits)
    : state_(std::make_unique<State>(final_path, description, shard, limits)) {
  state_->open(overwrite);
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
        "{}; {} finished runs are safe in '{}', {} are lost; make room there, then go on with the "
        "batch or merge what is there",
        error.what(), state_->durable, state_->folder.string(), state_->gathered.size()));
  }
}

std::uint64_t SegmentWriter::durable_runs() const { return state_->durable; }

}  // namespace fingers
