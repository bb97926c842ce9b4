#include "engine/parameters.hpp"

#include <array>
#include <cmath>

#include "tests/support/catch.hpp"

using namespace fingers;

namespace {

constexpr std::array<std::string_view, 2> kOpenOrClosed{"closed", "open"};

Declaration agents_of(double standard) {
  return {.unit = "agents",
          .standard = standard,
          .allowed = {0, 1e8},
          .belief = {10, 1000},
          .source = kAssume,
          .meaning = "how many"};
}

std::vector<std::string> lines_of(const ParameterCatalogue& catalogue) {
  std::vector<std::string> lines;
  for (const DeclaredParameter& parameter : catalogue.list()) {
    lines.push_back(parameter.pointer + " " + parameter.type + " " + parameter.standard_text +
                    (parameter.optional ? "optional" : ""));
  }
  return lines;
}

}  // namespace

TEST_CASE("a catalogue lists every kind of parameter in the order of visiting") {
  ParameterCatalogue catalogue;
  double number = 0;
  std::uint64_t count = 0;
  bool on = false;
  std::size_t form = 0;
  std::string title = "unchanged";
  std::vector<std::string> words;
  std::vector<double> numbers;
  Declaration infinite = agents_of(INFINITY);
  infinite.may_be_infinite = true;
  catalogue.number("rate", number, agents_of(0.1));
  catalogue.number("given", number, agents_of(kRequired));
  catalogue.number("shape", number, infinite);
  catalogue.whole("count", count, agents_of(20000));
  catalogue.flag("on", on, agents_of(1));
  catalogue.choice("form", form, kOpenOrClosed, {.standard = "open", .meaning = "m"});
  catalogue.text("title", title, {.standard = {}, .meaning = "m", .optional = true});
  catalogue.words("words", words, {"a"}, "m");
  catalogue.numbers("numbers", numbers, "m");
  std::vector<std::vector<Cell>> rows;
  catalogue.rows("rows", rows, "m");
  CHECK(lines_of(catalogue) ==
        std::vector<std::string>{"/rate number 0.1", "/given number ", "/shape number \"infinite\"",
                                 "/count whole 20000", "/on flag true", "/form choice \"open\"",
                                 "/title text optional", "/words words [\"a\"]",
                                 "/numbers numbers []", "/rows rows []"});
  CHECK(std::isinf(number));
  CHECK(count == 20000);
  CHECK(on);
  CHECK(form == 1);
  CHECK(title == "unchanged");
  CHECK(catalogue.list()[5].names == std::vector<std::string>{"closed", "open"});
  CHECK(catalogue.list()[3].declaration.unit == "agents");
}

TEST_CASE("objects, lists and maps give pointers to what is in them") {
  ParameterCatalogue catalogue;
  double x = 0;
  catalogue.begin("a", "an object");
  CHECK(catalogue.begin_list("list", "a list") == 1);
  catalogue.begin_item(0);
  catalogue.number("x", x, agents_of(1));
  catalogue.end();
  catalogue.end();
  catalogue.end();
  for (const std::string& name : catalogue.entries("any", {"*"})) {
    catalogue.begin("any", "a map");
    catalogue.begin(name, "an entry");
    catalogue.number("x", x, agents_of(1));
    catalogue.end();
    catalogue.end();
  }
  CHECK(lines_of(catalogue) == std::vector<std::string>{"/a object {}", "/a/list list []",
                                                        "/a/list/*/x number 1", "/any map {}",
                                                        "/any/* object {}", "/any/*/x number 1"});
}

TEST_CASE("examples of a map are listed by their names, for each may have its own defaults") {
  ParameterCatalogue catalogue;
  double x = 0;
  const auto names = catalogue.entries("labs", {"frontier", "rest"});
  catalogue.begin("labs", "groups");
  for (const std::string& name : names) {
    catalogue.begin(name, "a group");
    catalogue.number("count", x, agents_of(name == "rest" ? 3 : 5));
    catalogue.end();
  }
  catalogue.end();
  CHECK(lines_of(catalogue) == std::vector<std::string>{"/labs map {}", "/labs/frontier object {}",
                                                        "/labs/frontier/count number 5",
                                                        "/labs/rest object {}",
                                                        "/labs/rest/count number 3"});
}

TEST_CASE("the same declaration is listed once, different ones of a name are all listed") {
  ParameterCatalogue catalogue;
  double x = 0;
  catalogue.number("x", x, agents_of(1));
  catalogue.number("x", x, agents_of(1));
  catalogue.number("x", x, agents_of(2));
  CHECK(lines_of(catalogue) == std::vector<std::string>{"/x number 1", "/x number 2"});
}

TEST_CASE("a catalogue knows every key and rejects nothing") {
  ParameterCatalogue catalogue;
  CHECK(catalogue.has("anything"));
  CHECK_FALSE(catalogue.is_reading());
  catalogue.reject("x", "never");
  CHECK(catalogue.list().empty());
}

TEST_CASE("names with a slash are escaped in pointers") {
  ParameterCatalogue catalogue;
  double x = 0;
  catalogue.number("a/b~c", x, agents_of(1));
  CHECK(catalogue.list().front().pointer == "/a~1b~0c");
}
