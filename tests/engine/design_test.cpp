// Designs: their order, their names, the values they take, and what they refuse.
#include "engine/design.hpp"

#include <algorithm>
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

TEST_CASE("listed points are tried as they stand, under every setting or under their own",
          "[design]") {
  const std::vector<Factor> factors = {factor("/x", {}), factor("/y", {})};
  const Design design = listed({"a", "b"}, factors, {{1, 5}, {1, 4}}, 2);
  CHECK(names_of(design) ==
        std::vector<std::string>{"a point 0", "a point 1", "b point 0", "b point 1"});
  CHECK(design.kind == DesignKind::csv);
  CHECK(design.n_combinations() == 2);
  const Design own = listed_with_settings({"b", "a", "b"}, factors, {{1, 5}, {1, 4}, {0, 0}}, 2);
  CHECK(names_of(own) == std::vector<std::string>{"b point 0", "a point 1", "b point 2"});
  CHECK(own.points[1].setting == "a");
  CHECK(own.points[2].values == std::vector<double>{0, 0});
  CHECK(!own.crossed);
  CHECK(own.n_settings == 2);
  CHECK(own.n_combinations() == 3);
  CHECK(own.n_runs() == 6);
  CHECK(breaks_contract([] { listed({"a"}, {factor("/x", {})}, {{1, 2}}, 1); }));
  CHECK(breaks_contract([] { listed({"a"}, {factor("/x", {})}, {}, 1); }));
  CHECK(breaks_contract([] { listed_with_settings({"a"}, {}, {{}, {}}, 1); }));
}

TEST_CASE("points share their seeds, or each has its own by its name", "[design]") {
  const StreamSeeds seeds{.design = 1, .population = 2, .dynamics = 2};
  const auto same = [](const StreamSeeds& a, const StreamSeeds& b) {
    return a.design == b.design && a.population == b.population && a.dynamics == b.dynamics;
  };
  Design design = full_factorial({"s"}, {factor("/x", {1, 2})}, 1);
  CHECK(same(seeds_of_point(design, seeds, 1), seeds));
  design.random_numbers = RandomNumbers::independent;
  const StreamSeeds first = seeds_of_point(design, seeds, 0);
  const StreamSeeds second = seeds_of_point(design, seeds, 1);
  CHECK(first.design == seeds.design);
  CHECK(first.population != seeds.population);
  CHECK(first.population != second.population);
  CHECK(first.dynamics != second.dynamics);
  CHECK(first.population != first.dynamics);  // although the dataset's are equal
  // what else a design holds moves no point's seeds
  Design larger = full_factorial({"s"}, {factor("/x", {0, 1, 2})}, 1);
  larger.random_numbers = RandomNumbers::independent;
  CHECK(same(seeds_of_point(larger, seeds, 1), first));
  CHECK(same(seeds_of_point(larger, seeds, 2), second));
  CHECK(breaks_contract([&] { seeds_of_point(larger, seeds, 3); }));
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
