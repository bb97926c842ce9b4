// The parts folder of a batch, `NAME.h5.parts`: its names, its manifests and its locks. For each
// shard SSS:
//   part-SSS-NNNNN.h5   segments, whole from the moment they have this name
//   manifest-SSS.txt    a line for each of them: name, SHA-256 of its bytes, number of runs
//   lock-SSS            locked while a writer of the shard lives
// Files that end in .tmp are remains of a process that was killed; nobody reads them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace fingers {

inline constexpr std::string_view kManifestHead = "segments 1";

std::filesystem::path parts_folder(const std::filesystem::path& final_path);
std::filesystem::path segment_path(const std::filesystem::path& folder, std::uint32_t shard,
                                   std::uint32_t number);
std::filesystem::path manifest_path(const std::filesystem::path& folder, std::uint32_t shard);
std::filesystem::path lock_path(const std::filesystem::path& folder, std::uint32_t shard);

/// A line of a manifest.
struct SegmentEntry {
  std::filesystem::path path;
  std::string sha256;
  std::uint64_t n_runs = 0;
};

std::string to_line(const SegmentEntry& entry);

/// The whole lines of a manifest; a torn last one is left out. A missing manifest has none. Throws
/// InputError for a line that is not one.
std::vector<SegmentEntry> read_manifest(const std::filesystem::path& path);

/// The segments of all shards, in order of name.
std::vector<SegmentEntry> list_segments(const std::filesystem::path& folder);

/// The shard that a file of the parts folder belongs to.
std::optional<std::uint32_t> shard_of_file(const std::filesystem::path& path);
/// The numbers of the shards that have a lock file.
std::vector<std::uint32_t> list_shards(const std::filesystem::path& folder);

}  // namespace fingers
