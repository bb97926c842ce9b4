#include "engine/shared_values.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <stdexcept>
#include <thread>
#include <vector>

#include "engine/parallel.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/never_stops.hpp"

using namespace fingers;

namespace {

TEST_CASE("a value is made once however many threads ask for it") {
  MadeOnce<int> value;
  std::atomic<int> made{0};
  std::atomic<int> sum{0};
  for_each_index(
      1000, 4, [&](std::uint64_t) { sum += value.get([&] { return ++made; }); }, kNeverStops);
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

TEST_CASE("who would have to wait for a value makes later ones meanwhile") {
  MadeInOrder<int> values(3);
  std::array<std::atomic<int>, 3> made{};
  std::thread other;
  int other_got = -1;
  const auto count = [&](std::size_t i) {
    ++made[i];
    return static_cast<int>(10 * i);
  };
  const int got = values.get(0, [&](std::size_t i) {
    other = std::thread([&] { other_got = values.get(0, count); });
    while (made[2] == 0) {  // the other thread makes 1 and 2
      std::this_thread::yield();
    }
    return count(i);
  });
  other.join();
  CHECK((got == 0 && other_got == 0));
  CHECK(values.get(1, count) == 10);
  CHECK(values.get(2, count) == 20);
  CHECK((made[0] == 1 && made[1] == 1 && made[2] == 1));
}

TEST_CASE("values are made ahead until it is enough, but for those that others make") {
  MadeInOrder<std::size_t> values(5);
  std::vector<std::size_t> made;
  const auto note = [&](std::size_t i) {
    made.push_back(i);
    return i;
  };
  values.get(0, [&](std::size_t i) {
    std::thread([&] { values.make_until(0, note, [&] { return made.size() == 3; }); }).join();
    return i;
  });
  CHECK(made == std::vector<std::size_t>{1, 2, 3});
  CHECK(values.get(4, note) == 4);
}

/// How often values had to be made.
struct Maker {
  RecentValues<int, int> recent;
  int made = 0;
  std::shared_ptr<int> get(int key) {
    return recent.get(key, [&] {
      ++made;
      return std::make_shared<int>(10 * key);
    });
  }
};

TEST_CASE("the values asked for last are kept, others are made anew") {
  Maker maker{.recent{2, 4}};
  CHECK(*maker.get(1) == 10);
  CHECK(*maker.get(2) == 20);
  CHECK(*maker.get(1) == 10);
  CHECK(maker.made == 2);
  CHECK(*maker.get(3) == 30);  // 2 was asked for before 1 was: it goes
  CHECK(*maker.get(1) == 10);
  CHECK(maker.made == 3);
  CHECK(*maker.get(2) == 20);
  CHECK(maker.made == 4);
}

TEST_CASE("what somebody holds is kept longer, while there is room") {
  Maker maker{.recent{1, 3}};
  const auto one = maker.get(1);
  const auto two = maker.get(2);
  maker.get(3);
  CHECK(maker.get(1) == one);
  CHECK(maker.get(2) == two);
  CHECK(maker.made == 3);
  const auto four = maker.get(4);
  const auto five = maker.get(5);  // room for three: 1 goes, though it is held
  CHECK(*one == 10);
  CHECK(maker.get(1) != one);
  CHECK(maker.made == 6);
}

}  // namespace
