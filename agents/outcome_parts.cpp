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

double first_year_where(const Events& events, std::uint8_t flag) {
  for (std::size_t row = 0; row < events.count(); ++row) {
    if ((events.flags[row] & flag) != 0) {
      return events.time[row];
    }
  }
  return kNoValue;
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
