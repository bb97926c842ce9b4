#include "engine/parallel.hpp"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

#include "tests/support/catch.hpp"
#include "tests/support/never_stops.hpp"

using namespace fingers;

namespace {

TEST_CASE("every index is visited exactly once on any number of threads") {
  for (const int threads : {1, 2, 7}) {
    std::vector<std::atomic<int>> visits(1000);
    for_each_index(1000, threads, [&](std::uint64_t i) { ++visits[i]; }, kNeverStops);
    CHECK(std::ranges::all_of(visits, [](const auto& n) { return n == 1; }));
  }
}

TEST_CASE("a loop uses as many threads as it is told, also more than there are cores") {
  std::mutex mutex;
  std::set<std::thread::id> seen;
  std::atomic<int> inside{0};
  for_each_index(
      5, 5,
      [&](std::uint64_t /*i*/) {
        ++inside;
        const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (inside < 5 && std::chrono::steady_clock::now() < give_up) {
          std::this_thread::yield();
        }
        const std::scoped_lock lock(mutex);
        seen.insert(std::this_thread::get_id());
      },
      kNeverStops);
  CHECK(seen.size() == 5);
}

TEST_CASE("indices are handed out in increasing order") {
  std::vector<std::uint64_t> order;
  for_each_index(100, 1, [&](std::uint64_t i) { order.push_back(i); }, kNeverStops);
  CHECK(std::ranges::is_sorted(order));
}

TEST_CASE("a loop stops handing out when it is told to") {
  for (const int threads : {1, 3}) {
    std::atomic<bool> stop{false};
    std::atomic<std::uint64_t> highest{0};
    for_each_index(
        1'000'000, threads,
        [&](std::uint64_t i) {
          std::uint64_t old = highest;
          while (old < i && !highest.compare_exchange_weak(old, i)) {
          }
          if (i >= 10) {
            stop = true;
          }
        },
        stop);
    CHECK(highest < 900'000);
  }
}

TEST_CASE("an exception ends the loop and comes out of it") {
  for (const int threads : {1, 4}) {
    CHECK_THROWS_WITH(for_each_index(
                          1000, threads,
                          [](std::uint64_t i) {
                            if (i == 17) {
                              throw std::runtime_error("seventeen");
                            }
                          },
                          kNeverStops),
                      "seventeen");
  }
}

TEST_CASE("a sum has the same bits on any number of threads") {
  std::vector<double> values(300'000);
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = 1.0 / static_cast<double>(i + 1);
  }
  const double one = deterministic_sum(values, 1);
  CHECK(one == deterministic_sum(values, 2));
  CHECK(one == deterministic_sum(values, 7));
  CHECK(one == Approx(13.188755));  // the harmonic number of 300,000
  CHECK(deterministic_sum({}, 3) == 0);
}

std::unique_ptr<RunRecord> numbered(std::uint32_t number) {
  auto record = std::make_unique<RunRecord>();
  record->replicate = number;
  return record;
}

TEST_CASE("a queue gives records back in order, then says that it is finished") {
  RunQueue queue(3);
  CHECK(queue.push(numbered(1)));
  CHECK(queue.push(numbered(2)));
  CHECK(queue.pop(0)->replicate == 1);
  queue.close();
  CHECK_FALSE(queue.finished());
  CHECK(queue.pop(0)->replicate == 2);
  CHECK(queue.pop(10'000) == nullptr);
  CHECK(queue.finished());
}

TEST_CASE("an empty queue answers after the time that it may wait") {
  RunQueue queue(1);
  CHECK(queue.pop(1) == nullptr);
  CHECK_FALSE(queue.finished());
}

TEST_CASE("push waits while the queue is full") {
  RunQueue queue(1);
  std::atomic<int> pushed{0};
  std::thread producer([&] {
    for (std::uint32_t i = 0; i < 3; ++i) {
      queue.push(numbered(i));
      ++pushed;
    }
    queue.close();
  });
  std::uint32_t popped = 0;
  while (!queue.finished()) {
    if (queue.pop(1000)) {
      ++popped;
      CHECK(static_cast<std::uint32_t>(pushed) <= popped + 1);
    }
  }
  producer.join();
  CHECK(popped == 3);
}

TEST_CASE("a queue is full only when it holds both so many records and so many bytes") {
  const auto of_bytes = [](std::size_t bytes) {
    auto record = std::make_unique<RunRecord>();
    record->series.resize(bytes / sizeof(float));
    return record;
  };
  constexpr std::size_t kLimit = 10 * sizeof(RunRecord);
  RunQueue queue(2, kLimit);
  queue.push(of_bytes(kLimit));
  queue.push(of_bytes(0));  // neither waits: of many bytes there is one, of many records few bytes
  std::atomic<int> pushed{0};
  std::vector<std::thread> producers;
  for (int i = 0; i < 3; ++i) {
    producers.emplace_back([&] {
      queue.push(of_bytes(0));
      ++pushed;
    });
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  CHECK(pushed == 0);  // all wait for the first to go
  CHECK(queue.pop(0)->series.size() == kLimit / sizeof(float));
  for (std::thread& producer : producers) {  // few bytes are left, so none waits any longer
    producer.join();
  }
  CHECK(pushed == 3);
}

TEST_CASE("abort lets those go who wait to push") {
  RunQueue queue(1);
  queue.push(numbered(0));
  std::atomic<bool> accepted{true};
  std::thread producer([&] { accepted = queue.push(numbered(1)); });
  queue.abort();
  producer.join();
  CHECK_FALSE(accepted);
  CHECK_FALSE(queue.push(numbered(2)));
}

}  // namespace
