// The full factorial design: its order, its names, and what it refuses.
#include "engine/design.hpp"

#include <string>
#include <vector>

#include "tests/support/breaks_contract.hpp"
#include "tests/support/catch.hpp"

namespace fingers {
namespace {

Factor factor(const std::string& pointer, const std::vector<double>& values) {
  return {.pointer = pointer, .unit = "-", .values = values};
}

std::vector<std::string> names_of(const Design& design) {
  std::vector<std::string> names;
  for (const DesignPoint& point : design.points) {
    names.push_back(point.name);
  }
  return names;
}

TEST_CASE("settings without factors are the points", "[design]") {
  const Design design = full_factorial({"closed", "open-weights"}, {}, 200);
  CHECK(names_of(design) == std::vector<std::string>{"closed", "open-weights"});
  CHECK(design.points[1].setting == "open-weights");
  CHECK(design.points[1].values.empty());
  CHECK(design.replicates == 200);
  CHECK(design.n_runs() == 400);
}

TEST_CASE("the setting varies slowest and the last factor fastest", "[design]") {
  const Design design =
      full_factorial({"a", "b"}, {factor("/x", {1, 2}), factor("/y/z", {0.1, 0.5, 1e30})}, 1);
  CHECK(names_of(design) ==
        std::vector<std::string>{"a /x=1 /y/z=0.1", "a /x=1 /y/z=0.5", "a /x=1 /y/z=1e+30",
                                 "a /x=2 /y/z=0.1", "a /x=2 /y/z=0.5", "a /x=2 /y/z=1e+30",
                                 "b /x=1 /y/z=0.1", "b /x=1 /y/z=0.5", "b /x=1 /y/z=1e+30",
                                 "b /x=2 /y/z=0.1", "b /x=2 /y/z=0.5", "b /x=2 /y/z=1e+30"});
  CHECK(design.points[5].setting == "a");
  CHECK(design.points[5].values == std::vector<double>{2, 1e30});
  CHECK(design.factors.size() == 2);
}

TEST_CASE("numbers in names are short, and tell neighbours apart", "[design]") {
  const Design design = full_factorial(
      {"s"}, {factor("/count", {1000, 100000, -2, 0, 0.1, 1.0 / 3, 0.3, 0.1 + 0.2, 2.5e-7})}, 1);
  CHECK(names_of(design) ==
        std::vector<std::string>{"s /count=1000", "s /count=100000", "s /count=-2", "s /count=0",
                                 "s /count=0.1", "s /count=0.3333333333333333", "s /count=0.3",
                                 "s /count=0.30000000000000004", "s /count=2.5e-07"});
}

TEST_CASE("levels stay in the order given", "[design]") {
  const Design design = full_factorial({"s"}, {factor("/x", {3, 1, 2})}, 1);
  CHECK(design.points[0].values == std::vector<double>{3});
  CHECK(design.points[2].values == std::vector<double>{2});
}

TEST_CASE("a design without points, replicates or unique names is refused", "[design]") {
  CHECK(breaks_contract([] { full_factorial({}, {}, 1); }));
  CHECK(breaks_contract([] { full_factorial({"a"}, {}, 0); }));
  CHECK(breaks_contract([] { full_factorial({"a"}, {factor("/x", {})}, 1); }));
  CHECK(breaks_contract([] { full_factorial({"a", "a"}, {}, 1); }));
  CHECK(breaks_contract([] { full_factorial({"a"}, {factor("/x", {1, 1})}, 1); }));
}

}  // namespace
}  // namespace fingers
