#include "agents/outcomes.hpp"

#include <utility>

#include "agents/outcome_parts.hpp"

namespace fingers {

namespace {

std::vector<Outcome> outcomes(const Scenario& scenario) {
  std::vector<Outcome> list;
  add_harm_outcomes(list, scenario);
  add_end_outcomes(list);
  add_diffuse_outcomes(list);
  add_course_outcomes(list);
  add_lineage_outcomes(list);
  add_power_outcomes(list, scenario);
  return list;
}

}  // namespace

std::vector<ColumnDeclaration> outcome_columns(const Scenario& scenario) {
  std::vector<ColumnDeclaration> columns;
  for (Outcome& o : outcomes(scenario)) {
    columns.push_back(std::move(o.column));
  }
  return columns;
}

std::vector<double> outcomes_of(const Scenario& scenario, const Events& events,
                                const Series& series) {
  const std::vector<ColumnDeclaration> columns = series_columns(scenario);
  const Recorded recorded{
      .scenario = scenario, .events = events, .series = series, .series_columns = columns};
  std::vector<double> values;
  for (const Outcome& o : outcomes(scenario)) {
    values.push_back(o.compute(recorded));
  }
  return values;
}

}  // namespace fingers
