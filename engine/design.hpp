// The design of an experiment: its points (a named setting and the values of its factors) and how
// many replicates each gets. Made in C++ only; stored in the file. A design is a table of
// combinations of factor values, and every setting is tried with every combination: settings are
// compared on equal terms, and a new kind of design is a new way to make the table. (Only a list of
// points that name their own settings is tried as it stands.) Tables of chosen values are made
// here, tables of drawn ones in drawn_designs.hpp.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/parameters.hpp"
#include "engine/random.hpp"

namespace fingers {

/// How a drawn factor spreads over its range: evenly in the value, or in its logarithm.
enum class Scale : std::uint8_t { linear, log };
inline constexpr std::array<std::string_view, 2> kScaleNames = {"linear", "log"};

/// Whether a factor takes whole numbers only, and how a drawn number becomes one.
enum class Wholes : std::uint8_t {
  no,
  rounded,  ///< to the nearest: the ends of a range come half as often as what is between
  even      ///< every whole number of the range as often (on a log scale: as its share of it)
};

/// The pointer of a factor that is no parameter: it varies, and nothing depends on it.
inline constexpr std::string_view kDummyPointer = "dummy";

/// A parameter that varies over the design.
struct Factor {
  std::string pointer;  ///< JSON pointer of the parameter, or kDummyPointer
  std::string unit;
  std::vector<double> values;        ///< the levels, in the order given; empty where it is drawn
  Range range{.low = 0, .high = 0};  ///< finite; that of a drawn factor, or of listed points
  Scale scale = Scale::linear;       ///< of a drawn factor
  Wholes wholes = Wholes::no;        ///< of a drawn factor
};

/// Where a point stands among those that are read together: of one row of a base sample (Saltelli),
/// of one trajectory (Morris).
struct DesignBlock {
  std::uint32_t base_row = 0;  ///< number of the row, or of the trajectory
  std::uint32_t step = 0;      ///< along a trajectory; 0: its start
  /// "A", "B", "AB:3" (A with factor 3 of B), "BA:3"; "start", "up:3", "down:3" (factor 3 has moved
  /// since the step before). Factors count from 1, in their order.
  std::string name;
};

struct DesignPoint {
  std::string name;            ///< unique: the setting, and the factor values or the draw's number
  std::string setting;         ///< what is compared
  std::vector<double> values;  ///< one for each factor
  DesignBlock block{};         ///< of a kind that has blocks
};

/// What decides the numbers of a design point, in parts that points can have in common: each is
/// kept and hashed once.
using PointText = std::vector<std::shared_ptr<const std::string>>;

enum class DesignKind : std::uint8_t {
  factorial,
  zipped,
  latin_hypercube,
  csv,
  sobol,
  saltelli,
  morris
};
inline constexpr std::array<std::string_view, 7> kDesignKindNames = {
    "factorial", "zipped", "latin_hypercube", "csv", "sobol", "saltelli", "morris"};

/// Whether a kind draws its values from ranges.
bool is_drawn(DesignKind kind);
/// Whether points of a kind are read together, by DesignPoint::block.
bool has_blocks(DesignKind kind);

/// Whether replicates of different points share their random numbers.
enum class RandomNumbers : std::uint8_t { common, independent };
inline constexpr std::array<std::string_view, 2> kRandomNumbersNames = {"common", "independent"};

struct Design {
  std::vector<Factor> factors;
  std::vector<DesignPoint> points;  ///< the setting varies slowest, where they are crossed
  std::uint32_t replicates = 1;     ///< of each point
  DesignKind kind = DesignKind::factorial;
  std::uint32_t n_settings = 1;
  bool crossed = true;  ///< every setting is tried with every combination
  RandomNumbers random_numbers = RandomNumbers::common;

  [[nodiscard]] std::uint64_t n_runs() const { return points.size() * std::uint64_t{replicates}; }
  /// Combinations of factor values: point p has the one of number p % n_combinations(). Of points
  /// that are not crossed each counts as one.
  [[nodiscard]] std::uint64_t n_combinations() const {
    return crossed ? points.size() / n_settings : points.size();
  }
};

/// The seeds that the replicates of a point run with: those of the dataset where random numbers are
/// common; else population and dynamics are mixed with the point's name, so that what else a design
/// holds moves no point's numbers.
StreamSeeds seeds_of_point(const Design& design, const StreamSeeds& seeds, std::uint32_t point);

/// One combination of factor values.
struct Combination {
  std::vector<double> values;
  std::string name;  ///< how a point of it is called after its setting: " draw 17"
  DesignBlock block;
};

/// Every setting with every combination. Expects at least one of each, one replicate, and names
/// that differ.
Design crossed(const std::vector<std::string>& settings, const std::vector<Factor>& factors,
               const std::vector<Combination>& combinations, std::uint32_t replicates);

/// Every setting with every combination of factor values; the setting varies slowest, the last
/// factor fastest. A point is named "strict /population/count=1000". Expects at least one setting,
/// one value a factor and one replicate, and no setting or value twice.
Design full_factorial(const std::vector<std::string>& settings, const std::vector<Factor>& factors,
                      std::uint32_t replicates);

/// Every setting with the first values of all factors, with the second values of all, and so on.
/// Expects at least one factor, and as many values of each.
Design zipped(const std::vector<std::string>& settings, const std::vector<Factor>& factors,
              std::uint32_t replicates);

/// Every setting with every row of factor values. A point is named "strict point 17", counted from
/// 0. Expects at least one row.
Design listed(const std::vector<std::string>& settings, const std::vector<Factor>& factors,
              const std::vector<std::vector<double>>& rows, std::uint32_t replicates);

/// Each row of factor values with the setting of the same number, not crossed; names as above.
Design listed_with_settings(const std::vector<std::string>& row_settings,
                            const std::vector<Factor>& factors,
                            const std::vector<std::vector<double>>& rows, std::uint32_t replicates);

/// n >= 2 values from a to b, both included, at equal distances.
std::vector<double> linear_levels(double a, double b, std::uint64_t n);
/// The same at equal ratios; whole powers of ten come out exact. Expects a, b > 0.
std::vector<double> log_levels(double a, double b, std::uint64_t n);
/// a, a + step, … up to b, which is included when the steps meet it. Expects step > 0, a <= b.
std::vector<double> stepped_levels(double a, double b, double step);

}  // namespace fingers
