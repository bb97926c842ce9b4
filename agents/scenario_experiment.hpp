// The experiment around a world, as the config gives it (docs/designs.md).
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agents/scenario_splitting.hpp"
#include "agents/until.hpp"
#include "engine/design.hpp"
#include "engine/parameters.hpp"

namespace fingers {

/// The column of listed points that names a regime.
inline constexpr std::string_view kRegimeColumn = "regime";

/// A factor of the experiment as the config gives it.
struct FactorSpec {
  std::string pointer;
  std::vector<double> values;  // levels, in the order given
  bool spaced = false;         // computed from a few numbers: rounded where a parameter is whole
  bool drawn = false;          // from a range, and then without levels
  Range range{.low = std::numeric_limits<double>::quiet_NaN(),  // NaN: of the parameter's belief
              .high = std::numeric_limits<double>::quiet_NaN()};
  std::optional<Scale> scale;  // none: by the range
};

struct Experiment {
  std::vector<std::string> regimes;  // in the order listed, or in which listed points name them
  std::uint64_t replicates = 0;      // at most, where `until` asks for precision
  Until until;
  SplittingSpec splitting;
  RandomNumbers random_numbers = RandomNumbers::common;
  DesignKind design = DesignKind::factorial;
  std::uint64_t draws = 0;         // of saltelli: rows of the base sample
  bool scramble = true;            // of sobol
  bool second_order = false;       // of saltelli
  std::uint64_t trajectories = 0;  // of morris
  std::uint64_t levels = 0;        // of morris
  bool dummy = false;
  bool all_beliefs = false;
  std::vector<std::string> except;        // pointers that all_beliefs leaves out
  std::vector<FactorSpec> factors;        // sorted by pointer; of csv: in the order of the columns
  std::vector<std::string> columns;       // of csv: pointers, and kRegimeColumn
  std::vector<std::vector<Cell>> points;  // of csv

  /// The column of listed points that names their regimes, where there is one.
  [[nodiscard]] std::optional<std::size_t> regime_column() const;
};

void declare_experiment(Parameters& p, Experiment& x);
void declare_points(Parameters& p, Experiment& x);
void declare_draws(Parameters& p, Experiment& x);

/// Where in a config the i-th regime of an experiment is named, as a relative pointer.
std::string place_of_regime(const Experiment& x, std::size_t i);

}  // namespace fingers
