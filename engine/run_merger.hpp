// Runs of many dataset files in the order of (point, replicate), each once. Memory: one chunk of
// each column of each file, and one run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <queue>
#include <string>
#include <utility>
#include <vector>

#include "engine/dataset_identity.hpp"
#include "engine/dataset_reader.hpp"
#include "engine/run_sources.hpp"
#include "engine/store.hpp"

namespace fingers {

class RunMerger {
 public:
  /// The files must hold what `description` records; InputError otherwise.
  RunMerger(const std::vector<RunSource>& sources, const DatasetDescription& description);

  /// The next run, with its point's number in the design. Of one that several files hold a done one
  /// goes before a failed one, and among those that failed the last file's. Throws ConflictError
  /// for a run that two files hold done with different content, or that was made under another
  /// configuration; InputError for one that the design does not have.
  std::optional<RunHeader> next();
  /// All that it recorded. Expects: `next` gave a run.
  RunRecord record();
  /// Begins again with the first run.
  void rewind();

 private:
  /// Orders the heads of the files; the smallest is on top.
  struct Head {
    std::uint32_t point;
    std::uint32_t replicate;
    std::size_t reader;
    friend auto operator<=>(const Head&, const Head&) = default;
  };

  /// Whether the reader's head is for the design, with its point's number there.
  [[nodiscard]] bool take(std::size_t reader, RunHeader& header) const;
  void advance(std::size_t reader);
  [[nodiscard]] bool goes_before(std::size_t twin, std::size_t found) const;
  void check_run(const RunHeader& header, const std::string& path) const;

  const DatasetDescription& description_;
  RunIdentities identities_;
  std::vector<RunSource> sources_;
  std::vector<DatasetReader> readers_;
  std::vector<RunHeader> headers_;  ///< of each reader's head
  std::priority_queue<Head, std::vector<Head>, std::greater<>> heads_;
  std::optional<std::size_t> current_;  ///< whose head was given out last
};

}  // namespace fingers
