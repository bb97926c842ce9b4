#include "engine/shared_values.hpp"

#include <atomic>
#include <cstdint>
#include <stdexcept>
#include <thread>
#include <vector>

#include "engine/parallel.hpp"
#include "tests/support/catch.hpp"

using namespace fingers;

namespace {

const std::atomic<bool> kNever{false};

TEST_CASE("a value is made once however many threads ask for it") {
  MadeOnce<int> value;
  std::atomic<int> made{0};
  std::atomic<int> sum{0};
  for_each_index(1000, 4, [&](std::uint64_t) { sum += value.get([&] { return ++made; }); }, kNever);
  CHECK(made == 1);
  CHECK(sum == 1000);
}

TEST_CASE("a value that could not be made is made for the next one who asks") {
  MadeOnce<int> value;
  CHECK_THROWS_AS(value.get([]() -> int { throw std::runtime_error("no"); }), std::runtime_error);
  CHECK(value.get([] { return 7; }) == 7);
}

TEST_CASE("a value that another is making is not waited for where that is asked") {
  using Found = MadeOnce<int>::Found;
  MadeOnce<int> value;
  Found meanwhile = Found::made;
  value.get([&] {
    std::thread([&] { meanwhile = value.make_if_free([] { return 1; }); }).join();
    return 2;
  });
  CHECK(meanwhile == Found::busy);
  CHECK(value.make_if_free([] { return 3; }) == Found::ready);
  MadeOnce<int> another;
  CHECK(another.make_if_free([] { return 4; }) == Found::made);
  CHECK(value.get([] { return 5; }) + another.get([] { return 5; }) == 6);
}

TEST_CASE("the values asked for last are kept, others are made anew") {
  RecentValues<int, int> recent(2);
  int made = 0;
  const auto get = [&](int key) {
    return *recent.get(key, [&] {
      ++made;
      return std::make_shared<int>(10 * key);
    });
  };
  CHECK(get(1) == 10);
  CHECK(get(2) == 20);
  CHECK(get(1) == 10);
  CHECK(made == 2);
  CHECK(get(3) == 30);  // 2 was asked for before 1 was: it goes
  CHECK(get(1) == 10);
  CHECK(made == 3);
  CHECK(get(2) == 20);
  CHECK(made == 4);
}

TEST_CASE("who holds a value keeps it when it is no longer among the recent ones") {
  RecentValues<int, int> recent(1);
  const auto held = recent.get(1, [] { return std::make_shared<int>(5); });
  const auto other = recent.get(2, [] { return std::make_shared<int>(6); });
  CHECK(*held == 5);
  CHECK(*other == 6);
}

}  // namespace
