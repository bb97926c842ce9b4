// The one door to oneTBB: loops over independent indices, sums in a fixed order, and a bounded
// queue between many producers and one consumer. Results never depend on the number of threads.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include "engine/records.hpp"

namespace fingers {

/// The number of hardware threads this process may use.
int available_threads();

/// Calls body(i) for every i in [0, n), each exactly once, in any order, on `threads` threads;
/// indices are handed out in increasing order. Stops handing out new ones when `stop` is set. An
/// exception from a body stops the loop and is thrown on.
void for_each_index(std::uint64_t n, int threads, const std::function<void(std::uint64_t)>& body,
                    const std::atomic<bool>& stop);

/// Sum of values[0..n) taken over fixed blocks of 65,536 in block order: the same bits on any
/// number of threads.
double deterministic_sum(std::span<const double> values, int threads);

/// A bounded queue of finished runs; push blocks while it is full: while it holds `records` of them
/// or more, and these `bytes` or more.
class RunQueue {
 public:
  /// Expects records >= 1.
  explicit RunQueue(std::size_t records, std::uint64_t bytes = 0);
  ~RunQueue();
  RunQueue(const RunQueue&) = delete;
  RunQueue& operator=(const RunQueue&) = delete;
  RunQueue(RunQueue&&) = delete;
  RunQueue& operator=(RunQueue&&) = delete;

  /// Blocks while full. Answers false, and drops the record, after `abort`.
  bool push(std::unique_ptr<RunRecord> record);
  /// Waits for a record, at most `milliseconds`. Null after that time, or when finished (see
  /// `finished`).
  std::unique_ptr<RunRecord> pop(int milliseconds);
  /// Said before the first push, and before pushes after a `close`.
  void open();
  /// Said by the producers' side when nothing more will come.
  void close();
  /// Said by the consumer when it cannot go on: pushes return at once.
  void abort();
  /// true when closed and empty.
  [[nodiscard]] bool finished() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace fingers
