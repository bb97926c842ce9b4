#include "engine/progress.hpp"

#include <algorithm>

#include "tests/support/catch.hpp"

using namespace fingers;

namespace {

const BatchState kMidway = {.done = 812, .failed = 0, .total = 1400, .events = 0, .seconds = 69.4};

std::ptrdiff_t columns(const std::string& text) {
  return std::count_if(text.begin(), text.end(),
                       [](char c) { return (static_cast<unsigned>(c) & 0xC0U) != 0x80U; });
}

TEST_CASE("numbers have commas between thousands") {
  CHECK(with_commas(0) == "0");
  CHECK(with_commas(999) == "999");
  CHECK(with_commas(1000) == "1,000");
  CHECK(with_commas(1234567) == "1,234,567");
}

TEST_CASE("durations read as a person says them") {
  CHECK(as_duration(0.4) == "0 s");
  CHECK(as_duration(50) == "50 s");
  CHECK(as_duration(59.7) == "1 min 0 s");
  CHECK(as_duration(75.2) == "1 min 15 s");
  CHECK(as_duration(3 * 3600 + 61) == "3 h 1 min");
}

TEST_CASE("a line of progress says how far, how fast and how long") {
  const std::string line = progress_line(kMidway, 80);
  CHECK(line.ends_with(" 812/1,400 replicates · 11.7/s · 50 s left"));
  CHECK(line.starts_with("█████████████░░░░░░░░░░░ "));
}

TEST_CASE("a line of progress never exceeds the width, and loses its least telling parts first") {
  for (int width = 0; width < 120; ++width) {
    CHECK(columns(progress_line(kMidway, width)) <= width);
  }
  CHECK(progress_line(kMidway, 30) == "812/1,400 replicates · 11.7/s");
  CHECK(progress_line(kMidway, 10) == "812/1,400");
}

TEST_CASE("failed replicates are counted apart") {
  BatchState state = kMidway;
  state.failed = 3;
  CHECK(progress_line(state, 80).find("815/1,400 replicates · 3 failed") != std::string::npos);
  CHECK(plain_line(state).starts_with("812 of 1,400 replicates done (58 %), 3 failed"));
}

TEST_CASE("the plain line is a sentence") {
  CHECK(plain_line(kMidway) ==
        "812 of 1,400 replicates done (58 %), 11.7 a second, about 50 s left");
  CHECK(plain_line({.done = 4, .failed = 0, .total = 4, .events = 0, .seconds = 2}) ==
        "4 of 4 replicates done (100 %), 2.0 a second, in 2 s");
  CHECK(plain_line({.done = 0, .failed = 0, .total = 4, .events = 0, .seconds = 0}) ==
        "0 of 4 replicates done (0 %)");
}

}  // namespace
