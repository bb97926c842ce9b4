#include "engine/memory_gate.hpp"

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include "tests/support/catch.hpp"

using namespace fingers;

namespace {

TEST_CASE("as many worlds fit as the memory left holds, and always one") {
  CHECK(MemoryGate::worlds_that_fit(1000, 200, 100) == 8);
  CHECK(MemoryGate::worlds_that_fit(1000, 200, 0) == 1);  // nothing seen yet
  CHECK(MemoryGate::worlds_that_fit(1000, 200, 900) == 1);
  CHECK(MemoryGate::worlds_that_fit(1000, 2000, 10) == 1);
}

TEST_CASE("this process holds memory, and has held no less") {
  CHECK(resident_bytes() > 1U << 20U);
  CHECK(peak_resident_bytes() >= resident_bytes() / 2);
}

/// The most worlds that ran at once when eight threads pass a gate, each world holding 32 MB.
int most_at_once(std::uint64_t limit) {
  MemoryGate gate(limit);
  std::atomic<int> now{0};
  std::atomic<int> most{0};
  const auto live = [&] {
    for (int i = 0; i < 3; ++i) {
      gate.enter();
      const int running = ++now;
      most = std::max(most.load(), running);
      std::vector<char> world(32U << 20U, 'x');
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
      CHECK(world.back() == 'x');
      --now;
      gate.leave();
    }
  };
  std::vector<std::jthread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back(live);
  }
  threads.clear();
  return most;
}

TEST_CASE("worlds that do not fit wait") {
  CHECK(most_at_once(1) == 1);
  const int with_room_for_three = most_at_once(resident_bytes() + (110U << 20U));
  CHECK(with_room_for_three >= 2);
  CHECK(with_room_for_three <= 3);
}

}  // namespace
