#include "agents/until.hpp"

#include <algorithm>

#include "agents/outcomes.hpp"
#include "agents/scenario.hpp"
#include "engine/contract.hpp"
#include "engine/mistake.hpp"

namespace fingers {

namespace {

constexpr Range kReplicates{.low = 30, .high = 1e9};

/// An outcome that is the year of something that may not come: its probability is estimated.
bool is_event(const ColumnDeclaration& outcome) { return outcome.unit == "year"; }

std::string nearest_text(const std::string& name, const std::vector<std::string>& known,
                         const std::string& otherwise) {
  const std::string nearest = nearest_name(name, known);
  return nearest.empty() ? otherwise : "; did you mean \"" + nearest + "\"?";
}

void check_outcome(Parameters& p, const Scenario& x) {
  const Until& until = x.experiment.until;
  std::vector<std::string> known;
  for (const ColumnDeclaration& column : outcome_columns(x)) {
    known.push_back(column.name);
    if (column.name == until.outcome && is_event(column) && until.half_width >= 0.5) {
      p.reject("experiment/until/half_width",
               "must be below 0.5: of \"" + column.name +
                   "\" the probability is estimated that it comes at all");
    }
  }
  if (std::ranges::count(known, until.outcome) == 0 && !until.outcome.empty()) {
    p.reject("experiment/until/outcome",
             "there is no outcome \"" + until.outcome + "\"" +
                 nearest_text(until.outcome, known, "; `fingers schema --data` lists them"));
  }
}

void check_contrast(Parameters& p, const Scenario& x) {
  const std::vector<std::string>& contrast = x.experiment.until.contrast;
  const std::vector<std::string>& regimes = x.experiment.regimes;
  if (!contrast.empty() && contrast.size() != 2) {
    p.reject("experiment/until/contrast", "must name two regimes, or be null");
    return;
  }
  if (!contrast.empty() && x.experiment.regime_column()) {
    p.reject("experiment/until/contrast",
             "points that name their regimes make no pairs; leave the column \"regime\" out, and "
             "every point is tried under both");
    return;
  }
  for (std::size_t i = 0; i < contrast.size(); ++i) {
    if (std::ranges::count(regimes, contrast[i]) == 0) {
      p.reject("experiment/until/contrast/" + std::to_string(i),
               "\"" + contrast[i] + "\" is no regime of this experiment" +
                   nearest_text(contrast[i], regimes, ""));
    }
  }
  if (contrast.size() == 2 && contrast[0] == contrast[1]) {
    p.reject("experiment/until/contrast/1", "is the same regime as the first");
  }
}

std::uint32_t place_of(const std::vector<std::string>& names, const std::string& name) {
  const auto found = std::ranges::find(names, name);
  EXPECT_CONTRACT(found != names.end());
  return static_cast<std::uint32_t>(found - names.begin());
}

}  // namespace

void declare_until(Parameters& p, Until& x) {
  x.asked = p.is_reading();
  p.begin("until", "instead of `replicates`: add replicates until intervals are narrow enough");
  p.text("outcome", x.outcome, {.standard = {}, .meaning = "outcome that is to be known"});
  p.words("contrast", x.contrast, {},
          "two regimes: the paired difference, first less second, at every combination of factors; "
          "without them every point on its own");
  p.number("half_width", x.half_width,
           {"of the outcome",
            kRequired,
            {1e-12, std::numeric_limits<double>::infinity()},
            {},
            "choice",
            "half of the interval's width, at most; of a year-or-none outcome as a probability"});
  p.number("confidence", x.confidence,
           {"-", 0.95, {0.5, 0.9999}, {}, "choice", "of each interval, over all looks together"});
  p.whole("minimum", x.minimum,
          {"1/point", 200, kReplicates, {}, "choice", "replicates before the first look"});
  p.whole("maximum", x.maximum,
          {"1/point", kRequired, kReplicates, {}, "choice", "replicates at most"});
  if (p.is_reading() && x.maximum > 0 && x.maximum < x.minimum) {
    p.reject("maximum", "is below the minimum, " + std::to_string(x.minimum));
  }
  p.end();
}

void check_until(Parameters& p, const Scenario& x) {
  if (x.experiment.until.asked) {
    check_outcome(p, x);
    check_contrast(p, x);
  }
}

PrecisionTarget precision_target(const Scenario& x) {
  const Until& until = x.experiment.until;
  EXPECT_CONTRACT(until.asked);
  const std::vector<ColumnDeclaration> columns = outcome_columns(x);
  const auto column = std::ranges::find(columns, until.outcome, &ColumnDeclaration::name);
  EXPECT_CONTRACT(column != columns.end());
  PrecisionTarget target{.outcome = until.outcome,
                         .outcome_index = static_cast<std::size_t>(column - columns.begin()),
                         .event = is_event(*column),
                         .contrast = !until.contrast.empty(),
                         .first = 0,
                         .second = 0,
                         .half_width = until.half_width,
                         .confidence = until.confidence,
                         .minimum = static_cast<std::uint32_t>(until.minimum),
                         .maximum = static_cast<std::uint32_t>(until.maximum)};
  if (target.contrast) {
    target.first = place_of(x.experiment.regimes, until.contrast[0]);
    target.second = place_of(x.experiment.regimes, until.contrast[1]);
  }
  return target;
}

}  // namespace fingers
