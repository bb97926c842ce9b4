#include "engine/run_set.hpp"

#include "tests/support/catch.hpp"

using namespace fingers;

namespace {

TEST_CASE("a set of runs counts each once") {
  RunSet runs;
  CHECK(runs.add(7));
  CHECK_FALSE(runs.add(7));
  CHECK(runs.add(100000));
  CHECK(runs.size() == 2);
  CHECK(runs.size_below(8) == 1);
  CHECK(runs.size_below(7) == 0);
  CHECK(runs.size_below(1U << 20U) == 2);
  CHECK(runs.has(7));
  CHECK_FALSE(runs.has(8));
  CHECK_FALSE(runs.has(std::uint64_t{1} << 40U));
  runs.remove(7);
  runs.remove(7);
  runs.remove(std::uint64_t{1} << 40U);
  CHECK(runs.size() == 1);
}

TEST_CASE("spans of numbers are written and read back") {
  std::vector<NumberSpan> spans;
  CHECK(spans_text(spans) == "-");
  for (const std::uint64_t number : {0U, 1U, 2U, 2U, 5U, 7U, 8U}) {
    extend(spans, number);
  }
  CHECK(spans_text(spans) == "0-2,5,7-8");
  CHECK(read_spans("0-2,5,7-8") == spans);
  CHECK(read_spans("-") == std::vector<NumberSpan>{});
}

TEST_CASE("what is no text of spans is refused") {
  for (const char* text : {"", "x", "1,", "1-", "-1", "2-1", "1,1", "3,2", "1-4,3", "1 2", "1-2x",
                           "99999999999999999999"}) {
    INFO(text);
    CHECK_FALSE(read_spans(text).has_value());
  }
}

}  // namespace
