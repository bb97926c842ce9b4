// Folders that go away, and batches of the toy model.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "engine/ensemble.hpp"
#include "engine/model.hpp"
#include "tests/engine/toy_model.hpp"

namespace fingers::toy {

/// An empty folder of this test.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "fingers-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  TemporaryFolder(TemporaryFolder&&) = delete;
  TemporaryFolder& operator=(TemporaryFolder&&) = delete;

  [[nodiscard]] std::string file(const std::string& name) const { return (path_ / name).string(); }
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(path_)) {
      all.push_back(entry.path().filename().string());
    }
    return all;
  }

 private:
  std::filesystem::path path_;
};

inline std::string bytes_of_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

inline void write_bytes(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

inline RunRecord toss_coins(const DatasetDescription& about, std::uint32_t point,
                            std::uint32_t replicate) {
  static const CoinModel model;
  return run_world(model, about.seeds, point, replicate);
}

inline EnsembleOptions quiet_options(const std::string& path, int threads = 2) {
  EnsembleOptions options;
  options.output_path = path;
  options.threads = threads;
  options.progress = ProgressMode::never;
  return options;
}

/// Runs a whole batch.
inline EnsembleReport run_batch(const DatasetDescription& about, const EnsembleOptions& options) {
  return run_ensemble(
      [&about](std::uint32_t p, std::uint32_t r) { return toss_coins(about, p, r); }, about,
      options);
}

/// Writes some replicates of every point as one segment of a shard.
inline void write_segment(const std::string& path, const DatasetDescription& about,
                          std::uint32_t shard, const std::vector<std::uint32_t>& replicates) {
  SegmentWriter writer(path, about, shard, Opening::fresh);
  for (const std::uint32_t replicate : replicates) {
    for (std::uint32_t point = 0; point < about.design.points.size(); ++point) {
      writer.add(std::make_unique<RunRecord>(toss_coins(about, point, replicate)));
    }
  }
  writer.flush();
}

}  // namespace fingers::toy
