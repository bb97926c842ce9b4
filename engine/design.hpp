// The design of an experiment: its points (a named setting and the values of its factors) and how
// many replicates each gets. Made in C++ only; stored in the file. A design is a table of
// combinations of factor values, and every setting is tried with every combination: settings are
// compared on equal terms, and a new kind of design is a new way to make the table.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/parameters.hpp"

namespace fingers {

/// How a drawn factor spreads over its range: evenly in the value, or in its logarithm.
enum class Scale : std::uint8_t { linear, log };
inline constexpr std::array<std::string_view, 2> kScaleNames = {"linear", "log"};

/// A parameter that varies over the design.
struct Factor {
  std::string pointer;  ///< JSON pointer of the parameter
  std::string unit;
  std::vector<double> values;        ///< the levels, in the order given; empty where it is drawn
  Range range{.low = 0, .high = 0};  ///< of a drawn factor, finite
  Scale scale = Scale::linear;       ///< of a drawn factor
  bool whole = false;                ///< drawn values are rounded to whole numbers
};

struct DesignPoint {
  std::string name;            ///< unique: the setting, and the factor values or the draw's number
  std::string setting;         ///< what is compared
  std::vector<double> values;  ///< one for each factor
};

/// What decides the numbers of a design point, in parts that points can have in common: each is
/// kept and hashed once.
using PointText = std::vector<std::shared_ptr<const std::string>>;

enum class DesignKind : std::uint8_t { factorial, zipped, latin_hypercube };
inline constexpr std::array<std::string_view, 3> kDesignKindNames = {"factorial", "zipped",
                                                                     "latin_hypercube"};

struct Design {
  std::vector<Factor> factors;
  std::vector<DesignPoint> points;  ///< the setting varies slowest
  std::uint32_t replicates = 1;     ///< of each point
  DesignKind kind = DesignKind::factorial;
  std::uint32_t n_settings = 1;

  [[nodiscard]] std::uint64_t n_runs() const { return points.size() * std::uint64_t{replicates}; }
  /// Combinations of factor values: point p has the one of number p % n_combinations().
  [[nodiscard]] std::uint64_t n_combinations() const { return points.size() / n_settings; }
};

/// Every setting with every combination of factor values; the setting varies slowest, the last
/// factor fastest. A point is named "strict /population/count=1000". Expects at least one setting,
/// one value a factor and one replicate, and no setting or value twice.
Design full_factorial(const std::vector<std::string>& settings, const std::vector<Factor>& factors,
                      std::uint32_t replicates);

/// Every setting with the first values of all factors, with the second values of all, and so on.
/// Expects at least one factor, and as many values of each.
Design zipped(const std::vector<std::string>& settings, const std::vector<Factor>& factors,
              std::uint32_t replicates);

/// Every setting with every draw of a Latin hypercube over the ranges of all factors
/// (engine/sampling.hpp). A point is named "strict draw 17", counted from 0. Expects at least one
/// factor and one draw.
Design latin_hypercube(const std::vector<std::string>& settings, const std::vector<Factor>& factors,
                       std::uint32_t draws, std::uint64_t design_seed, std::uint32_t replicates);

/// The value of a drawn factor at u, 0 <= u < 1, of its range; rounded, and then clipped to the
/// whole numbers within, where it is whole.
double value_at(const Factor& factor, double u);

/// n >= 2 values from a to b, both included, at equal distances.
std::vector<double> linear_levels(double a, double b, std::uint64_t n);
/// The same at equal ratios; whole powers of ten come out exact. Expects a, b > 0.
std::vector<double> log_levels(double a, double b, std::uint64_t n);
/// a, a + step, … up to b, which is included when the steps meet it. Expects step > 0, a <= b.
std::vector<double> stepped_levels(double a, double b, double step);

}  // namespace fingers
