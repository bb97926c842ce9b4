// Loops over independent indices on oneTBB. Tested by tests/engine/parallel_test.cpp.
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/partitioner.h>
#include <tbb/task_arena.h>

#include <algorithm>

#include "engine/contract.hpp"
#include "engine/parallel.hpp"
#include "engine/parallel_loop.hpp"

namespace fingers {

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

}  // namespace fingers
