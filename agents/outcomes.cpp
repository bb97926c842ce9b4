#include "agents/outcomes.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "agents/freedom.hpp"
#include "engine/arithmetic.hpp"
#include "engine/contract.hpp"

namespace fingers {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// What an outcome may be computed from.
struct Recorded {
  const Scenario& scenario;
  const Events& events;
  const Series& series;
  const std::vector<ColumnDeclaration>& series_columns;
};

using Compute = std::function<double(const Recorded&)>;

struct Outcome {
  ColumnDeclaration column;
  Compute compute;
};

Outcome outcome(std::string name, std::string unit, std::string meaning, Compute compute) {
  return {.column = {.name = std::move(name),
                     .type = ColumnType::f8,
                     .unit = std::move(unit),
                     .meaning = std::move(meaning),
                     .dictionary = {},
                     .flags = {}},
          .compute = std::move(compute)};
}

bool is_harm(const Events& events, std::size_t row) { return (events.flags[row] & kAverted) == 0; }

/// Sum of severities over rows that `counts`, in order of row.
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
  return kNan;
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

/// Mean over the months that were lived (not a number when there was none).
Outcome series_mean(const std::string& name, std::string unit, std::string meaning) {
  return outcome(name, std::move(unit), std::move(meaning), [name](const Recorded& r) {
    const std::vector<float>& values = series_named(r, name);
    return values.empty() ? kNan : sum_of(values) / static_cast<double>(values.size());
  });
}

Outcome coverage(int days) {
  const std::string taken = "panel_taken_" + std::to_string(days) + "d";
  return outcome("patch_coverage_" + std::to_string(days) + "_days", "share",
                 "fixes of weights that private deployments took within this time",
                 [taken](const Recorded& r) {
                   const double all = sum_of(series_named(r, "panel_fixes"));
                   return all > 0 ? sum_of(series_named(r, taken)) / all : kNan;
                 });
}

double discounted_harm(const Recorded& r) {
  double sum = 0;
  for (std::size_t row = 0; row < r.events.count(); ++row) {
    const double years = r.events.time[row] - r.scenario.time.start_year;
    sum += is_harm(r.events, row) ? portable_exp(-r.scenario.output.discount_rate * years) *
                                        static_cast<double>(r.events.severity_musd[row])
                                  : 0.0;
  }
  return sum;
}

double largest_harm(const Recorded& r) {
  double largest = 0;
  for (std::size_t row = 0; row < r.events.count(); ++row) {
    largest = is_harm(r.events, row)
                  ? std::max(largest, static_cast<double>(r.events.severity_musd[row]))
                  : largest;
  }
  return largest;
}

void add_harm(std::vector<Outcome>& list, const Scenario& scenario) {
  list.push_back(
      harm_outcome("harm_musd", "all harm", [](const Events&, std::size_t) { return true; }));
  list.push_back(
      outcome("discounted_harm_musd", "M$", "all harm, discounted to the start", discounted_harm));
  list.push_back(
      outcome("largest_event_musd", "M$", "harm of the largest event; 0: none", largest_harm));
  for (std::size_t kind = 0; kind < kEventKindNames.size(); ++kind) {
    const std::string name(kEventKindNames[kind]);
    list.push_back(
        harm_outcome("harm_" + name + "_musd", "harm of this kind",
                     [kind](const Events& e, std::size_t row) { return e.kind[row] == kind; }));
    list.push_back(
        outcome("events_" + name, "1", "harm events of this kind", [kind](const Recorded& r) {
          return number_where(r.events, [&](std::size_t row) {
            return is_harm(r.events, row) && r.events.kind[row] == kind;
          });
        }));
  }
  for (std::size_t k = 0; k < scenario.domains.size(); ++k) {
    list.push_back(
        harm_outcome("harm_domain_" + scenario.domains[k].name + "_musd", "harm in this domain",
                     [k](const Events& e, std::size_t row) { return e.domain[row] == k + 1; }));
  }
  for (std::size_t route = 0; route < kRouteNames.size(); ++route) {
    list.push_back(harm_outcome(
        "harm_route_" + std::string(kRouteNames[route]) + "_musd", "harm that came this way",
        [route](const Events& e, std::size_t row) { return e.route[row] == route; }));
  }
  for (std::size_t g = 0; g < scenario.labs.size(); ++g) {
    list.push_back(
        harm_outcome("harm_maker_" + scenario.labs[g].name + "_musd",
                     "harm that a model of this group made possible",
                     [g](const Events& e, std::size_t row) { return e.maker[row] == g + 1; }));
  }
}

void add_ends(std::vector<Outcome>& list) {
  list.push_back(outcome("catastrophes", "1", "catastrophic events", [](const Recorded& r) {
    return number_where(r.events, [&](std::size_t row) {
      return is_harm(r.events, row) && (r.events.flags[row] & kCatastrophic) != 0;
    });
  }));
  list.push_back(
      outcome("first_catastrophe_year", "year", "when the first came; NaN: none",
              [](const Recorded& r) { return first_year_where(r.events, kCatastrophic); }));
  list.push_back(outcome("ended_year", "year",
                         "when a loss of control ended the replicate; NaN: not",
                         [](const Recorded& r) { return first_year_where(r.events, kEnding); }));
  list.push_back(
      outcome("averted_events", "1", "successes that monitors averted", [](const Recorded& r) {
        return number_where(r.events, [&](std::size_t row) { return !is_harm(r.events, row); });
      }));
  list.push_back(
      outcome("averted_harm_musd", "M$", "harm that monitors averted", [](const Recorded& r) {
        return harm_where(r.events, [&](std::size_t row) { return !is_harm(r.events, row); });
      }));
  list.push_back(
      outcome("reported_events", "1", "harm events that became known", [](const Recorded& r) {
        return number_where(r.events, [&](std::size_t row) {
          return is_harm(r.events, row) && !std::isnan(r.events.seen_at[row]);
        });
      }));
}

void add_series(std::vector<Outcome>& list) {
  list.push_back(series_sum("actions", "1", "acts of community developers"));
  list.push_back(series_sum("attempts", "1", "attempts of bad actors"));
  list.push_back(series_sum("hosted_attempts", "1", "of these, at hosts"));
  list.push_back(series_sum("seen_attempts", "1", "of these, seen by monitors"));
  list.push_back(series_sum("near_misses", "1", "presses that care or a host stopped"));
  list.push_back(series_sum("bans", "1", "accounts banned by hosts"));
  list.push_back(series_sum("wrongful_bans", "1", "of these, of honest users"));
  list.push_back(series_sum("finds", "1", "flaws found by eyeballs"));
  list.push_back(series_sum("fixes", "1", "fixes published"));
  list.push_back(series_sum("benefit", "1", "acts weighted by what they are worth"));
  for (const int days : {30, 90, 365}) {
    list.push_back(coverage(days));
  }
  list.push_back(
      series_mean("weights_use_share", "share", "use that goes to weights, mean over time"));
  list.push_back(
      series_mean("dependence", "1", "Herfindahl index of use over makers, mean over time"));
  list.push_back(
      series_mean("surveillance_share", "share", "honest activity observed, mean over time"));
  for (const std::string_view freedom : kFreedomNames) {
    for (const std::string_view reading : {"granted", "possible", "exercisable"}) {
      list.push_back(series_mean("freedom_" + std::string(freedom) + "_" + std::string(reading),
                                 "share", "mean over time (M14)"));
    }
  }
}

std::vector<Outcome> outcomes(const Scenario& scenario) {
  std::vector<Outcome> list;
  add_harm(list, scenario);
  add_ends(list);
  add_series(list);
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
