// Designs of experiments as tables of combinations, crossed with the settings. Tested by
// tests/engine/design_test.cpp.
#include "engine/design.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "engine/arithmetic.hpp"
#include "engine/contract.hpp"
#include "engine/sampling.hpp"

namespace fingers {
namespace {

/// The shortest text that reads back as the same number: "1000", "0.1", "1e+30".
std::string number_text(double x) {
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

/// One combination of factor values, and how a point of it is called after its setting.
struct Combination {
  std::vector<double> values;
  std::string name;
};

/// Names combinations by their values: " /population/count=1000".
void name_by_values(std::vector<Combination>& combinations, const std::vector<Factor>& factors) {
  for (Combination& combination : combinations) {
    for (std::size_t i = 0; i < factors.size(); ++i) {
      combination.name += " " + factors[i].pointer + "=" + number_text(combination.values[i]);
    }
  }
}

/// Every setting with every combination.
Design crossed(const std::vector<std::string>& settings, const std::vector<Factor>& factors,
               const std::vector<Combination>& combinations, std::uint32_t replicates) {
  EXPECT_CONTRACT(!settings.empty() && !combinations.empty() && replicates >= 1);
  Design design{.factors = factors,
                .points = {},
                .replicates = replicates,
                .n_settings = static_cast<std::uint32_t>(settings.size())};
  for (const std::string& setting : settings) {
    for (const Combination& combination : combinations) {
      design.points.push_back(
          {.name = setting + combination.name, .setting = setting, .values = combination.values});
    }
  }
  EXPECT_CONTRACT(names_differ(design.points));
  return design;
}

}  // namespace

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

Design latin_hypercube(const std::vector<std::string>& settings, const std::vector<Factor>& factors,
                       std::uint32_t draws, std::uint64_t design_seed, std::uint32_t replicates) {
  EXPECT_CONTRACT(!factors.empty() && draws >= 1);
  std::vector<Combination> combinations(draws);
  for (std::uint32_t i = 0; i < draws; ++i) {
    combinations[i].name = " draw " + std::to_string(i);
  }
  for (const Factor& factor : factors) {
    const std::vector<double> sample = latin_column(factor.pointer, draws, design_seed);
    for (std::uint32_t i = 0; i < draws; ++i) {
      combinations[i].values.push_back(value_at(factor, sample[i]));
    }
  }
  Design design = crossed(settings, factors, combinations, replicates);
  design.kind = DesignKind::latin_hypercube;
  return design;
}

double value_at(const Factor& factor, double u) {
  const Range& range = factor.range;
  const bool in_order =
      std::isfinite(range.low) && range.low <= range.high && std::isfinite(range.high);
  EXPECT_CONTRACT(in_order && (factor.scale == Scale::linear || range.low > 0));
  double value = factor.scale == Scale::log ? range.low * portable_pow(range.high / range.low, u)
                                            : range.low + u * (range.high - range.low);
  if (!factor.whole) {
    return std::clamp(value, range.low, range.high);
  }
  value = std::floor(value + 0.5);
  return std::clamp(value, std::ceil(range.low),
                    std::max(std::ceil(range.low), std::floor(range.high)));
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
