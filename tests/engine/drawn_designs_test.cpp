// Drawn designs: the defining property of each kind, names, and what they refuse.
#include "engine/drawn_designs.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/support/breaks_contract.hpp"
#include "tests/support/catch.hpp"

namespace fingers {
namespace {

Factor drawn(const std::string& pointer, Range range, Scale scale = Scale::linear,
             Wholes wholes = Wholes::no) {
  return {.pointer = pointer,
          .unit = "-",
          .values = {},
          .range = range,
          .scale = scale,
          .wholes = wholes};
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

TEST_CASE("rounded numbers stay within their range, and its ends come half as often", "[design]") {
  constexpr int kDraws = 4000;
  std::map<double, int> times;
  for (int i = 0; i < kDraws; ++i) {
    const double u = (i + 0.5) / kDraws;
    ++times[value_at(drawn("/n", {1, 5}, Scale::linear, Wholes::rounded), u)];
    const double large = value_at(drawn("/n", {1, 1e4}, Scale::log, Wholes::rounded), u);
    CHECK(large == std::floor(large));
    CHECK((large >= 1 && large <= 1e4));
  }
  CHECK(times == std::map<double, int>{{1, 500}, {2, 1000}, {3, 1000}, {4, 1000}, {5, 500}});
}

TEST_CASE("even whole numbers come equally often, at the ends too", "[design]") {
  constexpr int kDraws = 4000;
  std::map<double, int> times;
  std::map<double, int> switched;
  std::map<double, int> logarithmic;
  for (int i = 0; i < kDraws; ++i) {
    const double u = (i + 0.5) / kDraws;
    ++times[value_at(drawn("/n", {0.5, 5.7}, Scale::linear, Wholes::even), u)];
    ++switched[value_at(drawn("/on", {0, 1}, Scale::linear, Wholes::even), u)];
    ++logarithmic[value_at(drawn("/n", {1, 7}, Scale::log, Wholes::even), u)];
  }
  CHECK(times == std::map<double, int>{{1, 800}, {2, 800}, {3, 800}, {4, 800}, {5, 800}});
  CHECK(switched == std::map<double, int>{{0, 2000}, {1, 2000}});
  // on a log scale k comes in proportion to log((k + 1) / k): of log 8 in all
  CHECK(logarithmic.size() == 7);
  CHECK(logarithmic[1] == Approx(kDraws / 3.0).margin(1));
  CHECK(logarithmic[7] == Approx(kDraws * std::log2(8.0 / 7) / 3).margin(1));
  // the ends of the unit interval are ends of the range
  CHECK(value_at(drawn("/n", {1, 5}, Scale::linear, Wholes::even), 0) == 1);
  CHECK(value_at(drawn("/n", {1, 5}, Scale::linear, Wholes::even), 1) == 5);
  CHECK(breaks_contract([] { value_at(drawn("/n", {1.2, 1.8}, Scale::linear, Wholes::even), 0); }));
}

std::vector<Factor> three_factors(Range range = {0, 1}) {
  return {drawn("/x", range), drawn("/y", range), drawn("/z", range)};
}

/// The values of one block of Saltelli's design, by row.
std::vector<std::vector<double>> block_of(const Design& design, const std::string& name) {
  std::vector<std::vector<double>> rows;
  for (const DesignPoint& point : design.points) {
    if (point.block.name == name) {
      CHECK(point.block.base_row == rows.size());
      rows.push_back(point.values);
    }
  }
  return rows;
}

TEST_CASE("a block AB is A but for one column, which is that of B", "[design]") {
  constexpr std::size_t kRows = 64;
  const auto factors = three_factors();
  const SaltelliDraws draws{
      .base_rows = std::uint32_t{kRows}, .second_order = true, .design_seed = 7};
  const Design design = saltelli({"s", "t"}, factors, draws, 1);
  CHECK(design.kind == DesignKind::saltelli);
  REQUIRE(design.points.size() == 2 * kRows * (2 * 3 + 2));
  CHECK(design.points[0].name == "s A 0");
  CHECK(design.points[1].name == "s AB:1 0");
  CHECK(design.points[4].name == "s BA:1 0");
  CHECK(design.points[7].name == "s B 0");
  CHECK(design.points[8].name == "s A 1");
  const Design one = saltelli({"s"}, factors, draws, 1);
  const auto a = block_of(one, "A");
  const auto b = block_of(one, "B");
  REQUIRE(a.size() == kRows);
  REQUIRE(b.size() == kRows);
  for (std::size_t k = 0; k < 3; ++k) {
    const auto ab = block_of(one, "AB:" + std::to_string(k + 1));
    const auto ba = block_of(one, "BA:" + std::to_string(k + 1));
    REQUIRE(ab.size() == kRows);
    REQUIRE(ba.size() == kRows);
    for (std::size_t i = 0; i < kRows; ++i) {
      for (std::size_t j = 0; j < 3; ++j) {
        CHECK(ab[i][j] == (j == k ? b[i][j] : a[i][j]));
        CHECK(ba[i][j] == (j == k ? a[i][j] : b[i][j]));
        CHECK(a[i][j] != b[i][j]);
      }
    }
  }
  CHECK(saltelli({"s"}, factors, {.base_rows = 64, .design_seed = 7}, 1).points.size() ==
        kRows * (3 + 2));
  CHECK(breaks_contract([&] { saltelli({"s"}, factors, {.base_rows = 48}, 1); }));
  CHECK(breaks_contract([&] { saltelli({"s"}, {}, {.base_rows = 64}, 1); }));
}

TEST_CASE("more rows of the same seed keep those that were there, under their names", "[design]") {
  const Design few = saltelli({"s"}, three_factors(), {.base_rows = 16, .design_seed = 3}, 1);
  const Design many = saltelli({"s"}, three_factors(), {.base_rows = 32, .design_seed = 3}, 1);
  for (std::size_t p = 0; p < few.points.size(); ++p) {
    CHECK(few.points[p].name == many.points[p].name);
    CHECK(few.points[p].values == many.points[p].values);
  }
}

/// sin x + 7 sin² y + 0.1 z⁴ sin x on [-π, π]³ (T. Ishigami and T. Homma 1990).
double ishigami(const std::vector<double>& x) {
  return std::sin(x[0]) + 7 * std::sin(x[1]) * std::sin(x[1]) +
         0.1 * x[2] * x[2] * x[2] * x[2] * std::sin(x[0]);
}

/// First-order and total indices by the estimators of A. Saltelli et al. 2010 (table 2, b and f).
struct Indices {
  std::array<double, 3> first{};
  std::array<double, 3> total{};
};

Indices indices_of(const Design& design) {
  const auto values = [&](const std::string& block) {
    std::vector<double> results;
    for (const std::vector<double>& point : block_of(design, block)) {
      results.push_back(ishigami(point));
    }
    return results;
  };
  const auto a = values("A");
  const auto b = values("B");
  const auto n = static_cast<double>(a.size());
  double sum = 0;
  double squares = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    sum += a[i] + b[i];
    squares += a[i] * a[i] + b[i] * b[i];
  }
  const double variance = squares / (2 * n) - (sum / (2 * n)) * (sum / (2 * n));
  Indices indices;
  for (std::size_t k = 0; k < 3; ++k) {
    const auto ab = values("AB:" + std::to_string(k + 1));
    for (std::size_t i = 0; i < a.size(); ++i) {
      indices.first[k] += b[i] * (ab[i] - a[i]) / n / variance;
      indices.total[k] += (a[i] - ab[i]) * (a[i] - ab[i]) / (2 * n) / variance;
    }
  }
  return indices;
}

TEST_CASE("Saltelli's design gives the known indices of Ishigami's function", "[design]") {
  constexpr std::array kFirst = {0.313905, 0.442411, 0.0};
  constexpr std::array kTotal = {0.557589, 0.442411, 0.243684};
  // Of seeds 0 to 99 the largest error at 4096 rows was 0.0035 (at 256 rows: 0.11).
  constexpr double kBound = 0.01;
  constexpr double kPi = 3.141592653589793;
  for (const std::uint64_t seed : {1U, 2U, 3U, 4U, 5U}) {
    const Indices found = indices_of(
        saltelli({"s"}, three_factors({-kPi, kPi}), {.base_rows = 4096, .design_seed = seed}, 1));
    for (std::size_t k = 0; k < 3; ++k) {
      INFO("seed " << seed << ", factor " << k);
      CHECK(found.first.at(k) == Approx(kFirst.at(k)).margin(kBound));
      CHECK(found.total.at(k) == Approx(kTotal.at(k)).margin(kBound));
    }
  }
}

/// The level of a value that is drawn from 0 to 1.
std::uint32_t level_of(double value, std::uint32_t levels) {
  const double level = value * (levels - 1);
  CHECK(std::fabs(level - std::round(level)) < 1e-12);
  return static_cast<std::uint32_t>(std::lround(level));
}

/// One factor moved by half of the grid, in the direction that the block says.
void check_step(const std::vector<double>& before, const DesignPoint& point, std::uint32_t levels) {
  int n_moved = 0;
  for (std::size_t k = 0; k < 3; ++k) {
    const int move = static_cast<int>(level_of(point.values[k], levels)) -
                     static_cast<int>(level_of(before[k], levels));
    n_moved += move != 0 ? 1 : 0;
    const bool up = point.block.name == "up:" + std::to_string(k + 1);
    const bool down = point.block.name == "down:" + std::to_string(k + 1);
    const int half = static_cast<int>(levels / 2);
    CHECK(move == (up ? half : down ? -half : 0));
  }
  CHECK(n_moved == 1);
}

TEST_CASE("every step of a trajectory moves one factor, each once, by half of the grid",
          "[design]") {
  constexpr std::uint32_t kTrajectories = 200;
  for (const std::uint32_t levels : {2U, 4U, 10U}) {
    const Design design =
        morris({"s"}, three_factors(),
               {.trajectories = kTrajectories, .levels = levels, .design_seed = 7}, 1);
    REQUIRE(design.points.size() == kTrajectories * std::size_t{4});
    CHECK(design.points[6].name == "s trajectory 1 step 2");
    std::set<std::string> orders;
    for (std::size_t p = 0; p < design.points.size(); ++p) {
      const DesignPoint& point = design.points[p];
      CHECK(point.block.base_row == p / 4);
      CHECK(point.block.step == p % 4);
      if (point.block.step == 0) {
        CHECK(point.block.name == "start");
        continue;
      }
      check_step(design.points[p - 1].values, point, levels);
    }
    for (std::size_t p = 0; p < design.points.size(); p += 4) {
      std::set<char> moved;
      std::string order;
      for (std::size_t step = 1; step < 4; ++step) {
        moved.insert(design.points[p + step].block.name.back());
        order += design.points[p + step].block.name.back();
      }
      CHECK(moved == std::set<char>{'1', '2', '3'});
      orders.insert(order);
    }
    CHECK(orders.size() == 6);  // all orders of three come
  }
}

TEST_CASE("trajectories start at every level alike, and a further factor moves no other's",
          "[design]") {
  constexpr std::uint32_t kTrajectories = 4000;
  const MorrisDraws draws{.trajectories = kTrajectories, .levels = 4, .design_seed = 7};
  const Design one = morris({"s"}, {drawn("/y", {0, 1})}, draws, 1);
  const Design two = morris({"s"}, {drawn("/x", {0, 1}), drawn("/y", {0, 1})}, draws, 1);
  std::array<int, 4> times{};
  for (std::size_t t = 0; t < kTrajectories; ++t) {
    CHECK(one.points[2 * t].values[0] == two.points[3 * t].values[1]);
    CHECK(one.points[2 * t + 1].values[0] == two.points[3 * t + 2].values[1]);
    ++times.at(level_of(one.points[2 * t].values[0], 4));
  }
  // five standard errors of a count of 4000 at 1 in 4
  const double bound = 5 * std::sqrt(kTrajectories * 0.25 * 0.75);
  for (const int count : times) {
    CHECK(std::fabs(count - kTrajectories / 4.0) < bound);
  }
  CHECK(breaks_contract([] { morris({"s"}, {}, {.trajectories = 1}, 1); }));
  CHECK(breaks_contract(
      [] { morris({"s"}, {drawn("/y", {0, 1})}, {.trajectories = 1, .levels = 3}, 1); }));
  CHECK(breaks_contract([] { morris({"s"}, {drawn("/y", {0, 1})}, {.trajectories = 0}, 1); }));
}

TEST_CASE("the kinds whose values are drawn, and those that stand in blocks", "[design]") {
  std::vector<std::string_view> drawn_kinds;
  std::vector<std::string_view> block_kinds;
  for (std::size_t i = 0; i < kDesignKindNames.size(); ++i) {
    if (is_drawn(static_cast<DesignKind>(i))) {
      drawn_kinds.push_back(kDesignKindNames.at(i));
    }
    if (has_blocks(static_cast<DesignKind>(i))) {
      block_kinds.push_back(kDesignKindNames.at(i));
    }
  }
  CHECK(drawn_kinds ==
        std::vector<std::string_view>{"latin_hypercube", "sobol", "saltelli", "morris"});
  CHECK(block_kinds == std::vector<std::string_view>{"saltelli", "morris"});
}

}  // namespace
}  // namespace fingers
