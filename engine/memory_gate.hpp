// Keeps a batch within a limit of memory by the number of worlds that run at once. How much a world
// takes shows only when worlds run: the first runs alone, and as many more follow as fit by what
// has been seen.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace fingers {

/// Bytes of memory that this process holds now (its resident set).
std::uint64_t resident_bytes();
/// The most it has held.
std::uint64_t peak_resident_bytes();

class MemoryGate {
 public:
  /// limit_bytes: for the whole process; 0 lets everybody in.
  explicit MemoryGate(std::uint64_t limit_bytes);

  /// Waits until one more world fits; one always may run.
  void enter();
  void leave();

  /// Worlds that may run at once within `limit`, where the process takes `base` without them and
  /// each takes `a_world`; at least 1.
  static std::uint64_t worlds_that_fit(std::uint64_t limit, std::uint64_t base,
                                       std::uint64_t a_world);

 private:
  void look();

  std::uint64_t limit_;
  std::uint64_t base_;         ///< resident before the first world
  std::uint64_t a_world_ = 0;  ///< the most that was seen; 0: nothing yet
  std::uint64_t peak_;         ///< the most that the process had held when it was looked at last
  std::uint64_t running_ = 0;
  std::uint64_t most_running_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
};

}  // namespace fingers
