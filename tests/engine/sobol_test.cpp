// The Sobol sequence: its first points, its evenness, its scramble, and how fast it integrates.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "engine/drawn_designs.hpp"
#include "engine/random.hpp"
#include "engine/random_sobol.hpp"
#include "tests/support/breaks_contract.hpp"
#include "tests/support/catch.hpp"

namespace fingers {
namespace {

std::vector<Factor> unit_factors(std::size_t n) {
  std::vector<Factor> factors;
  for (std::size_t k = 0; k < n; ++k) {
    factors.push_back({.pointer = "/x" + std::to_string(k),
                       .unit = "-",
                       .values = {},
                       .range = {.low = 0, .high = 1}});
  }
  return factors;
}

Design sobol_of(std::size_t n_factors, const SobolDraws& draws) {
  return sobol({"s"}, unit_factors(n_factors), draws, 1);
}

TEST_CASE("the sequence begins with the origin, and goes on as published", "[sobol]") {
  // S. Joe and F. Y. Kuo's own program prints these (new-joe-kuo-6.21201);
  // tests/cli/test_designs.py holds more of them to SciPy's.
  const std::vector<std::vector<double>> first_points = {{0, 0, 0},
                                                         {0.5, 0.5, 0.5},
                                                         {0.75, 0.25, 0.25},
                                                         {0.25, 0.75, 0.75},
                                                         {0.375, 0.375, 0.625},
                                                         {0.875, 0.875, 0.125},
                                                         {0.625, 0.125, 0.875},
                                                         {0.125, 0.625, 0.375}};
  const Design design = sobol_of(3, {.draws = 8, .scramble = false});
  CHECK(design.kind == DesignKind::sobol);
  for (std::size_t i = 0; i < first_points.size(); ++i) {
    CHECK(design.points[i].values == first_points[i]);
  }
  CHECK(design.points[5].name == "s draw 5");
}

TEST_CASE("there are as many dimensions as direction numbers", "[sobol]") {
  CHECK(sobol_words(kMostSobolDimensions, 2).back() == std::uint64_t{1} << 63);
  CHECK(breaks_contract([] { sobol_words(kMostSobolDimensions + 1, 2); }));
  CHECK(breaks_contract([] { sobol_words(0, 2); }));
  CHECK(breaks_contract([] { sobol_of(2, {.draws = 100}); }));
  CHECK(breaks_contract([] { sobol_of(0, {.draws = 64}); }));
}

TEST_CASE("of 2^k strata each holds one point, in every dimension, scrambled or not", "[sobol]") {
  constexpr std::uint32_t kDraws = 1024;
  for (const bool scramble : {false, true}) {
    const Design design = sobol_of(40, {.draws = kDraws, .scramble = scramble, .design_seed = 7});
    for (std::size_t k = 0; k < 40; ++k) {
      std::vector<int> hits(kDraws, 0);
      for (const DesignPoint& point : design.points) {
        ++hits[static_cast<std::size_t>(point.values[k] * kDraws)];
      }
      CHECK(std::ranges::count(hits, 1) == kDraws);
    }
  }
}

TEST_CASE("the first two dimensions are a net: every box of area 2^-k holds one point of 2^k",
          "[sobol]") {
  constexpr std::uint32_t kDraws = 64;
  const Design design = sobol_of(2, {.draws = kDraws, .scramble = true, .design_seed = 7});
  for (std::uint32_t wide = 1; wide <= kDraws; wide *= 2) {
    const std::uint32_t high = kDraws / wide;
    std::vector<int> hits(kDraws, 0);
    for (const DesignPoint& point : design.points) {
      const auto x = static_cast<std::uint32_t>(point.values[0] * wide);
      const auto y = static_cast<std::uint32_t>(point.values[1] * high);
      ++hits[x * high + y];
    }
    CHECK(std::ranges::count(hits, 1) == kDraws);
  }
}

TEST_CASE("a scramble is the seed's and the factor's name's, and shifts are uniform", "[sobol]") {
  const auto values = [](const std::vector<Factor>& factors, std::uint64_t seed) {
    return sobol({"s"}, factors, {.draws = 16, .scramble = true, .design_seed = seed}, 1);
  };
  const auto two = unit_factors(2);
  const auto three = unit_factors(3);
  for (std::size_t i = 0; i < 16; ++i) {
    for (std::size_t k = 0; k < 2; ++k) {  // a further factor behind moves no other
      CHECK(values(two, 7).points[i].values[k] == values(three, 7).points[i].values[k]);
    }
  }
  CHECK(values(two, 7).points[0].values != values(two, 8).points[0].values);
  // The first point is the shift itself: uniform and independent over names and seeds.
  constexpr std::uint32_t kSeeds = 200;
  double sum = 0;
  double along = 0;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    const std::vector<double> shift =
        sobol_of(20, {.draws = 1, .scramble = true, .design_seed = seed}).points[0].values;
    for (std::size_t k = 0; k < 20; ++k) {
      sum += shift[k] - 0.5;
      along += (shift[k] - 0.5) * (shift[(k + 1) % 20] - 0.5);
    }
  }
  // five standard errors of a mean, and of a correlation
  constexpr double kShifts = 20.0 * kSeeds;
  CHECK(std::fabs(sum / kShifts) < 5 * std::sqrt(1 / 12.0 / kShifts));
  CHECK(std::fabs(along / kShifts) < 5 / 12.0 / std::sqrt(kShifts));
}

/// A product of six linear factors, whose mean over the cube is 1.
double test_function(const std::vector<double>& x) {
  double product = 1;
  for (std::size_t k = 0; k < x.size(); ++k) {
    product *= 1 + 2 * (x[k] - 0.5) / static_cast<double>(k + 1);
  }
  return product;
}

constexpr std::size_t kDimensions = 6;
constexpr std::uint64_t kSeeds = 64;

/// Root mean square error of the mean of the test function, over seeds; `points` gives a sample.
template <class Points>
double error_of(std::uint32_t n, const Points& points) {
  double squares = 0;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    double sum = 0;
    for (const std::vector<double>& point : points(n, seed)) {
      sum += test_function(point);
    }
    squares += std::pow(sum / n - 1, 2);
  }
  return std::sqrt(squares / kSeeds);
}

/// The exponent with which an error falls from 64 to 4096 points.
template <class Points>
double rate_of(const Points& points) {
  constexpr double kLogOfRatio = 6;  // log2 (4096 / 64)
  return std::log2(error_of(64, points) / error_of(4096, points)) / kLogOfRatio;
}

TEST_CASE("a scrambled sequence integrates at a rate near 1, chance at 1/2", "[sobol]") {
  const auto sequence = [](std::uint32_t n, std::uint64_t seed) {
    std::vector<std::vector<double>> points;
    for (const DesignPoint& point :
         sobol_of(kDimensions, {.draws = n, .scramble = true, .design_seed = seed}).points) {
      points.push_back(point.values);
    }
    return points;
  };
  const auto chance = [](std::uint32_t n, std::uint64_t seed) {
    std::vector<std::vector<double>> points;
    for (std::uint32_t i = 0; i < n; ++i) {
      Stream stream(make_key(seed, StreamKind::design, 0), {.identity = i});
      std::vector<double>& point = points.emplace_back();
      for (std::size_t k = 0; k < kDimensions; ++k) {
        point.push_back(uniform(stream));
      }
    }
    return points;
  };
  // An error from 64 seeds has a relative standard error of 1 / sqrt(128) = 9 %, so a rate one of
  // sqrt(2) 0.09 / log(64) = 0.03. The known rate is 1, less a power of log n: five standard errors
  // below the 1 of the limit, and around the 1/2 of chance.
  const double rate = rate_of(sequence);
  CHECK(rate > 0.8);
  CHECK(rate < 1.5);
  CHECK(rate_of(chance) == Approx(0.5).margin(0.15));
  CHECK(error_of(4096, sequence) < error_of(4096, chance) / 50);
}

}  // namespace
}  // namespace fingers
