// From segments to the canonical file, in two passes over the runs: the first counts, the second
// copies. Tested by tests/engine/merge_test.cpp.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <list>
#include <set>
#include <span>

#include "engine/content_bytes.hpp"
#include "engine/contract.hpp"
#include "engine/dataset_identity.hpp"
#include "engine/dataset_writer.hpp"
#include "engine/disk.hpp"
#include "engine/hash.hpp"
#include "engine/hdf5_write.hpp"
#include "engine/parallel.hpp"
#include "engine/parts.hpp"
#include "engine/run_merger.hpp"
#include "engine/run_sources.hpp"
#include "engine/segment_packing.hpp"
#include "engine/store.hpp"

namespace fingers {

namespace {

namespace fs = std::filesystem;
using Sources = std::vector<RunSource>;

/// Files that are merged at once: bounded by open files (often 1,024 a process) and memory.
constexpr std::size_t kMostAtOnce = 64;

/// What the first pass finds; the runs begin again after it.
DatasetSizes count_runs(RunMerger& runs, const DatasetDescription& description) {
  DatasetSizes sizes{.n_runs = 0,
                     .table_rows = std::vector<std::uint64_t>(description.schema.tables.size(), 0),
                     .complete = false};
  while (const auto header = runs.next()) {
    ++sizes.n_runs;
    for (std::size_t i = 0; i < sizes.table_rows.size(); ++i) {
      sizes.table_rows[i] += header->counts[i];
    }
  }
  runs.rewind();
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

void begin_digest(Sha256& sha, const DatasetDescription& description) {
  sha.add_bytes(content_head({.results_version = description.results_version,
                              .model_text = description.model_text,
                              .seeds = description.seeds,
                              .n_runs = description.design.n_runs()},
                             description.design));
}

/// Every run of the design, those that are not there as missing.
MergeReport write_canonical(const fs::path& path, RunMerger& runs, DatasetSizes sizes,
                            const DatasetDescription& description, int threads) {
  const Design& design = description.design;
  MergeReport report{.n_runs = design.n_runs(),
                     .n_missing = design.n_runs() - sizes.n_runs,
                     .content_digest = {},
                     .totals = DatasetTotals(description.schema, sizes.table_rows)};
  sizes.complete = sizes.n_runs == design.n_runs();
  sizes.n_runs = design.n_runs();
  const RunIdentities identities(description);
  Sha256 digest;
  begin_digest(digest, description);
  Handle file = make_file(path);
  {
    DatasetWriter writer(file, description, sizes, Packing{.threads = threads});
    std::optional<RunHeader> head = runs.next();
    for (std::uint32_t p = 0; p < design.points.size(); ++p) {
      for (std::uint32_t r = 0; r < design.replicates; ++r) {
        if (head && head->point == p && head->replicate == r) {
          const RunRecord record = runs.record();
          writer.append(record, head->identity, head->content_hash);
          report.totals.add_outcomes(record.outcomes);  // one that failed has none: NaN
          digest.add_bytes(content_of_run(p, r, head->status, head->content_hash));
          head = runs.next();
        } else {
          writer.append(
              blank_record(description.schema, description.clock.n_steps, p, r, RunStatus::missing),
              identities.of(p, r), 0);
          digest.add_bytes(content_of_run(p, r, RunStatus::missing, 0));
        }
      }
    }
    EXPECT_CONTRACT(!head);
    writer.finish();
  }
  close_file(file);
  report.content_digest = digest.hex();
  return report;
}

/// The runs of some files as one larger segment.
void write_joined(const fs::path& path, const Sources& sources,
                  const DatasetDescription& description, int threads) {
  RunMerger runs(sources, description);
  const DatasetSizes sizes = count_runs(runs, description);
  Handle file = make_file(path);
  {
    Packing packing = segment_packing(sizes, description.clock);
    packing.threads = threads;
    DatasetWriter writer(file, description, sizes, packing);
    while (const auto header = runs.next()) {
      writer.append(runs.record(), header->identity, header->content_hash);
    }
    writer.finish();
  }
  close_file(file);
}

std::uint64_t bytes_of_files(const Sources& sources) {
  std::uint64_t bytes = 0;
  for (const RunSource& source : sources) {
    std::error_code error;
    const std::uintmax_t size = fs::file_size(source.path, error);
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

/// Joins files in groups until few enough are left to be merged at once.
Sources join_many(Sources sources, const fs::path& final_path,
                  const DatasetDescription& description, int threads, TemporaryFiles& temporary) {
  for (int round = 0; sources.size() > kMostAtOnce; ++round) {
    Sources joined;
    for (std::size_t start = 0; start < sources.size(); start += kMostAtOnce) {
      const std::size_t end = std::min(start + kMostAtOnce, sources.size());
      const Sources group(sources.begin() + static_cast<std::ptrdiff_t>(start),
                          sources.begin() + static_cast<std::ptrdiff_t>(end));
      const fs::path path =
          fmt::format("{}.joined-{}-{:05}.tmp", final_path.string(), round, joined.size());
      temporary.add(path);
      write_joined(path, group, description, threads);
      joined.push_back({.path = path.string(), .points = {}});
    }
    sources = std::move(joined);
  }
  return sources;
}

/// Sets segments aside whose bytes are not those that were written. Expects at least one.
[[noreturn]] void set_aside(const std::vector<SegmentEntry>& damaged) {
  std::uint64_t n_runs = 0;
  std::string others;
  std::error_code failed;
  for (const SegmentEntry& entry : damaged) {
    std::error_code error;
    fs::rename(entry.path, entry.path.string() + ".damaged", error);
    failed = error ? error : failed;
    n_runs += entry.n_runs();
    if (&entry != &damaged.front()) {
      others += (others.empty() ? " (so is '" : ", '") + entry.path.string() + "'";
    }
  }
  others += others.empty() ? "" : ")";
  throw InputError(fmt::format(
      "'{}' is damaged{}: its SHA-256 is not the one that was noted when it was written{}; go on "
      "with --resume, which makes its {} runs again",
      damaged.front().path.string(), others,
      failed ? "" : "; it is now '" + damaged.front().path.string() + ".damaged'", n_runs));
}

/// A look at every byte of the segments that manifests name.
void check_segments(const fs::path& folder, int threads) {
  const std::vector<SegmentEntry> entries = list_segments(folder);
  std::vector<std::uint8_t> sound(entries.size(), 0);
  const std::atomic<bool> never{false};
  for_each_index(
      entries.size(), threads,
      [&](std::uint64_t i) {
        sound[i] = file_sha256(entries[i].path.string()) == entries[i].sha256 ? 1 : 0;
      },
      never);
  std::vector<SegmentEntry> damaged;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (sound[i] == 0) {
      damaged.push_back(entries[i]);
    }
  }
  if (!damaged.empty()) {
    set_aside(damaged);
  }
}

/// The parts folders that sources lie in, and that of the output where there is one.
std::set<fs::path> folders_of(const Sources& sources, const std::string& final_path) {
  std::set<fs::path> folders;
  if (fs::is_directory(parts_folder(final_path))) {
    folders.insert(parts_folder(final_path));
  }
  for (const RunSource& source : sources) {
    const fs::path folder = fs::path(source.path).parent_path();
    if (folder.extension() == ".parts") {
      folders.insert(folder);
    }
  }
  return folders;
}

void lock_shards(const fs::path& folder, std::list<FileLock>& locks) {
  for (const std::uint32_t shard : list_shards(folder)) {
    locks.emplace_back(
        lock_path(folder, shard),
        fmt::format("a batch is still writing to '{}'; wait for it, then merge", folder.string()));
  }
}

}  // namespace

MergeReport merge_runs(const std::string& final_path, const DatasetDescription& description,
                       const std::vector<RunSource>& sources, int threads) {
  threads = threads > 0 ? threads : available_threads();
  std::list<FileLock> locks;
  for (const fs::path& folder : folders_of(sources, final_path)) {
    lock_shards(folder, locks);
    check_segments(folder, threads);
  }
  const std::uint64_t about = bytes_of_files(sources);
  const fs::path temporary_path = final_path + ".tmp";
  MergeReport report;
  try {
    TemporaryFiles temporary;
    temporary.add(temporary_path);
    RunMerger runs(join_many(sources, final_path, description, threads, temporary), description);
    const DatasetSizes sizes = count_runs(runs, description);
    report = write_canonical(temporary_path, runs, sizes, description, threads);
    publish_file(temporary_path, final_path);
  } catch (const Hdf5Error& error) {
    throw OutputError(failure_text("write", temporary_path, error.what(), about) +
                      "; the finished runs are safe in '" + parts_folder(final_path).string() +
                      "': make room, then go on with the same command and --resume");
  }
  if (report.n_missing == 0) {
    std::error_code ignored;  // the result is there; parts that stay are in nobody's way
    fs::remove_all(parts_folder(final_path), ignored);
  }
  return report;
}

MergeReport merge_segments(const std::string& final_path, const DatasetDescription& description) {
  const fs::path folder = parts_folder(final_path);
  if (!fs::is_directory(folder)) {
    throw InputError(fmt::format("there are no parts to merge: no folder '{}'", folder.string()));
  }
  return merge_runs(final_path, description, find_runs({folder.string()}, description).sources);
}

}  // namespace fingers
