// Tested by tests/engine/pilot_test.cpp.
#include "engine/pilot.hpp"

#include <sys/statvfs.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <mutex>
#include <numeric>

#include "engine/contract.hpp"
#include "engine/contracts_throw.hpp"
#include "engine/dataset_identity.hpp"
#include "engine/dataset_writer.hpp"
#include "engine/file_image.hpp"
#include "engine/memory_gate.hpp"
#include "engine/parallel.hpp"
#include "engine/segment_packing.hpp"

namespace fingers {

namespace {

/// Runs of the pilot whose records are kept, to see how many bytes they take.
constexpr std::uint64_t kMostKept = 64;

double seconds_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

Estimate estimate_of(const std::vector<double>& values) {
  Estimate estimate;
  const auto n = static_cast<double>(values.size());
  if (values.empty()) {
    return estimate;
  }
  estimate.mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  double squares = 0;
  for (const double value : values) {
    squares += (value - estimate.mean) * (value - estimate.mean);
  }
  estimate.error = values.size() < 2 ? estimate.mean : std::sqrt(squares / (n - 1) / n);
  return estimate;
}

/// The points in a random order.
std::vector<std::uint32_t> shuffled_points(const DatasetDescription& description) {
  std::vector<std::uint32_t> points(description.design.points.size());
  std::iota(points.begin(), points.end(), 0U);
  const StreamKey key = make_key(description.seeds.design, StreamKind::design, 0);
  std::vector<std::uint64_t> order(points.size());
  for (std::size_t p = 0; p < points.size(); ++p) {
    order[p] = random_block(key, {.identity = p})[0];
  }
  std::ranges::sort(points, {}, [&order](std::uint32_t p) { return std::pair(order[p], p); });
  return points;
}

/// What the threads of a pilot gather.
class Pilot {
 public:
  Pilot(const RunFunction& run, double end) : run_(run), end_(end) {}

  void try_point(std::uint32_t point) {
    const double began = seconds_now();
    const bool first_ones = n_begun_.fetch_add(1) == 0;
    if (!first_ones && began > end_) {
      enough_.store(true);
      return;
    }
    try {
      const ContractsThrow contracts;
      RunRecord record = run_(point, 0);
      record.point = point;
      record.replicate = 0;
      note(std::move(record), seconds_now() - began);
    } catch (const std::exception&) {
      const std::scoped_lock lock(mutex_);
      ++n_failed_;
    }
  }

  [[nodiscard]] const std::atomic<bool>& enough() const { return enough_; }
  PilotReport report(const DatasetDescription& description);

 private:
  void note(RunRecord record, double seconds) {
    const std::scoped_lock lock(mutex_);
    seconds_.push_back(seconds);
    const bool has_rows = !record.tables.empty() && !record.tables.front().empty();
    events_.push_back(has_rows ? static_cast<double>(column_length(record.tables.front().front()))
                               : 0.0);
    if (kept_.size() < kMostKept) {
      kept_.push_back(std::move(record));
    }
  }

  const RunFunction& run_;
  double end_;
  std::mutex mutex_;
  std::atomic<std::uint64_t> n_begun_{0};
  std::atomic<bool> enough_{false};
  std::vector<double> seconds_;
  std::vector<double> events_;
  std::vector<RunRecord> kept_;
  std::uint64_t n_failed_ = 0;
};

/// Bytes of a file with these runs, packed in this way.
std::uint64_t packed_bytes(const std::vector<RunRecord>& records,
                           const DatasetDescription& description, bool as_segment) {
  DatasetSizes sizes{.n_runs = records.size(),
                     .table_rows = std::vector<std::uint64_t>(description.schema.tables.size(), 0),
                     .complete = false};
  for (const RunRecord& record : records) {
    for (std::size_t t = 0; t < sizes.table_rows.size(); ++t) {
      sizes.table_rows[t] += record.tables[t].empty() ? 0 : column_length(record.tables[t].front());
    }
  }
  FileImage image;
  {
    const Packing packing = as_segment ? segment_packing(sizes, description.clock) : Packing{};
    DatasetWriter writer(image.file(), description, sizes, packing);
    for (const RunRecord& record : records) {
      writer.append(record, 0, content_hash(record));
    }
    writer.finish();
  }
  return image.close().size();
}

/// Bytes that each further run adds to a file.
double bytes_a_run(const std::vector<RunRecord>& records, const DatasetDescription& description,
                   bool as_segment) {
  const std::size_t half = records.size() / 2;
  const std::uint64_t all_bytes = packed_bytes(records, description, as_segment);
  if (half == 0) {
    return static_cast<double>(all_bytes);
  }
  const std::vector<RunRecord> first(records.begin(),
                                     records.begin() + static_cast<std::ptrdiff_t>(half));
  const std::uint64_t first_bytes = packed_bytes(first, description, as_segment);
  return static_cast<double>(all_bytes - std::min(all_bytes, first_bytes)) /
         static_cast<double>(records.size() - half);
}

PilotReport Pilot::report(const DatasetDescription& description) {
  PilotReport report;
  report.n_runs = seconds_.size() + n_failed_;
  report.n_failed = n_failed_;
  report.seconds_a_run = estimate_of(seconds_);
  report.events_a_run = estimate_of(events_);
  report.memory_bytes = peak_resident_bytes();
  if (kept_.empty()) {
    return report;
  }
  std::ranges::sort(kept_, {}, &RunRecord::point);
  const double began = seconds_now();
  report.parts_bytes_a_run = bytes_a_run(kept_, description, true);
  report.file_bytes_a_run = bytes_a_run(kept_, description, false);
  // Half of the runs were packed twice, and reading the segments in between is cheaper.
  report.seconds_a_run.mean += (seconds_now() - began) / static_cast<double>(kept_.size());
  return report;
}

}  // namespace

PilotReport run_pilot(const RunFunction& run, const DatasetDescription& description, int threads,
                      double seconds) {
  const std::vector<std::uint32_t> points = shuffled_points(description);
  Pilot pilot(run, seconds_now() + seconds);
  for_each_index(
      points.size(), threads, [&](std::uint64_t i) { pilot.try_point(points[i]); }, pilot.enough());
  return pilot.report(description);
}

namespace {

/// The limit of this process's container, or no limit at all.
std::uint64_t container_memory_bytes() {
  std::uint64_t least = std::numeric_limits<std::uint64_t>::max();
  for (const char* path :
       {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"}) {
    std::ifstream file(path);
    std::uint64_t limit = 0;
    if (file >> limit) {
      least = std::min(least, limit);
    }
  }
  return least;
}

}  // namespace

std::uint64_t available_memory_bytes() {
  constexpr std::uint64_t kKilobyte = 1024;
  std::ifstream file("/proc/meminfo");
  std::string name;
  std::uint64_t kilobytes = 0;
  std::string unit;
  while (file >> name >> kilobytes >> unit) {
    if (name == "MemAvailable:") {
      return std::min(kilobytes * kKilobyte, container_memory_bytes());
    }
  }
  return container_memory_bytes();
}

std::uint64_t free_disk_bytes(const std::string& file) {
  struct statvfs space{};
  const std::filesystem::path folder = std::filesystem::path(file).parent_path();
  if (::statvfs(folder.empty() ? "." : folder.c_str(), &space) != 0) {
    return 0;
  }
  return static_cast<std::uint64_t>(space.f_bavail) * space.f_frsize;
}

}  // namespace fingers
