// Outcomes of derivatives (M5.5) and of fixes that come down their lines (M6.5).
#include "agents/outcome_parts.hpp"

namespace fingers {

namespace {

Outcome layer_coverage(std::size_t layer) {
  const std::string panel = "panel_layer_" + std::to_string(layer);
  return outcome("patch_coverage_90_days_layer_" + std::to_string(layer), "share",
                 "fixes that private deployments of a derivative so many layers up took in 90 days",
                 [panel](const Recorded& r) {
                   const double all = sum_of(series_named(r, panel + "_fixes"));
                   return all > 0 ? sum_of(series_named(r, panel + "_taken_90d")) / all : kNoValue;
                 });
}

}  // namespace

void add_lineage_outcomes(std::vector<Outcome>& list) {
  list.push_back(series_sum("derivatives", "1", "public derivatives published"));
  list.push_back(series_sum("exploits", "1", "attempts that attacked deployments through a flaw"));
  list.push_back(outcome("learnt_open_share", "share",
                         "private deployments still open when bad actors know a hole, over fixes",
                         [](const Recorded& r) {
                           const double all = sum_of(series_named(r, "security_fixes"));
                           return all > 0 ? sum_of(series_named(r, "learnt_open")) / all : kNoValue;
                         }));
  for (std::size_t layer = 1; layer <= kPanelLayers; ++layer) {
    list.push_back(layer_coverage(layer));
  }
}

}  // namespace fingers
