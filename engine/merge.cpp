// From segments to the canonical file, in two passes over the runs: the first counts, the second
// copies. Tested by tests/engine/merge_test.cpp.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <list>

#include "engine/contract.hpp"
#include "engine/dataset_identity.hpp"
#include "engine/dataset_writer.hpp"
#include "engine/disk.hpp"
#include "engine/hdf5_write.hpp"
#include "engine/parallel.hpp"
#include "engine/parts.hpp"
#include "engine/run_merger.hpp"
#include "engine/segment_packing.hpp"
#include "engine/store.hpp"

namespace fingers {

namespace {

namespace fs = std::filesystem;
using Paths = std::vector<std::string>;

/// Files that are merged at once: bounded by open files (often 1,024 a process) and memory.
constexpr std::size_t kMostAtOnce = 64;

/// What the first pass finds.
DatasetSizes count_runs(const Paths& segments, const DatasetDescription& description) {
  DatasetSizes sizes{.n_runs = 0,
                     .table_rows = std::vector<std::uint64_t>(description.schema.tables.size(), 0),
                     .complete = false};
  RunMerger runs(segments, description);
  while (const auto header = runs.next()) {
    ++sizes.n_runs;
    for (std::size_t i = 0; i < sizes.table_rows.size(); ++i) {
      sizes.table_rows[i] += header->counts[i];
    }
  }
  return sizes;
}

Handle make_file(const fs::path& path) {
  prepare_hdf5();
  return checked(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, file_creation().get(), file_access().get()),
                 "make the file");
}

void close_file(Handle& file) {
  if (!file.close()) {
    throw Hdf5Error("cannot finish the file: " + hdf5_reason());
  }
}

/// Every run of the design, those that are not there as missing.
void write_canonical(const fs::path& path, const Paths& segments, DatasetSizes sizes,
                     const DatasetDescription& description) {
  const Design& design = description.design;
  sizes.complete = sizes.n_runs == design.n_runs();
  sizes.n_runs = design.n_runs();
  const RunIdentities identities(description);
  RunMerger runs(segments, description);
  Handle file = make_file(path);
  {
    DatasetWriter writer(file, description, sizes, Packing{.threads = available_threads()});
    std::optional<RunHeader> head = runs.next();
    for (std::uint32_t p = 0; p < design.points.size(); ++p) {
      for (std::uint32_t r = 0; r < design.replicates; ++r) {
        if (head && head->point == p && head->replicate == r) {
          writer.append(runs.record(), head->identity, head->content_hash);
          head = runs.next();
        } else {
          writer.append(
              blank_record(description.schema, description.clock.n_steps, p, r, RunStatus::missing),
              identities.of(p, r), 0);
        }
      }
    }
    EXPECT_CONTRACT(!head);
    writer.finish();
  }
  close_file(file);
}

/// The runs of some segments as one larger segment.
void write_joined(const fs::path& path, const Paths& segments,
                  const DatasetDescription& description) {
  const DatasetSizes sizes = count_runs(segments, description);
  RunMerger runs(segments, description);
  Handle file = make_file(path);
  {
    Packing packing = segment_packing(sizes, description.clock);
    packing.threads = available_threads();
    DatasetWriter writer(file, description, sizes, packing);
    while (const auto header = runs.next()) {
      writer.append(runs.record(), header->identity, header->content_hash);
    }
    writer.finish();
  }
  close_file(file);
}

std::uint64_t bytes_of_files(const Paths& paths) {
  std::uint64_t bytes = 0;
  for (const std::string& path : paths) {
    std::error_code error;
    const std::uintmax_t size = fs::file_size(path, error);
    bytes += error ? 0 : size;
  }
  return bytes;
}

/// Files that go when this goes, whatever happens.
class TemporaryFiles {
 public:
  TemporaryFiles() = default;
  ~TemporaryFiles() {
    for (const fs::path& path : paths_) {
      std::error_code ignored;
      fs::remove(path, ignored);
    }
  }
  TemporaryFiles(const TemporaryFiles&) = delete;
  TemporaryFiles& operator=(const TemporaryFiles&) = delete;
  TemporaryFiles(TemporaryFiles&&) = delete;
  TemporaryFiles& operator=(TemporaryFiles&&) = delete;

  void add(const fs::path& path) { paths_.push_back(path); }

 private:
  std::vector<fs::path> paths_;
};

/// Joins segments in groups until few enough are left to be merged at once.
Paths join_many(Paths segments, const fs::path& folder, const DatasetDescription& description,
                TemporaryFiles& temporary) {
  for (int round = 0; segments.size() > kMostAtOnce; ++round) {
    Paths joined;
    for (std::size_t start = 0; start < segments.size(); start += kMostAtOnce) {
      const std::size_t end = std::min(start + kMostAtOnce, segments.size());
      const Paths group(segments.begin() + static_cast<std::ptrdiff_t>(start),
                        segments.begin() + static_cast<std::ptrdiff_t>(end));
      const fs::path path = folder / fmt::format("joined-{}-{:05}.tmp", round, joined.size());
      temporary.add(path);
      write_joined(path, group, description);
      joined.push_back(path.string());
    }
    segments = std::move(joined);
  }
  return segments;
}

/// The paths of the segments, after a look at every byte of them.
Paths checked_segments(const fs::path& folder) {
  Paths paths;
  for (const SegmentEntry& entry : list_segments(folder)) {
    if (file_sha256(entry.path.string()) != entry.sha256) {
      throw InputError(fmt::format(
          "'{}' is damaged: its SHA-256 is not the one that was noted when it was written; "
          "remove its line from the manifest to go on without its {} runs",
          entry.path.string(), entry.n_runs));
    }
    paths.push_back(entry.path.string());
  }
  return paths;
}

std::list<FileLock> lock_shards(const fs::path& folder) {
  std::list<FileLock> locks;
  for (const std::uint32_t shard : list_shards(folder)) {
    locks.emplace_back(
        lock_path(folder, shard),
        fmt::format("a batch is still writing to '{}'; wait for it, then merge", folder.string()));
  }
  return locks;
}

}  // namespace

void merge_segments(const std::string& final_path, const DatasetDescription& description) {
  const fs::path folder = parts_folder(final_path);
  if (!fs::is_directory(folder)) {
    throw InputError(fmt::format("there are no parts to merge: no folder '{}'", folder.string()));
  }
  const std::list<FileLock> locks = lock_shards(folder);
  Paths segments = checked_segments(folder);
  const std::uint64_t about = bytes_of_files(segments);
  const fs::path temporary_path = final_path + ".tmp";
  bool complete = false;
  try {
    TemporaryFiles temporary;
    temporary.add(temporary_path);
    segments = join_many(std::move(segments), folder, description, temporary);
    const DatasetSizes sizes = count_runs(segments, description);
    complete = sizes.n_runs == description.design.n_runs();
    write_canonical(temporary_path, segments, sizes, description);
    publish_file(temporary_path, final_path);
  } catch (const Hdf5Error& error) {
    throw OutputError(failure_text("write", temporary_path, error.what(), about) +
                      "; the finished runs are safe in '" + folder.string() +
                      "': make room, then merge them");
  }
  if (complete) {
    std::error_code ignored;  // the result is there; parts that stay are in nobody's way
    fs::remove_all(folder, ignored);
  }
}

}  // namespace fingers
