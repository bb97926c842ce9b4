// What the loops on TBB and on plain threads have in common: indices come from one counter, so that
// they are handed out in increasing order whatever the threads do.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>

namespace fingers {

/// What the threads of one loop share.
struct LoopState {
  std::uint64_t n;
  const std::function<void(std::uint64_t)>& body;
  const std::atomic<bool>& stop;
  std::atomic<std::uint64_t> next{0};
  std::atomic<bool> failed{false};
};

/// Takes indices until there are none, or until the loop is stopped. Throws what a body throws.
inline void take_indices(LoopState& loop) {
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

}  // namespace fingers
