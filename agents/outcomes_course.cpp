// Outcomes of the course of things (M15): acts, bans, flaws and fixes, freedoms, as sums and means
// of recorded quantities.
#include <cmath>

#include "agents/freedom.hpp"
#include "agents/outcome_parts.hpp"

namespace fingers {

namespace {

Outcome coverage(int days) {
  const std::string taken = "panel_taken_" + std::to_string(days) + "d";
  return outcome("patch_coverage_" + std::to_string(days) + "_days", "share",
                 "fixes of weights that private deployments took within this time",
                 [taken](const Recorded& r) {
                   const double all = sum_of(series_named(r, "panel_fixes"));
                   return all > 0 ? sum_of(series_named(r, taken)) / all : kNoValue;
                 });
}

Outcome lead() {
  return outcome("home_lead_months", "month",
                 "lead of the home bloc over its best adversary state, mean over the months in "
                 "which it has one",
                 [](const Recorded& r) {
                   double sum = 0;
                   double n = 0;
                   for (const float x : series_named(r, "home_lead_months")) {
                     sum += std::isnan(x) ? 0.0 : static_cast<double>(x);
                     n += std::isnan(x) ? 0.0 : 1.0;
                   }
                   return n > 0 ? sum / n : kNoValue;
                 });
}

}  // namespace

void add_course_outcomes(std::vector<Outcome>& list) {
  list.push_back(series_sum("actions", "1", "acts of community developers"));
  list.push_back(series_sum("attempts", "1", "attempts of bad actors"));
  list.push_back(series_sum("hosted_attempts", "1", "of these, at hosts"));
  list.push_back(series_sum("seen_attempts", "1", "of these, seen by monitors"));
  list.push_back(series_sum("near_misses", "1", "presses that care or a host stopped"));
  list.push_back(series_sum("bans", "1", "accounts banned by hosts"));
  list.push_back(series_sum("wrongful_bans", "1", "of these, of honest users"));
  list.push_back(series_sum("finds", "1", "flaws found by eyeballs"));
  list.push_back(series_sum("fixes", "1", "fixes published"));
  list.push_back(series_sum("stolen_models", "1", "models that states stole from labs"));
  list.push_back(lead());
  list.push_back(series_sum("benefit", "1", "acts weighted by what they are worth"));
  for (const int days : {30, 90, 365}) {
    list.push_back(coverage(days));
  }
  list.push_back(outcome("never_patched_share", "share",
                         "fixes of weights that private deployments never take",
                         [](const Recorded& r) {
                           const double all = sum_of(series_named(r, "panel_fixes"));
                           return all > 0 ? sum_of(series_named(r, "panel_never")) / all : kNoValue;
                         }));
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

}  // namespace fingers
