// The same loops on plain threads, for the thread sanitizer (preset tsan): it does not see how a
// TBB that was built without it synchronises. Tested by tests/engine/parallel_test.cpp.
#include <algorithm>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "engine/contract.hpp"
#include "engine/parallel.hpp"
#include "engine/parallel_loop.hpp"

namespace fingers {

int available_threads() {
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

void for_each_index(std::uint64_t n, int threads, const std::function<void(std::uint64_t)>& body,
                    const std::atomic<bool>& stop) {
  EXPECT_CONTRACT(threads >= 1);
  LoopState loop{.n = n, .body = body, .stop = stop};
  if (threads == 1 || n <= 1) {
    take_indices(loop);
    return;
  }
  std::exception_ptr first;
  std::mutex mutex;
  std::vector<std::thread> team;
  team.reserve(static_cast<std::size_t>(threads));
  for (int i = 0; i < threads; ++i) {
    team.emplace_back([&] {
      try {
        take_indices(loop);
      } catch (...) {
        const std::scoped_lock lock(mutex);
        first = first ? first : std::current_exception();
      }
    });
  }
  for (std::thread& thread : team) {
    thread.join();
  }
  if (first) {
    std::rethrow_exception(first);
  }
}

}  // namespace fingers
