// Outcomes of harm (M15): by kind, domain, route and maker.
#include <algorithm>
#include <cmath>

#include "agents/outcome_parts.hpp"
#include "engine/arithmetic.hpp"

namespace fingers {

namespace {

/// Harm that accrues is discounted at the middle of its time.
double discounted_harm(const Recorded& r) {
  double sum = 0;
  for (std::size_t row = 0; row < r.events.count(); ++row) {
    const auto began = static_cast<double>(r.events.began_at[row]);
    const double time = std::isnan(began) ? r.events.time[row] : 0.5 * (began + r.events.time[row]);
    const double years = time - r.scenario.time.start_year;
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

}  // namespace

void add_harm_outcomes(std::vector<Outcome>& list, const Scenario& scenario) {
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

}  // namespace fingers
