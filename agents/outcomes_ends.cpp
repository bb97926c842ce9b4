// Outcomes of what ends, what was averted and what became known (M15).
#include <cmath>

#include "agents/outcome_parts.hpp"

namespace fingers {

void add_end_outcomes(std::vector<Outcome>& list) {
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
  for (std::size_t kind = 0; kind < kEventKindNames.size(); ++kind) {
    list.push_back(outcome("reported_" + std::string(kEventKindNames[kind]), "1",
                           "harm events of this kind that became known", [kind](const Recorded& r) {
                             return number_where(r.events, [&](std::size_t row) {
                               return is_harm(r.events, row) && r.events.kind[row] == kind &&
                                      !std::isnan(r.events.seen_at[row]);
                             });
                           }));
  }
  list.push_back(outcome(
      "lived_years", "yr", "years until the end of the world or of the run: what sums are over",
      [](const Recorded& r) {
        const double ended = first_year_where(r.events, kEnding);
        return std::isnan(ended) ? r.scenario.time.years : ended - r.scenario.time.start_year;
      }));
}

}  // namespace fingers
