// Tested by tests/engine/memory_gate_test.cpp.
#include "engine/memory_gate.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

namespace fingers {

std::uint64_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  std::uint64_t all = 0;
  std::uint64_t resident = 0;
  return file >> all >> resident ? resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE))
                                 : peak_resident_bytes();
}

std::uint64_t peak_resident_bytes() {
  constexpr std::uint64_t kKilobyte = 1024;
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::uint64_t>(usage.ru_maxrss) * kKilobyte;
}

MemoryGate::MemoryGate(std::uint64_t limit_bytes)
    : limit_(limit_bytes),
      base_(limit_bytes == 0 ? 0 : resident_bytes()),
      peak_(limit_bytes == 0 ? 0 : peak_resident_bytes()) {}

std::uint64_t MemoryGate::worlds_that_fit(std::uint64_t limit, std::uint64_t base,
                                          std::uint64_t a_world) {
  if (limit <= base || a_world == 0) {
    return 1;
  }
  return std::max<std::uint64_t>(1, (limit - base) / a_world);
}

/// What the running worlds take, with all that waits to be written: now, and at their most where
/// the process has never held as much.
void MemoryGate::look() {
  const std::uint64_t now = resident_bytes();
  if (now > base_) {
    a_world_ = std::max(a_world_, (now - base_) / running_);
  }
  const std::uint64_t peak = peak_resident_bytes();
  if (peak > peak_) {
    a_world_ = std::max(a_world_, (peak - base_) / most_running_);
    peak_ = peak;
  }
}

void MemoryGate::enter() {
  if (limit_ == 0) {
    return;
  }
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] {
    return running_ == 0 || (a_world_ > 0 && running_ < worlds_that_fit(limit_, base_, a_world_));
  });
  ++running_;
  most_running_ = std::max(most_running_, running_);
}

void MemoryGate::leave() {
  if (limit_ == 0) {
    return;
  }
  {
    const std::scoped_lock lock(mutex_);
    look();
    --running_;
  }
  changed_.notify_all();
}

}  // namespace fingers
