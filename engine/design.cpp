// Designs of experiments as tables of combinations, crossed with the settings: those whose values
// somebody chose. Tested by tests/engine/design_test.cpp.
#include "engine/design.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <set>

#include "engine/arithmetic.hpp"
#include "engine/contract.hpp"

namespace fingers {
namespace {

/// The shortest text that reads back as the same number: "1000", "0.1", "1e+30".
std::string level_text(double x) {
  constexpr int kDigits = 17;  // always enough
  constexpr double kPlainWhole = 1e15;
  std::array<char, 32> text{};
  if (x == std::floor(x) && std::fabs(x) < kPlainWhole) {
    static_cast<void>(std::snprintf(text.data(), text.size(), "%.0f", x));
    return text.data();
  }
  for (int digits = 1; digits <= kDigits; ++digits) {
    static_cast<void>(std::snprintf(text.data(), text.size(), "%.*g", digits, x));
    if (std::strtod(text.data(), nullptr) == x) {
      break;
    }
  }
  return text.data();
}

/// Moves to the next combination of levels, the last factor fastest; false when all have been.
bool advance(std::vector<std::size_t>& levels, const std::vector<Factor>& factors) {
  for (std::size_t i = levels.size(); i-- > 0;) {
    if (++levels[i] < factors[i].values.size()) {
      return true;
    }
    levels[i] = 0;
  }
  return false;
}

bool names_differ(const std::vector<DesignPoint>& points) {
  std::vector<std::string> names;
  names.reserve(points.size());
  for (const DesignPoint& point : points) {
    names.push_back(point.name);
  }
  std::ranges::sort(names);
  return std::ranges::adjacent_find(names) == names.end();
}

/// Names combinations by their values: " /population/count=1000".
void name_by_values(std::vector<Combination>& combinations, const std::vector<Factor>& factors) {
  for (Combination& combination : combinations) {
    for (std::size_t i = 0; i < factors.size(); ++i) {
      combination.name += " " + factors[i].pointer + "=" + level_text(combination.values[i]);
    }
  }
}

/// Rows as combinations, named by their numbers.
std::vector<Combination> numbered(const std::vector<std::vector<double>>& rows,
                                  std::size_t n_factors) {
  std::vector<Combination> combinations;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_CONTRACT(rows[i].size() == n_factors);
    combinations.push_back({.values = rows[i], .name = " point " + std::to_string(i), .block = {}});
  }
  return combinations;
}

}  // namespace

bool is_drawn(DesignKind kind) {
  return kind == DesignKind::latin_hypercube || kind == DesignKind::sobol || has_blocks(kind);
}

bool has_blocks(DesignKind kind) {
  return kind == DesignKind::saltelli || kind == DesignKind::morris;
}

StreamSeeds seeds_of_point(const Design& design, const StreamSeeds& seeds, std::uint32_t point) {
  EXPECT_CONTRACT(point < design.points.size());
  if (design.random_numbers == RandomNumbers::common) {
    return seeds;
  }
  const std::string& name = design.points[point].name;
  const std::uint64_t identity = name_identity(name.data(), name.size());
  const auto mixed = [identity](std::uint64_t seed, std::uint32_t process) {
    return random_block(make_key(seed, StreamKind::design, 0),
                        {.identity = identity, .process = process})[0];
  };
  constexpr std::uint32_t kPopulation = 1;  // processes of their own: 0 is that of drawn values
  constexpr std::uint32_t kDynamics = 2;
  return {.design = seeds.design,
          .population = mixed(seeds.population, kPopulation),
          .dynamics = mixed(seeds.dynamics, kDynamics)};
}

Design crossed(const std::vector<std::string>& settings, const std::vector<Factor>& factors,
               const std::vector<Combination>& combinations, std::uint32_t replicates) {
  EXPECT_CONTRACT(!settings.empty() && !combinations.empty() && replicates >= 1);
  Design design{.factors = factors,
                .points = {},
                .replicates = replicates,
                .n_settings = static_cast<std::uint32_t>(settings.size())};
  for (const std::string& setting : settings) {
    for (const Combination& combination : combinations) {
      design.points.push_back({.name = setting + combination.name,
                               .setting = setting,
                               .values = combination.values,
                               .block = combination.block});
    }
  }
  EXPECT_CONTRACT(names_differ(design.points));
  return design;
}

Design full_factorial(const std::vector<std::string>& settings, const std::vector<Factor>& factors,
                      std::uint32_t replicates) {
  for (const Factor& factor : factors) {
    EXPECT_CONTRACT(!factor.values.empty());
  }
  std::vector<Combination> combinations;
  std::vector<std::size_t> levels(factors.size(), 0);
  do {
    Combination& combination = combinations.emplace_back();
    for (std::size_t i = 0; i < factors.size(); ++i) {
      combination.values.push_back(factors[i].values[levels[i]]);
    }
  } while (advance(levels, factors));
  name_by_values(combinations, factors);
  return crossed(settings, factors, combinations, replicates);
}

Design zipped(const std::vector<std::string>& settings, const std::vector<Factor>& factors,
              std::uint32_t replicates) {
  EXPECT_CONTRACT(!factors.empty());
  std::vector<Combination> combinations(factors.front().values.size());
  for (const Factor& factor : factors) {
    EXPECT_CONTRACT(factor.values.size() == combinations.size());
    for (std::size_t i = 0; i < combinations.size(); ++i) {
      combinations[i].values.push_back(factor.values[i]);
    }
  }
  name_by_values(combinations, factors);
  Design design = crossed(settings, factors, combinations, replicates);
  design.kind = DesignKind::zipped;
  return design;
}

Design listed(const std::vector<std::string>& settings, const std::vector<Factor>& factors,
              const std::vector<std::vector<double>>& rows, std::uint32_t replicates) {
  Design design = crossed(settings, factors, numbered(rows, factors.size()), replicates);
  design.kind = DesignKind::csv;
  return design;
}

Design listed_with_settings(const std::vector<std::string>& row_settings,
                            const std::vector<Factor>& factors,
                            const std::vector<std::vector<double>>& rows,
                            std::uint32_t replicates) {
  EXPECT_CONTRACT(row_settings.size() == rows.size());
  Design design = crossed({""}, factors, numbered(rows, factors.size()), replicates);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    design.points[i].setting = row_settings[i];
    design.points[i].name = row_settings[i] + design.points[i].name;
  }
  design.kind = DesignKind::csv;
  design.crossed = false;
  design.n_settings = static_cast<std::uint32_t>(
      std::set<std::string>(row_settings.begin(), row_settings.end()).size());
  return design;
}

std::vector<double> linear_levels(double a, double b, std::uint64_t n) {
  EXPECT_CONTRACT(n >= 2);
  std::vector<double> levels;
  for (std::uint64_t i = 0; i < n; ++i) {
    const double share = static_cast<double>(i) / static_cast<double>(n - 1);
    levels.push_back(i + 1 == n ? b : a + share * (b - a));
  }
  return levels;
}

std::vector<double> log_levels(double a, double b, std::uint64_t n) {
  EXPECT_CONTRACT(a > 0 && b > 0);
  std::vector<double> levels = linear_levels(portable_log10(a), portable_log10(b), n);
  for (double& level : levels) {
    level = power_of_ten(level);
  }
  levels.front() = a;
  levels.back() = b;
  return levels;
}

std::vector<double> stepped_levels(double a, double b, double step) {
  constexpr double kRounding = 1e-9;  // of a step, so that 0 to 1 by 0.1 ends at 1
  EXPECT_CONTRACT(step > 0 && a <= b);
  const double steps = std::floor((b - a) / step + kRounding);
  std::vector<double> levels;
  for (double i = 0; i <= steps; i += 1.0) {
    levels.push_back(std::min(b, a + i * step));
  }
  return levels;
}

}  // namespace fingers
