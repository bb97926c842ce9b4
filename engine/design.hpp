// The design of an experiment: its points (a named setting and the values of its factors) and how
// many replicates each gets. Made in C++ only; stored in the file.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace fingers {

/// A parameter that varies over the design.
struct Factor {
  std::string pointer;  ///< JSON pointer of the parameter
  std::string unit;
  std::vector<double> values;  ///< the levels, in the order given
};

struct DesignPoint {
  std::string name;            ///< unique; the setting, and the factor values where there are any
  std::string setting;         ///< what is compared
  std::vector<double> values;  ///< one for each factor
};

struct Design {
  std::vector<Factor> factors;
  std::vector<DesignPoint> points;
  std::uint32_t replicates = 1;  ///< of each point

  [[nodiscard]] std::uint64_t n_runs() const { return points.size() * std::uint64_t{replicates}; }
};

/// Every setting with every combination of factor values; the setting varies slowest, the last
/// factor fastest. A point is named "strict /population/count=1000". Expects at least one setting,
/// one value a factor and one replicate, and no setting or value twice.
Design full_factorial(const std::vector<std::string>& settings, const std::vector<Factor>& factors,
                      std::uint32_t replicates);

}  // namespace fingers
