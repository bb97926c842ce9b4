// Designs: their order, their names, the values they take, and what they refuse.
#include "engine/design.hpp"

#include <algorithm>
#include <cmath>
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

TEST_CASE("a zipped design takes the first of all, then the second of all", "[design]") {
  const Design design = zipped({"a", "b"}, {factor("/x", {1, 2, 3}), factor("/y", {5, 5, 4})}, 2);
  CHECK(names_of(design) == std::vector<std::string>{"a /x=1 /y=5", "a /x=2 /y=5", "a /x=3 /y=4",
                                                     "b /x=1 /y=5", "b /x=2 /y=5", "b /x=3 /y=4"});
  CHECK(design.n_combinations() == 3);
  CHECK(design.n_runs() == 12);
  CHECK(breaks_contract([] { zipped({"a"}, {factor("/x", {1, 2}), factor("/y", {1})}, 1); }));
  CHECK(breaks_contract([] { zipped({"a"}, {}, 1); }));
}

Factor drawn(const std::string& pointer, Range range, Scale scale = Scale::linear,
             bool whole = false) {
  return {.pointer = pointer,
          .unit = "-",
          .values = {},
          .range = range,
          .scale = scale,
          .whole = whole};
}

TEST_CASE("every setting gets the same draws of a Latin hypercube", "[design]") {
  const std::vector<Factor> factors = {drawn("/x", {2, 4}), drawn("/y", {1e-6, 1}, Scale::log)};
  const Design design = latin_hypercube({"a", "b"}, factors, 50, 7, 3);
  REQUIRE(design.points.size() == 100);
  CHECK(design.kind == DesignKind::latin_hypercube);
  CHECK(design.points[7].name == "a draw 7");
  CHECK(design.points[57].name == "b draw 7");
  std::vector<int> x_hits(50, 0);
  std::vector<int> y_hits(50, 0);
  for (std::size_t i = 0; i < 50; ++i) {
    const std::vector<double>& values = design.points[i].values;
    CHECK(values == design.points[50 + i].values);
    ++x_hits[static_cast<std::size_t>((values[0] - 2) / 2 * 50)];
    ++y_hits[static_cast<std::size_t>((std::log10(values[1]) + 6) / 6 * 50)];
  }
  CHECK(std::ranges::count(x_hits, 1) == 50);
  CHECK(std::ranges::count(y_hits, 1) == 50);
}

TEST_CASE("a further factor moves no draw of the others", "[design]") {
  const Design one = latin_hypercube({"a"}, {drawn("/y", {0, 1})}, 20, 7, 1);
  const Design two = latin_hypercube({"a"}, {drawn("/x", {0, 1}), drawn("/y", {0, 1})}, 20, 7, 1);
  for (std::size_t i = 0; i < 20; ++i) {
    CHECK(one.points[i].values[0] == two.points[i].values[1]);
  }
  CHECK(one.points[0].values !=
        latin_hypercube({"a"}, {drawn("/y", {0, 1})}, 20, 8, 1).points[0].values);
  CHECK(breaks_contract([] { latin_hypercube({"a"}, {}, 20, 7, 1); }));
  CHECK(
      breaks_contract([] { latin_hypercube({"a"}, {drawn("/y", {0, 1}, Scale::log)}, 2, 7, 1); }));
}

TEST_CASE("drawn values reach from one end of the range to the other", "[design]") {
  const double below_one = 1 - 0x1p-53;
  CHECK(value_at(drawn("/x", {2, 4}), 0) == 2);
  CHECK(value_at(drawn("/x", {2, 4}), 0.5) == 3);
  CHECK(value_at(drawn("/x", {2, 4}), below_one) <= 4);
  CHECK(value_at(drawn("/x", {1e-6, 1e-2}, Scale::log), 0) == 1e-6);
  CHECK(value_at(drawn("/x", {1e-6, 1e-2}, Scale::log), 0.5) == Approx(1e-4).epsilon(1e-14));
  CHECK(value_at(drawn("/x", {1e-6, 1e-2}, Scale::log), below_one) <= 1e-2);
}

TEST_CASE("whole numbers are rounded, and stay within their range", "[design]") {
  for (double u = 0; u < 1; u += 0.01) {
    const double value = value_at(drawn("/n", {2.6, 5.4}, Scale::linear, true), u);
    CHECK((value == 3 || value == 4 || value == 5));
    const double large = value_at(drawn("/n", {1, 1e4}, Scale::log, true), u);
    CHECK(large == std::floor(large));
    CHECK((large >= 1 && large <= 1e4));
  }
}

TEST_CASE("levels at equal distances and ratios end where they are told to", "[design]") {
  CHECK(linear_levels(0, 1, 5) == std::vector<double>{0, 0.25, 0.5, 0.75, 1});
  CHECK(linear_levels(3, 1, 3) == std::vector<double>{3, 2, 1});
  CHECK(log_levels(1, 1e4, 5) == std::vector<double>{1, 10, 100, 1000, 10000});
  CHECK(log_levels(1e-6, 1e-4, 3) == std::vector<double>{1e-6, 1e-5, 1e-4});
  CHECK(stepped_levels(0, 1, 0.1).size() == 11);
  CHECK(stepped_levels(0, 1, 0.1).back() == 1);
  CHECK(stepped_levels(1, 2.5, 1) == std::vector<double>{1, 2});
  CHECK(stepped_levels(4, 4, 1) == std::vector<double>{4});
  CHECK(breaks_contract([] { linear_levels(0, 1, 1); }));
  CHECK(breaks_contract([] { log_levels(0, 1, 3); }));
  CHECK(breaks_contract([] { stepped_levels(0, 1, 0); }));
}

}  // namespace
}  // namespace fingers
