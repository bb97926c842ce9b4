// The queue, and sums in a fixed order; the loops are in parallel_tbb.cpp and parallel_std.cpp.
// Tested by tests/engine/parallel_test.cpp.
#include "engine/parallel.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <vector>

#include "engine/contract.hpp"

namespace fingers {

namespace {

constexpr std::uint64_t kSumBlock = 65536;

}  // namespace

double deterministic_sum(std::span<const double> values, int threads) {
  const std::uint64_t n_blocks = (values.size() + kSumBlock - 1) / kSumBlock;
  std::vector<double> sums(n_blocks, 0.0);
  const std::atomic<bool> never{false};
  for_each_index(
      n_blocks, threads,
      [&](std::uint64_t block) {
        const std::uint64_t first = block * kSumBlock;
        const std::uint64_t count = std::min<std::uint64_t>(kSumBlock, values.size() - first);
        double sum = 0;
        for (const double value : values.subspan(first, count)) {
          sum += value;
        }
        sums[block] = sum;
      },
      never);
  double total = 0;
  for (const double sum : sums) {
    total += sum;
  }
  return total;
}

// TBB's bounded queue has no pop that ends after a time, which the writer needs for its segments of
// 10 s; one lock a run costs nothing beside a run.
struct RunQueue::State {
  std::size_t most_records = 0;
  std::uint64_t most_bytes = 0;
  mutable std::mutex mutex;
  std::condition_variable may_push;
  std::condition_variable may_pop;
  std::deque<std::unique_ptr<RunRecord>> records;
  std::uint64_t bytes = 0;  ///< of these
  bool closed = false;
  bool aborted = false;

  [[nodiscard]] bool is_full() const {
    return records.size() >= most_records && bytes >= most_bytes;
  }
};

RunQueue::RunQueue(std::size_t records, std::uint64_t bytes) : state_(std::make_unique<State>()) {
  EXPECT_CONTRACT(records >= 1);
  state_->most_records = records;
  state_->most_bytes = bytes;
}

RunQueue::~RunQueue() = default;

bool RunQueue::push(std::unique_ptr<RunRecord> record) {
  {
    std::unique_lock lock(state_->mutex);
    state_->may_push.wait(lock, [this] { return state_->aborted || !state_->is_full(); });
    if (state_->aborted) {
      return false;
    }
    state_->bytes += bytes_of_record(*record);
    state_->records.push_back(std::move(record));
  }
  state_->may_pop.notify_one();
  return true;
}

std::unique_ptr<RunRecord> RunQueue::pop(int milliseconds) {
  std::unique_ptr<RunRecord> record;
  {
    std::unique_lock lock(state_->mutex);
    state_->may_pop.wait_for(lock, std::chrono::milliseconds(milliseconds),
                             [this] { return state_->closed || !state_->records.empty(); });
    if (state_->records.empty()) {
      return nullptr;
    }
    record = std::move(state_->records.front());
    state_->records.pop_front();
    state_->bytes -= bytes_of_record(*record);
  }
  state_->may_push.notify_all();  // one that was large makes room for several
  return record;
}

void RunQueue::open() {
  const std::scoped_lock lock(state_->mutex);
  state_->closed = false;
}

void RunQueue::close() {
  {
    const std::scoped_lock lock(state_->mutex);
    state_->closed = true;
  }
  state_->may_pop.notify_all();
}

void RunQueue::abort() {
  {
    const std::scoped_lock lock(state_->mutex);
    state_->aborted = true;
    state_->records.clear();
    state_->bytes = 0;
  }
  state_->may_push.notify_all();
}

bool RunQueue::finished() const {
  const std::scoped_lock lock(state_->mutex);
  return state_->closed && state_->records.empty();
}

}  // namespace fingers
