// What every file of outcomes builds with (M15): an outcome is a declaration and how it is computed
// from what was recorded.
#pragma once

#include <concepts>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agents/events.hpp"
#include "agents/record.hpp"
#include "agents/scenario.hpp"

namespace fingers {

/// What an outcome may be computed from.
struct Recorded {
  const Scenario& scenario;
  const Events& events;
  const Series& series;
  const std::vector<ColumnDeclaration>& series_columns;
};

struct Outcome {
  ColumnDeclaration column;
  std::function<double(const Recorded&)> compute;
};

Outcome outcome(std::string name, std::string unit, std::string meaning,
                std::function<double(const Recorded&)> compute);

/// false for what a monitor averted.
inline bool is_harm(const Events& events, std::size_t row) {
  return (events.flags[row] & kAverted) == 0;
}

/// Sum of severities over rows that `counts` [M$], in order of row. Templates, because a world has
/// thousands of events and dozens of outcomes.
template <std::predicate<std::size_t> Counts>
double harm_where(const Events& events, const Counts& counts) {
  double sum = 0;
  for (std::size_t row = 0; row < events.count(); ++row) {
    sum += counts(row) ? static_cast<double>(events.severity_musd[row]) : 0.0;
  }
  return sum;
}

/// Number of rows that `counts`.
template <std::predicate<std::size_t> Counts>
double number_where(const Events& events, const Counts& counts) {
  double n = 0;
  for (std::size_t row = 0; row < events.count(); ++row) {
    n += counts(row) ? 1.0 : 0.0;
  }
  return n;
}

/// Year of the first event with this flag; NaN: none.
double first_year_where(const Events& events, std::uint8_t flag);

/// Sum of the severities of harm events that `counts` [M$].
template <std::predicate<const Events&, std::size_t> Counts>
Outcome harm_outcome(std::string name, std::string meaning, Counts counts) {
  return outcome(std::move(name), "M$", std::move(meaning), [counts](const Recorded& r) {
    return harm_where(
        r.events, [&](std::size_t row) { return is_harm(r.events, row) && counts(r.events, row); });
  });
}

/// A recorded quantity by its name. Expects it to exist.
const std::vector<float>& series_named(const Recorded& r, std::string_view name);

double sum_of(const std::vector<float>& values);

/// Sum over the months that were lived of the quantity of the same name.
Outcome series_sum(const std::string& name, std::string unit, std::string meaning);

/// Mean over the months that were lived (not a number when there was none).
Outcome series_mean(const std::string& name, std::string unit, std::string meaning);

// The outcomes by subject, each in its own file; this is their order in the results.
void add_harm_outcomes(std::vector<Outcome>& list, const Scenario& scenario);
void add_end_outcomes(std::vector<Outcome>& list);
void add_diffuse_outcomes(std::vector<Outcome>& list);
void add_course_outcomes(std::vector<Outcome>& list);
void add_lineage_outcomes(std::vector<Outcome>& list);
void add_power_outcomes(std::vector<Outcome>& list, const Scenario& scenario);

}  // namespace fingers
