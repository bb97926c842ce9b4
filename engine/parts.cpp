// Tested by tests/engine/segment_test.cpp.
#include "engine/parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <sstream>

#include "engine/store.hpp"

namespace fingers {

namespace {

constexpr std::size_t kSha256Digits = 64;

/// Regular files of a folder, sorted by name.
std::vector<std::filesystem::path> sorted_files(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    files.push_back(entry->path());
  }
  if (error) {
    throw InputError(
        fmt::format("cannot read the folder '{}': {}", folder.string(), error.message()));
  }
  std::ranges::sort(files);
  return files;
}

SegmentEntry parse_line(const std::string& line, const std::filesystem::path& manifest) {
  std::istringstream words(line);
  std::string name;
  SegmentEntry entry;
  if (!(words >> name >> entry.sha256 >> entry.n_runs) || entry.sha256.size() != kSha256Digits ||
      name.find('/') != std::string::npos) {
    throw InputError(fmt::format("'{}' is damaged: it has the line '{}'", manifest.string(), line));
  }
  entry.path = manifest.parent_path() / name;
  return entry;
}

}  // namespace

std::filesystem::path parts_folder(const std::filesystem::path& final_path) {
  return final_path.string() + ".parts";
}

std::filesystem::path segment_path(const std::filesystem::path& folder, std::uint32_t shard,
                                   std::uint32_t number) {
  return folder / fmt::format("part-{:03}-{:05}.h5", shard, number);
}

std::filesystem::path manifest_path(const std::filesystem::path& folder, std::uint32_t shard) {
  return folder / fmt::format("manifest-{:03}.txt", shard);
}

std::filesystem::path lock_path(const std::filesystem::path& folder, std::uint32_t shard) {
  return folder / fmt::format("lock-{:03}", shard);
}

std::string to_line(const SegmentEntry& entry) {
  return fmt::format("{} {} {}", entry.path.filename().string(), entry.sha256, entry.n_runs);
}

std::vector<SegmentEntry> read_manifest(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  std::vector<SegmentEntry> entries;
  std::size_t start = 0;
  for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', start)) {
    const std::string line = text.substr(start, end - start);
    if (start == 0 && line != kManifestHead) {
      throw InputError(fmt::format("'{}' is no manifest of this program's version", path.string()));
    }
    if (start > 0) {
      entries.push_back(parse_line(line, path));
    }
    start = end + 1;
  }
  return entries;
}

std::vector<SegmentEntry> list_segments(const std::filesystem::path& folder) {
  std::vector<SegmentEntry> all;
  for (const std::filesystem::path& file : sorted_files(folder)) {
    if (file.filename().string().starts_with("manifest-") && file.extension() == ".txt") {
      std::vector<SegmentEntry> some = read_manifest(file);
      std::ranges::move(some, std::back_inserter(all));
    }
  }
  return all;
}

std::optional<std::uint32_t> shard_of_file(const std::filesystem::path& path) {
  const std::string name = path.filename().string();
  for (const std::string_view prefix : {"part-", "manifest-", "lock-"}) {
    if (name.starts_with(prefix)) {
      const char* const first = name.data() + prefix.size();
      std::uint32_t shard = 0;
      const auto [end, error] = std::from_chars(first, name.data() + name.size(), shard);
      if (error == std::errc{} && end != first) {
        return shard;
      }
    }
  }
  return std::nullopt;
}

std::vector<std::uint32_t> list_shards(const std::filesystem::path& folder) {
  std::vector<std::uint32_t> shards;
  for (const std::filesystem::path& file : sorted_files(folder)) {
    const auto shard = shard_of_file(file);
    if (shard && file.filename().string().starts_with("lock-")) {
      shards.push_back(*shard);
    }
  }
  return shards;
}

}  // namespace fingers
