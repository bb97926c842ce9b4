// The parts folder of a batch, `NAME.h5.parts`: its names, its manifests and its locks. For each
// shard SSS:
//   part-SSS-NNNNN.h5   segments, whole from the moment they have this name
//   manifest-SSS.txt    its head names the batch; then a line for each segment: name, SHA-256 of
//   its
//                       bytes, numbers of its runs (engine/run_set.hpp), and of those that failed
//   manifest-SSS-X.txt  the same of an earlier batch X that is being expanded
//   lock-SSS            locked while a writer of the shard lives
// Files that end in .tmp are remains of a process that was killed; nobody reads them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "engine/run_set.hpp"

namespace fingers {

std::filesystem::path parts_folder(const std::filesystem::path& final_path);
std::filesystem::path segment_path(const std::filesystem::path& folder, std::uint32_t shard,
                                   std::uint32_t number);
std::filesystem::path manifest_path(const std::filesystem::path& folder, std::uint32_t shard);
std::filesystem::path lock_path(const std::filesystem::path& folder, std::uint32_t shard);

/// Where a manifest of another batch is kept beside that of the present one.
std::filesystem::path old_manifest_path(const std::filesystem::path& folder, std::uint32_t shard,
                                        const std::string& batch);

/// A line of a manifest.
struct SegmentEntry {
  std::filesystem::path path;
  std::string sha256;
  std::vector<NumberSpan> runs;    ///< numbers within the batch's design
  std::vector<NumberSpan> failed;  ///< of these
  std::string batch;               ///< the UUID of the dataset that is being made

  [[nodiscard]] std::uint64_t n_runs() const;
};

/// The batch that a manifest is of; empty where there is none.
std::string batch_of_manifest(const std::filesystem::path& path);

/// The first line of a manifest.
std::string manifest_head(const std::string& batch);
std::string to_line(const SegmentEntry& entry);

/// The whole lines of a manifest; a torn last one is left out, and so is one whose segment is gone:
/// its runs are not there. A missing manifest has none. Throws InputError for a line that is not
/// one.
std::vector<SegmentEntry> read_manifest(const std::filesystem::path& path);

/// The segments of all shards, in order of name.
std::vector<SegmentEntry> list_segments(const std::filesystem::path& folder);
/// The same of one shard.
std::vector<SegmentEntry> list_segments(const std::filesystem::path& folder, std::uint32_t shard);

/// A number of a segment that no line of the shard's manifests names, whether it is there or not.
std::uint32_t first_free_number(const std::filesystem::path& folder, std::uint32_t shard);

/// The shard that a file of the parts folder belongs to.
std::optional<std::uint32_t> shard_of_file(const std::filesystem::path& path);
/// The numbers of the shards that have a lock file.
std::vector<std::uint32_t> list_shards(const std::filesystem::path& folder);

}  // namespace fingers
