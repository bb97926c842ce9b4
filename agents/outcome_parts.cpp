#include "agents/outcome_parts.hpp"

#include <algorithm>

#include "engine/contract.hpp"

namespace fingers {

Outcome outcome(std::string name, std::string unit, std::string meaning,
                std::function<double(const Recorded&)> compute) {
  return {.column = {.name = std::move(name),
                     .type = ColumnType::f8,
                     .unit = std::move(unit),
                     .meaning = std::move(meaning),
                     .dictionary = {},
                     .flags = {}},
          .compute = std::move(compute)};
}

bool is_harm(const Events& events, std::size_t row) { return (events.flags[row] & kAverted) == 0; }

double harm_where(const Events& events, const std::function<bool(std::size_t)>& counts) {
  double sum = 0;
  for (std::size_t row = 0; row < events.count(); ++row) {
    sum += counts(row) ? static_cast<double>(events.severity_musd[row]) : 0.0;
  }
  return sum;
}

double number_where(const Events& events, const std::function<bool(std::size_t)>& counts) {
  double n = 0;
  for (std::size_t row = 0; row < events.count(); ++row) {
    n += counts(row) ? 1.0 : 0.0;
  }
  return n;
}

double first_year_where(const Events& events, std::uint8_t flag) {
  for (std::size_t row = 0; row < events.count(); ++row) {
    if ((events.flags[row] & flag) != 0) {
      return events.time[row];
    }
  }
  return kNoValue;
}

Outcome harm_outcome(std::string name, std::string meaning,
                     std::function<bool(const Events&, std::size_t)> counts) {
  return outcome(std::move(name), "M$", std::move(meaning),
                 [counts = std::move(counts)](const Recorded& r) {
                   return harm_where(r.events, [&](std::size_t row) {
                     return is_harm(r.events, row) && counts(r.events, row);
                   });
                 });
}

const std::vector<float>& series_named(const Recorded& r, std::string_view name) {
  const auto found = std::ranges::find(r.series_columns, name, &ColumnDeclaration::name);
  EXPECT_CONTRACT(found != r.series_columns.end());
  return r.series.quantity[static_cast<std::size_t>(found - r.series_columns.begin())];
}

double sum_of(const std::vector<float>& values) {
  double sum = 0;
  for (const float x : values) {
    sum += static_cast<double>(x);
  }
  return sum;
}

Outcome series_sum(const std::string& name, std::string unit, std::string meaning) {
  return outcome(name, std::move(unit), std::move(meaning),
                 [name](const Recorded& r) { return sum_of(series_named(r, name)); });
}

Outcome series_mean(const std::string& name, std::string unit, std::string meaning) {
  return outcome(name, std::move(unit), std::move(meaning), [name](const Recorded& r) {
    const std::vector<float>& values = series_named(r, name);
    return values.empty() ? kNoValue : sum_of(values) / static_cast<double>(values.size());
  });
}

}  // namespace fingers
