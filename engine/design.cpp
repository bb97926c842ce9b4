// The full factorial design: a counter whose digits are the levels of the factors.
// Tested by tests/engine/design_test.cpp.
#include "engine/design.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "engine/contract.hpp"

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

std::string point_name(const std::string& setting, const std::vector<Factor>& factors,
                       const std::vector<double>& values) {
  std::string name = setting;
  for (std::size_t i = 0; i < factors.size(); ++i) {
    name += " " + factors[i].pointer + "=" + number_text(values[i]);
  }
  return name;
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

}  // namespace

Design full_factorial(const std::vector<std::string>& settings, const std::vector<Factor>& factors,
                      std::uint32_t replicates) {
  EXPECT_CONTRACT(!settings.empty() && replicates >= 1);
  for (const Factor& factor : factors) {
    EXPECT_CONTRACT(!factor.values.empty());
  }
  Design design{.factors = factors, .points = {}, .replicates = replicates};
  for (const std::string& setting : settings) {
    std::vector<std::size_t> levels(factors.size(), 0);
    do {
      std::vector<double> values;
      values.reserve(factors.size());
      for (std::size_t i = 0; i < factors.size(); ++i) {
        values.push_back(factors[i].values[levels[i]]);
      }
      design.points.push_back(
          {.name = point_name(setting, factors, values), .setting = setting, .values = values});
    } while (advance(levels, factors));
  }
  EXPECT_CONTRACT(names_differ(design.points));
  return design;
}

}  // namespace fingers
