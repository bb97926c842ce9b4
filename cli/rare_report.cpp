#include "cli/rare_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cli/terminal.hpp"
#include "cli/versions.hpp"
#include "engine/config_reader.hpp"
#include "engine/json_text.hpp"
#include "engine/progress.hpp"

namespace fingers {

namespace {

std::string interval_text(const Interval& interval) {
  return fmt::format("{:.2g} to {:.2g}", interval.low, interval.high);
}

std::string cost_text(const SplittingReport& report) {
  return fmt::format("  months       {} of repetitions, {} of plain runs, {} of the pilot\n",
                     with_commas(report.steps), with_commas(report.plain_steps),
                     with_commas(report.pilot_steps));
}

std::string reduction_range(const SplittingReport& report) {
  const Interval& interval = report.reduction_interval;
  return std::isnan(interval.low) ? ""
                                  : fmt::format(" ({:.3g} to {:.3g})", interval.low, interval.high);
}

std::string estimate_lines(const SplittingReport& report) {
  const SplittingLevel& event = report.event();
  const double half = event.interval.half_width() / event.probability;
  return fmt::format(
             "  probability  {:.2e} ({:.2e} to {:.2e}, ± {:.0f} %), {} repetitions\n"
             "  repetitions  standard deviation {:.2f} of the mean, median {:.2f} of it, the "
             "greatest {:.0f} % of the sum\n",
             event.probability, event.interval.low, event.interval.high, 100 * half,
             report.estimates.size(), report.relative_deviation, report.median_over_mean,
             100 * report.largest_share) +
         cost_text(report) +
         fmt::format("  reduction    {:.3g}{}: plain runs as sharp would take {:.3g} months\n",
                     report.reduction, reduction_range(report), report.plain_steps_needed);
}

std::string refusal_lines(const SplittingReport& report) {
  std::string text = "  not usable: splitting does not help here\n";
  for (const SplittingDoubt doubt : report.doubts) {
    text += "    - " + doubt_text(report, doubt) + "\n";
  }
  const SplittingLevel& event = report.event();
  return text + "  plain runs   " +
         probability_text(event.plain_count, report.n_plain, event.plain_interval) + "\n" +
         cost_text(report);
}

std::string level_line(const ScoredSimulation& model, const SplittingReport& report,
                       const SplittingLevel& level) {
  const std::string apart = std::isnan(level.errors_apart)
                                ? ""
                                : fmt::format("{:+.1f} standard errors apart", level.errors_apart);
  return "  " + padded(fmt::format("{:.6g}", model.as_score(level.level)), 14) +
         padded(fmt::format("{:.2e}", level.probability), 11) +
         padded(interval_text(level.interval), 22) +
         padded(fmt::format("{} of {}", level.plain_count, report.n_plain), 15) +
         padded(interval_text(level.plain_interval), 18) + apart;
}

std::string without_trailing_spaces(std::string text) {
  text.erase(text.find_last_not_of(' ') + 1);
  return text + "\n";
}

std::string number_or_null(double x) { return std::isfinite(x) ? number_text(x) : "null"; }

std::string interval_json(const Interval& interval) {
  return json_list({number_or_null(interval.low), number_or_null(interval.high)});
}

std::string level_json(const ScoredSimulation& model, const SplittingReport& report,
                       const SplittingLevel& level) {
  return JsonObject(JsonObject::Layout::line)
      .number("level", model.as_score(level.level))
      .number("probability", level.probability)
      .json("interval", interval_json(level.interval))
      .whole("plain_count", level.plain_count)
      .whole("plain_runs", report.n_plain)
      .json("plain_interval", interval_json(level.plain_interval))
      .number("errors_apart", level.errors_apart)
      .str();
}

std::vector<std::string> numbers(const std::vector<double>& values) {
  std::vector<std::string> texts;
  for (const double value : values) {
    texts.push_back(number_or_null(value));
  }
  return texts;
}

std::string point_json(const ScoredSimulation& model, const RarePoint& point) {
  const SplittingReport& report = point.report;
  const SplittingLevel& event = report.event();
  std::vector<std::string> doubts;
  std::vector<std::string> levels;
  for (const SplittingDoubt doubt : report.doubts) {
    doubts.push_back(JsonObject(JsonObject::Layout::line)
                         .text("name", doubt_name(doubt))
                         .text("text", doubt_text(report, doubt))
                         .str());
  }
  for (const SplittingLevel& level : report.levels) {
    levels.push_back(level_json(model, report, level));
  }
  const bool usable = report.usable();
  return JsonObject(JsonObject::Layout::line)
      .text("point", point.name)
      .json("usable", usable ? "true" : "false")
      .json("doubts", json_list(doubts))
      .json("probability", usable ? number_or_null(event.probability) : "null")
      .json("interval", usable ? interval_json(event.interval) : "null")
      .whole("repetitions", report.estimates.size())
      .number("relative_deviation", report.relative_deviation)
      .number("median_over_mean", report.median_over_mean)
      .number("largest_share", report.largest_share)
      .number("leap_share", report.leap_share)
      .whole("steps", report.steps)
      .whole("plain_steps", report.plain_steps)
      .whole("pilot_steps", report.pilot_steps)
      .number("plain_steps_needed", report.plain_steps_needed)
      .number("reduction", report.reduction)
      .json("reduction_interval", interval_json(report.reduction_interval))
      .json("levels", json_list(levels))
      .json("estimates", json_list(numbers(report.estimates)))
      .str();
}

}  // namespace

std::string rare_heading(const Batch& batch) {
  const SplittingSpec& spec = batch.scenario.experiment.splitting;
  return fmt::format(
      "event    {}, within {:g} years\neffort   {} repetitions of {} worlds a level; {} plain "
      "runs; {:g} % intervals\n",
      event_text(batch.scenario), batch.scenario.time.years, spec.repetitions,
      with_commas(spec.trajectories), with_commas(spec.plain_runs), 100 * spec.confidence);
}

std::string rare_text(const ScoredSimulation& model, const RarePoint& point) {
  const SplittingReport& report = point.report;
  std::string text =
      point.name + "\n" + (report.usable() ? estimate_lines(report) : refusal_lines(report));
  text += "  level         splitting  interval              plain runs     interval\n";
  for (const SplittingLevel& level : report.levels) {
    text += without_trailing_spaces(level_line(model, report, level));
  }
  return text;
}

std::string rare_json(const Batch& batch, const ScoredSimulation& model,
                      const std::vector<RarePoint>& points) {
  const SplittingSpec& spec = batch.scenario.experiment.splitting;
  std::vector<std::string> items;
  for (const RarePoint& point : points) {
    items.push_back(point_json(model, point));
  }
  return JsonObject(JsonObject::Layout::lines)
             .text("software", fmt::format("enough-fingers {}", program_version()))
             .text("event", event_text(batch.scenario))
             .text("score", spec.score)
             .text("over_time", kOverTimeNames[static_cast<std::size_t>(spec.over_time)])
             .number("threshold", spec.threshold)
             .number("years", batch.scenario.time.years)
             .number("confidence", spec.confidence)
             .whole("trajectories", spec.trajectories)
             .whole("dynamics_seed", batch.scenario.seeds.dynamics)
             .json("points", json_lines(items))
             .str() +
         "\n";
}

}  // namespace fingers
