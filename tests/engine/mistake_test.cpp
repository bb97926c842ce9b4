#include "engine/mistake.hpp"

#include "tests/support/catch.hpp"

using namespace fingers;

TEST_CASE("a mistake prints its place, its pointer and its message") {
  const Mistake mistake{.where = {.file = "configs/mine.json", .line = 12, .column = 7},
                        .pointer = "/population/developers/cuont",
                        .message = "unknown key"};
  CHECK(to_text(mistake) == "configs/mine.json:12:7 /population/developers/cuont: unknown key");
}

TEST_CASE("a mistake leaves out what it does not have") {
  CHECK(to_text({.where = {.file = "a.json"}, .pointer = "", .message = "no such file"}) ==
        "a.json: no such file");
  CHECK(to_text({.where = {}, .pointer = "/x", .message = "bad"}) == "/x: bad");
  CHECK(to_text({.where = {.file = "--set"}, .pointer = "/x", .message = "bad"}) ==
        "--set /x: bad");
  CHECK(to_text({.where = {}, .pointer = "", .message = "bad"}) == "bad");
}

TEST_CASE("a key of a config cannot steer the terminal") {
  CHECK(to_text({.where = {}, .pointer = "/\x1b[2J", .message = "bad\n"}) ==
        "/\\u001b[2J: bad\\u000a");
}

TEST_CASE("the nearest name is found through each kind of slip") {
  const std::vector<std::string> names{"count", "activity_mean", "seed"};
  CHECK(nearest_name("cuont", names) == "count");   // neighbours swapped
  CHECK(nearest_name("coun", names) == "count");    // left out
  CHECK(nearest_name("countt", names) == "count");  // added
  CHECK(nearest_name("coumt", names) == "count");   // changed
  CHECK(nearest_name("activity_maen", names) == "activity_mean");
  CHECK(nearest_name("activty_men_", names) == "activity_mean");  // three slips in twelve letters
}

TEST_CASE("a name that resembles nothing has no nearest") {
  const std::vector<std::string> names{"count", "seed", "x"};
  CHECK(nearest_name("licence", names).empty());
  CHECK(nearest_name("y", names).empty());
  CHECK(nearest_name("count", {}).empty());
  CHECK(nearest_name(std::string(1'000'000, 'c'), names).empty());
}

TEST_CASE("a swap of neighbours is one slip, so it is nearer than two changes") {
  CHECK(nearest_name("abdc", {"abxx", "abcd"}) == "abcd");
}

TEST_CASE("of two names equally near the first is taken") {
  CHECK(nearest_name("rate", {"rates", "grate"}) == "rates");
}
