// Declarations of a rare event: its score, its threshold, and the effort of each level.
#include "agents/scenario_splitting.hpp"

#include <algorithm>

#include "agents/record.hpp"
#include "agents/scenario.hpp"
#include "engine/mistake.hpp"

namespace fingers {

namespace {

/// Together below 2^32, for every trajectory has a replicate of its own.
constexpr Range kTrajectories{.low = 10, .high = 1e6};
constexpr Range kRepetitions{.low = 20, .high = 1000};
constexpr Range kPlainRuns{.low = 100, .high = 1e5};

void declare_effort(Parameters& p, SplittingSpec& x) {
  p.whole("trajectories", x.trajectories,
          {"1/level", 200, kTrajectories, {}, "choice", "worlds of each level in each repetition"});
  p.whole("repetitions", x.repetitions,
          {"1",
           20,
           kRepetitions,
           {},
           "choice",
           "independent repetitions, over which the interval is taken"});
  p.whole("plain_runs", x.plain_runs,
          {"1",
           1000,
           kPlainRuns,
           {},
           "choice",
           "runs from beginning to end: levels are chosen by them, and held against them"});
  p.number("confidence", x.confidence,
           {"-", 0.95, {0.5, 0.9999}, {}, "choice", "of each interval"});
}

/// Levels get harder, and all are easier than the event.
void check_levels(Parameters& p, const SplittingSpec& x) {
  const double sign = x.over_time == OverTime::lowest ? -1 : 1;
  for (std::size_t i = 0; i < x.levels.size(); ++i) {
    const bool last = i + 1 == x.levels.size();
    const double next = last ? x.threshold : x.levels[i + 1];
    if (!(sign * x.levels[i] < sign * next)) {
      p.reject("levels/" + std::to_string(i), std::string("must lie before the ") +
                                                  (last ? "threshold" : "next level") +
                                                  ": levels go from the easiest to the hardest");
    }
  }
}

}  // namespace

void declare_splitting(Parameters& p, SplittingSpec& x) {
  x.asked = p.is_reading();
  p.begin("splitting",
          "a rare event, whose probability `fingers rare` finds by multilevel splitting");
  p.text("score", x.score,
         {.standard = {}, .meaning = "recorded quantity that says how near a world is to it"});
  std::size_t over_time = 0;
  p.choice("over_time", over_time, kOverTimeNames,
           {.standard = "sum",
            .meaning = "what counts: the sum of the quantity over the months so far; the highest "
                       "month; the lowest month, and then the event is a value at or below the "
                       "threshold"});
  x.over_time = static_cast<OverTime>(std::min(over_time, kOverTimeNames.size() - 1));
  p.number("threshold", x.threshold,
           {"of the score",
            kRequired,
            {},
            {},
            "choice",
            "the event: the score reaches this within the horizon"});
  std::size_t guide = 0;
  p.choice(
      "guide", guide, kGuideNames,
      {.standard = "foretold",
       .meaning = "what levels are of: the score that a line fitted to the plain runs foretells "
                  "for the end, or the score so far"});
  x.guide = static_cast<Guide>(std::min(guide, kGuideNames.size() - 1));
  p.numbers("levels", x.levels,
            "levels on the way to the threshold, from the easiest on; without them a pilot chooses "
            "levels that a fifth of its worlds reach from the one before");
  declare_effort(p, x);
  if (p.is_reading()) {
    check_levels(p, x);
  }
  p.end();
}

void check_splitting(Parameters& p, const Scenario& x) {
  const SplittingSpec& spec = x.experiment.splitting;
  if (!spec.asked || spec.score.empty()) {
    return;
  }
  const std::vector<ColumnDeclaration> columns = series_columns(x);
  if (std::ranges::count(columns, spec.score, &ColumnDeclaration::name) > 0) {
    return;
  }
  std::vector<std::string> known;
  for (const ColumnDeclaration& column : columns) {
    known.push_back(column.name);
  }
  const std::string nearest = nearest_name(spec.score, known);
  p.reject("experiment/splitting/score",
           "there is no recorded quantity \"" + spec.score + "\"" +
               (nearest.empty() ? "; `fingers schema --data` lists them"
                                : "; did you mean \"" + nearest + "\"?"));
}

}  // namespace fingers
