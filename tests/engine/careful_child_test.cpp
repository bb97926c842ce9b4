#include "engine/careful_child.hpp"

#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdint>
#include <stdexcept>
#include <vector>

#include "tests/support/catch.hpp"

using namespace fingers;

namespace {

using Lines = std::vector<std::string>;

TEST_CASE("a child says lines, and what it refuses comes last") {
  const ChildReport report = run_in_child([](const Say& say) {
    say("one");
    throw std::runtime_error("refused");
  });
  CHECK(report.survived);
  CHECK(report.lines == Lines{"one", "refused"});
}

TEST_CASE("what a child said before it crashed is kept, and a torn line dropped") {
  const ChildReport report = run_in_child([](const Say& say) {
    say("one");
    say("two\nto");
    static_cast<void>(::raise(SIGKILL));
  });
  CHECK_FALSE(report.survived);
  CHECK(report.lines == Lines{"one", "two", "to"});
}

TEST_CASE("a child that loops is ended by its limit") {
  const ChildReport report = run_in_child(
      [](const Say& say) {
        say("begun");
        std::atomic<std::uint64_t> turns{0};
        while (turns.fetch_add(1) != UINT64_MAX) {
        }
      },
      {.cpu_seconds = 1});
  CHECK_FALSE(report.survived);
  CHECK(report.lines == Lines{"begun"});
}

TEST_CASE("many lines pass through") {
  const ChildReport report = run_in_child([](const Say& say) {
    for (int i = 0; i < 20000; ++i) {
      say(std::to_string(i));
    }
  });
  REQUIRE(report.lines.size() == 20000);
  CHECK(report.lines.back() == "19999");
}

}  // namespace
