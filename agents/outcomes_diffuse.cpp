// Outcomes of diffuse harm (M11, M15): how long it went unseen, unexplained, unmended.
#include <algorithm>
#include <cmath>

#include "agents/outcome_parts.hpp"

namespace fingers {

namespace {

/// false for the sums of harms too small for an event of their own.
bool is_diffuse_flaw(const Events& events, std::size_t row) {
  return events.kind[row] == static_cast<std::uint8_t>(EventKind::diffuse) &&
         events.flaw[row] != kNone;
}

using TimeColumn = std::vector<float> Events::*;

/// Median over diffuse flaws of the years from one time to another, never being infinite; no value
/// when the median is, or when no flaw has the first of the two.
Outcome diffuse_delay(std::string name, std::string meaning, TimeColumn from, TimeColumn to) {
  return outcome(std::move(name), "yr", std::move(meaning), [from, to](const Recorded& r) {
    std::vector<double> delays;
    for (std::size_t row = 0; row < r.events.count(); ++row) {
      const auto begun = static_cast<double>((r.events.*from)[row]);
      const auto done = static_cast<double>((r.events.*to)[row]);
      if (is_diffuse_flaw(r.events, row) && !std::isnan(begun)) {
        delays.push_back(std::isnan(done) ? kNever : done - begun);
      }
    }
    if (delays.empty()) {
      return kNoValue;
    }
    const auto middle = delays.begin() + static_cast<std::ptrdiff_t>(delays.size() / 2);
    std::ranges::nth_element(delays, middle);
    return *middle == kNever ? kNoValue : *middle;
  });
}

double never_seen_share(const Recorded& r) {
  const double all =
      number_where(r.events, [&](std::size_t row) { return is_diffuse_flaw(r.events, row); });
  const double never = number_where(r.events, [&](std::size_t row) {
    return is_diffuse_flaw(r.events, row) && std::isnan(r.events.seen_at[row]);
  });
  return all > 0 ? never / all : kNoValue;
}

}  // namespace

void add_diffuse_outcomes(std::vector<Outcome>& list) {
  list.push_back(series_sum("unseen_diffuse_harm_musd", "M$",
                            "diffuse harm of flaws that nobody had seen yet"));
  list.push_back(outcome("diffuse_never_seen_share", "share",
                         "diffuse flaws that nobody saw before they or the run ended",
                         never_seen_share));
  list.push_back(diffuse_delay(
      "diffuse_detection_delay_years",
      "median time from a diffuse flaw's first user until it is seen; NaN: most never are",
      &Events::began_at, &Events::seen_at));
  list.push_back(diffuse_delay("diffuse_attribution_delay_years",
                               "median time from there until it is traced; NaN: most never are",
                               &Events::seen_at, &Events::attributed_at));
  list.push_back(diffuse_delay("diffuse_fix_delay_years",
                               "median time from there until it is fixed; NaN: most never are",
                               &Events::attributed_at, &Events::fixed_at));
}

}  // namespace fingers
