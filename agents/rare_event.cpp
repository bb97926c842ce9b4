#include "agents/rare_event.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "agents/record.hpp"
#include "engine/config_reader.hpp"
#include "engine/contract.hpp"

namespace fingers {

namespace {

std::size_t place_of_score(const std::vector<ColumnDeclaration>& columns, const std::string& name) {
  const auto found = std::ranges::find(columns, name, &ColumnDeclaration::name);
  return static_cast<std::size_t>(found - columns.begin());
}

}  // namespace

ColumnDeclaration score_column(const Scenario& x) {
  const std::vector<ColumnDeclaration> columns = series_columns(x);
  const std::size_t place = place_of_score(columns, x.experiment.splitting.score);
  EXPECT_CONTRACT(place < columns.size());
  return columns[place];
}

std::string event_text(const Scenario& x) {
  const SplittingSpec& spec = x.experiment.splitting;
  std::string unit = score_column(x).unit;
  if (spec.over_time == OverTime::sum && unit.ends_with("/step")) {
    unit.erase(unit.size() - std::string_view("/step").size());
  }
  const bool counts_of_one = unit == "1";
  return std::string(kOverTimeNames[static_cast<std::size_t>(spec.over_time)]) + " of " +
         spec.score + (spec.over_time == OverTime::lowest ? " <= " : " >= ") +
         number_text(spec.threshold) + (counts_of_one ? "" : " " + unit);
}

ScoredSimulation::ScoredSimulation(const Simulation& simulation, const Scenario& scenario)
    : simulation_(simulation),
      quantity_(place_of_score(series_columns(scenario), scenario.experiment.splitting.score)),
      sum_(scenario.experiment.splitting.over_time == OverTime::sum),
      sign_(scenario.experiment.splitting.over_time == OverTime::lowest ? -1 : 1) {
  EXPECT_CONTRACT(quantity_ < simulation.schema().series.size());
}

double ScoredSimulation::score(const World& world) const {
  const std::vector<float>& values = world.series.quantity[quantity_];
  if (!sum_) {
    return sign_ * static_cast<double>(values.back());
  }
  return std::accumulate(values.begin(), values.end(), 0.0, [](double sum, float value) {
    return std::isnan(value) ? sum : sum + static_cast<double>(value);
  });
}

}  // namespace fingers
