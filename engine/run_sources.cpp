// Tested by tests/engine/run_sources_test.cpp.
#include "engine/run_sources.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <unordered_map>

#include "engine/dataset_identity.hpp"
#include "engine/dataset_reader.hpp"
#include "engine/parts.hpp"

namespace fingers {

namespace {

namespace fs = std::filesystem;

/// Finds the points of a design by the identities of their runs.
class PointFinder {
 public:
  explicit PointFinder(const DatasetDescription& description)
      : identities_(description),
        n_points_(static_cast<std::uint32_t>(description.design.points.size())) {}

  /// The point of the design that has this identity at this replicate, and is not taken; the one
  /// of number `likely` if it may be.
  std::optional<std::uint32_t> find(std::uint32_t likely, std::uint32_t replicate,
                                    std::uint64_t identity, const std::vector<bool>& taken) {
    if (likely < n_points_ && !taken[likely] && is(likely, replicate, identity)) {
      return likely;
    }
    const auto [first, last] = points_at(replicate).equal_range(identity);
    std::optional<std::uint32_t> found;
    for (auto at = first; at != last; ++at) {
      if (!taken[at->second] && (!found || at->second < *found)) {
        found = at->second;
      }
    }
    return found;
  }

  [[nodiscard]] bool is(std::uint32_t point, std::uint32_t replicate,
                        std::uint64_t identity) const {
    return identities_.of(point, replicate) == identity;
  }
  [[nodiscard]] std::uint32_t n_points() const { return n_points_; }

 private:
  using Table = std::unordered_multimap<std::uint64_t, std::uint32_t>;

  const Table& points_at(std::uint32_t replicate) {
    if (table_of_ != replicate) {
      table_.clear();
      for (std::uint32_t point = 0; point < n_points_; ++point) {
        table_.emplace(identities_.of(point, replicate), point);
      }
      table_of_ = replicate;
    }
    return table_;
  }

  RunIdentities identities_;
  std::uint32_t n_points_;
  Table table_;
  std::optional<std::uint32_t> table_of_;
};

/// Adds what places hold to what was found.
class Search {
 public:
  explicit Search(const DatasetDescription& description)
      : description_(description), finder_(description), batch_(dataset_uuid(description)) {}

  void look_into(const std::string& place) {
    if (!fs::is_directory(place)) {
      look_into_file(place);
      return;
    }
    for (const SegmentEntry& entry : list_segments(place)) {
      if (entry.batch != batch_) {
        look_into_file(entry.path.string());
        continue;
      }
      add_entry(entry);
      found_.sources.push_back({.path = entry.path.string(), .points = {}});
    }
  }

  FoundRuns take() { return std::move(found_); }

 private:
  /// What failed in one place may be done in another.
  void add(std::uint64_t run, bool failed) {
    const bool is_new = found_.finished.add(run);
    if (!failed) {
      found_.failed.remove(run);
    } else if (is_new) {
      found_.failed.add(run);
    }
  }

  void add_entry(const SegmentEntry& entry) {
    RunSet failed;
    for (const auto& [first, last] : entry.failed) {
      for (std::uint64_t run = first; run <= last; ++run) {
        failed.add(run);
      }
    }
    for (const auto& [first, last] : entry.runs) {
      for (std::uint64_t run = first; run <= last; ++run) {
        add(run, failed.has(run));
      }
    }
  }

  void look_into_file(const std::string& path);
  void note(const RunHeader& header, std::vector<std::uint32_t>& points, std::vector<bool>& taken,
            const std::string& path);
  void add_sources(const std::string& path, const std::vector<std::uint32_t>& points);

  const DatasetDescription& description_;
  PointFinder finder_;
  std::string batch_;
  FoundRuns found_;
};

[[noreturn]] void refuse(const std::string& path, const RunHeader& header,
                         const DatasetDescription& description) {
  DatasetReader file(path);
  const Design design = file.design();
  const auto version = file.whole_attribute("results_version");
  const std::string name =
      header.point < design.points.size() ? design.points[header.point].name : "?";
  const std::string why = version == description.results_version
                              ? "its parameters, seeds or replicates differ"
                              : fmt::format("it has results version {}, and this program {}",
                                            version, description.results_version);
  throw ConflictError(fmt::format(
      "'{}' holds runs that this config does not ask for (point {}, {}, replicate {}): {}", path,
      header.point, name, header.replicate, why));
}

void Search::note(const RunHeader& header, std::vector<std::uint32_t>& points,
                  std::vector<bool>& taken, const std::string& path) {
  if (header.point >= points.size()) {
    points.resize(header.point + 1, kNone);
  }
  std::uint32_t& point = points[header.point];
  if (point == kNone) {
    const auto found = finder_.find(header.point, header.replicate, header.identity, taken);
    if (!found) {
      refuse(path, header, description_);
    }
    point = *found;
    taken[point] = true;
  }
  if (header.replicate >= description_.design.replicates ||
      !finder_.is(point, header.replicate, header.identity)) {
    refuse(path, header, description_);
  }
  add(std::uint64_t{header.replicate} * finder_.n_points() + point,
      header.status == RunStatus::failed);
}

void Search::look_into_file(const std::string& path) {
  DatasetReader file(path);
  std::vector<std::uint32_t> points;
  std::vector<bool> taken(finder_.n_points(), false);
  std::uint64_t n_points = finder_.n_points();  // that a run may be of
  while (const auto header = file.next()) {
    if (header->point >= n_points) {
      n_points = std::max<std::uint64_t>(n_points, file.design().points.size());
    }
    if (header->point >= n_points) {
      throw InputError(fmt::format(
          "cannot read '{}': it has a run of point {}, which its design does not have; the file is "
          "damaged",
          path, header->point));
    }
    if (header->status != RunStatus::missing) {
      note(*header, points, taken, path);
    }
  }
  add_sources(path, points);
}

/// A merge reads each source forward. Where the points of a file come in another order than those
/// of the design, the file is read several times, each time for points that rise.
void Search::add_sources(const std::string& path, const std::vector<std::uint32_t>& points) {
  const std::size_t first = found_.sources.size();
  std::vector<std::uint32_t> last;  // of each source of this file
  for (std::size_t p = 0; p < points.size(); ++p) {
    if (points[p] == kNone) {
      continue;
    }
    std::size_t s = 0;
    while (s < last.size() && last[s] > points[p]) {
      ++s;
    }
    if (s == last.size()) {
      last.push_back(0);
      found_.sources.push_back(
          {.path = path, .points = std::vector<std::uint32_t>(points.size(), kNone)});
    }
    last[s] = points[p];
    found_.sources[first + s].points[p] = points[p];
  }
}

}  // namespace

FoundRuns find_runs(const std::vector<std::string>& places, const DatasetDescription& description) {
  Search search(description);
  for (const std::string& place : places) {
    search.look_into(place);
  }
  return search.take();
}

std::vector<std::string> places_of(const std::string& final_path) {
  std::vector<std::string> places;
  for (const std::string& place : {final_path, parts_folder(final_path).string()}) {
    if (fs::exists(place)) {
      places.push_back(place);
    }
  }
  return places;
}

}  // namespace fingers
