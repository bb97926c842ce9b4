// Loops over independent indices on oneTBB. Indices come from one counter, so that they are handed
// out in increasing order whatever TBB does with its own ranges. Tested by
// tests/engine/parallel_test.cpp.
#include "engine/parallel.hpp"

#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/partitioner.h>
#include <tbb/task_arena.h>

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

/// What the threads of one loop share.
struct LoopState {
  std::uint64_t n;
  const std::function<void(std::uint64_t)>& body;
  const std::atomic<bool>& stop;
  std::atomic<std::uint64_t> next{0};
  std::atomic<bool> failed{false};
};

/// Takes indices until there are none, or until the loop is stopped.
void take_indices(LoopState& loop) {
  while (!loop.stop.load() && !loop.failed.load()) {
    const std::uint64_t index = loop.next.fetch_add(1);
    if (index >= loop.n) {
      return;
    }
    try {
      loop.body(index);
    } catch (...) {
      loop.failed.store(true);
      throw;
    }
  }
}

}  // namespace

int available_threads() { return std::max(1, tbb::this_task_arena::max_concurrency()); }

void for_each_index(std::uint64_t n, int threads, const std::function<void(std::uint64_t)>& body,
                    const std::atomic<bool>& stop) {
  EXPECT_CONTRACT(threads >= 1);
  LoopState loop{.n = n, .body = body, .stop = stop};
  if (threads == 1 || n <= 1) {
    take_indices(loop);
    return;
  }
  // Without this limit TBB gives no more threads than there are cores, whatever was asked for.
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                  static_cast<std::size_t>(threads));
  tbb::task_arena arena(threads);
  arena.execute([&loop, threads] {
    tbb::parallel_for(
        0, threads, [&loop](int /*thread*/) { take_indices(loop); }, tbb::simple_partitioner());
  });
}

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
  std::size_t capacity = 0;
  mutable std::mutex mutex;
  std::condition_variable may_push;
  std::condition_variable may_pop;
  std::deque<std::unique_ptr<RunRecord>> records;
  bool closed = false;
  bool aborted = false;
};

RunQueue::RunQueue(std::size_t capacity) : state_(std::make_unique<State>()) {
  EXPECT_CONTRACT(capacity >= 1);
  state_->capacity = capacity;
}

RunQueue::~RunQueue() = default;

bool RunQueue::push(std::unique_ptr<RunRecord> record) {
  {
    std::unique_lock lock(state_->mutex);
    state_->may_push.wait(
        lock, [this] { return state_->aborted || state_->records.size() < state_->capacity; });
    if (state_->aborted) {
      return false;
    }
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
  }
  state_->may_push.notify_one();
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
  }
  state_->may_push.notify_all();
}

bool RunQueue::finished() const {
  const std::scoped_lock lock(state_->mutex);
  return state_->closed && state_->records.empty();
}

}  // namespace fingers
