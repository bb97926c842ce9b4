// Tested by tests/engine/segment_test.cpp.
#include "engine/parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <limits>
#include <sstream>

#include "engine/store.hpp"

namespace fingers {

namespace {

constexpr std::size_t kSha256Digits = 64;
/// Runs, and segments of a shard, are numbered with 32 bits.
constexpr std::uint64_t kMostNumber = std::numeric_limits<std::uint32_t>::max();
constexpr std::string_view kManifestHead = "segments 2 of batch ";

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

/// Numbers of runs as a manifest may have them; a damaged one could name more than there is memory.
std::optional<std::vector<NumberSpan>> read_runs(const std::string& text) {
  auto spans = read_spans(text);
  const bool fit = spans && (spans->empty() || spans->back().second <= kMostNumber);
  return fit ? std::move(spans) : std::nullopt;
}

SegmentEntry parse_line(const std::string& line, const std::filesystem::path& manifest) {
  std::istringstream words(line);
  std::string name;
  std::string runs;
  std::string failed;
  SegmentEntry entry;
  const bool whole = static_cast<bool>(words >> name >> entry.sha256 >> runs >> failed);
  const auto run_spans = read_runs(runs);
  const auto failed_spans = read_runs(failed);
  if (!whole || entry.sha256.size() != kSha256Digits || name.find('/') != std::string::npos ||
      !run_spans || !failed_spans) {
    throw InputError(fmt::format("'{}' is damaged: it has the line '{}'", manifest.string(), line));
  }
  entry.path = manifest.parent_path() / name;
  entry.runs = *run_spans;
  entry.failed = *failed_spans;
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

std::filesystem::path old_manifest_path(const std::filesystem::path& folder, std::uint32_t shard,
                                        const std::string& batch) {
  return folder / fmt::format("manifest-{:03}-{}.txt", shard, batch);
}

std::uint64_t SegmentEntry::n_runs() const {
  std::uint64_t n = 0;
  for (const auto& [first, last] : runs) {
    n += last - first + 1;
  }
  return n;
}

std::string batch_of_manifest(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string head;
  std::getline(file, head);
  const bool whole = !file.eof() && head.starts_with(kManifestHead);
  return whole ? head.substr(kManifestHead.size()) : "";
}

std::string manifest_head(const std::string& batch) { return std::string(kManifestHead) + batch; }

std::string to_line(const SegmentEntry& entry) {
  return fmt::format("{} {} {} {}", entry.path.filename().string(), entry.sha256,
                     spans_text(entry.runs), spans_text(entry.failed));
}

namespace {

/// All whole lines of a manifest, also of segments that are gone.
std::vector<SegmentEntry> read_lines(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  std::vector<SegmentEntry> entries;
  std::string batch;
  std::size_t start = 0;
  for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', start)) {
    const std::string line = text.substr(start, end - start);
    if (start > 0) {
      entries.push_back(parse_line(line, path));
      entries.back().batch = batch;
    } else if (line.starts_with(kManifestHead)) {
      batch = line.substr(kManifestHead.size());
    } else {
      throw InputError(
          fmt::format("'{}' is no manifest of this program's version; finish that batch with the "
                      "version that began it, or use --overwrite",
                      path.string()));
    }
    start = end + 1;
  }
  return entries;
}

bool is_manifest(const std::filesystem::path& path) {
  const std::string name = path.filename().string();
  return name.starts_with("manifest-") && name.ends_with(".txt");
}

/// The segments of the manifests that `wanted` takes.
template <class Wanted>
std::vector<SegmentEntry> segments_of(const std::filesystem::path& folder, const Wanted& wanted) {
  std::vector<SegmentEntry> all;
  for (const std::filesystem::path& file : sorted_files(folder)) {
    if (is_manifest(file) && wanted(file)) {
      std::vector<SegmentEntry> some = read_manifest(file);
      std::ranges::move(some, std::back_inserter(all));
    }
  }
  std::ranges::sort(all, {}, &SegmentEntry::path);
  return all;
}

/// The number NNNNN of a segment.
std::uint32_t number_of_segment(const std::filesystem::path& path) {
  const std::string name = path.stem().string();
  std::uint32_t number = 0;
  const std::size_t dash = name.rfind('-');
  const std::size_t start = dash == std::string::npos ? 0 : dash + 1;
  std::from_chars(name.data() + start, name.data() + name.size(), number);
  return number;
}

}  // namespace

std::vector<SegmentEntry> read_manifest(const std::filesystem::path& path) {
  std::vector<SegmentEntry> entries = read_lines(path);
  std::erase_if(entries, [](const SegmentEntry& entry) {
    std::error_code error;  // a damaged name can be longer than names may be
    return !std::filesystem::exists(entry.path, error);
  });
  return entries;
}

std::uint32_t first_free_number(const std::filesystem::path& folder, std::uint32_t shard) {
  std::uint32_t next = 0;
  for (const std::filesystem::path& file : sorted_files(folder)) {
    if (is_manifest(file) && shard_of_file(file) == shard) {
      for (const SegmentEntry& entry : read_lines(file)) {
        next = std::max(next, number_of_segment(entry.path) + 1);
      }
    }
  }
  return next;
}

std::vector<SegmentEntry> list_segments(const std::filesystem::path& folder) {
  return segments_of(folder, [](const std::filesystem::path&) { return true; });
}

std::vector<SegmentEntry> list_segments(const std::filesystem::path& folder, std::uint32_t shard) {
  return segments_of(
      folder, [shard](const std::filesystem::path& file) { return shard_of_file(file) == shard; });
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
