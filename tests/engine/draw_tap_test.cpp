// A tap sees every block of its thread, whoever makes it, and what it changes is what is drawn.
#include "engine/draw_tap.hpp"

#include <vector>

#include "engine/random_row.hpp"
#include "tests/support/catch.hpp"

using namespace fingers;

namespace {

/// Counts blocks, and turns the lowest bit of one identity's.
class Turning : public DrawTap {
 public:
  explicit Turning(std::uint64_t identity) : identity_(identity) {}
  void drawn(const StreamKey& /*key*/, const Address& address,
             std::array<std::uint64_t, 2>& words) override {
    seen.push_back(address.identity);
    words[0] ^= address.identity == identity_ ? 1U : 0U;
  }
  std::vector<std::uint64_t> seen;

 private:
  std::uint64_t identity_;
};

TEST_CASE("a tap sees each block of a row once and changes the one it turns") {
  const StreamKey key = make_key(7, StreamKind::dynamics, 3);
  const Address first{.identity = 100, .step = 5, .process = 2, .draw = 0};
  std::vector<std::uint64_t> plain(2 * 40);
  random_row(key, first, plain);
  std::vector<std::uint64_t> tapped(plain.size());
  Turning tap(117);
  {
    const TapDraws scope(tap);
    random_row(key, first, tapped);
  }
  REQUIRE(tap.seen.size() == 40);
  for (std::size_t i = 0; i < 40; ++i) {
    CHECK(tap.seen[i] == 100 + i);
    CHECK((plain[2 * i] ^ tapped[2 * i]) == (i == 17 ? 1U : 0U));
    CHECK(plain[2 * i + 1] == tapped[2 * i + 1]);
  }
}

TEST_CASE("a tap sees the blocks of a stream, and none when it is gone") {
  const StreamKey key = make_key(7, StreamKind::dynamics, 3);
  Turning tap(9);
  {
    const TapDraws scope(tap);
    Stream stream(key, {.identity = 9, .step = 0, .process = 1, .draw = 0});
    const std::uint64_t word = stream();
    static_cast<void>(stream());
    static_cast<void>(stream());
    CHECK(tap.seen.size() == 2);
    CHECK(draw_tap() == &tap);
    Stream later(key, {.identity = 10, .step = 0, .process = 1, .draw = 0});
    CHECK(word != later());
  }
  CHECK(draw_tap() == nullptr);
  const std::size_t n = tap.seen.size();
  static_cast<void>(random_block(key, {.identity = 9, .step = 0, .process = 1, .draw = 0}));
  CHECK(tap.seen.size() == n);
}

}  // namespace
