// `fingers rare`: the probability of an event too rare for plain runs, by multilevel splitting.
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <span>

#include "cli/batch_options.hpp"
#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/input.hpp"
#include "cli/rare_report.hpp"
#include "cli/terminal.hpp"
#include "engine/disk.hpp"
#include "engine/parallel.hpp"
#include "engine/signals.hpp"

namespace fingers {

namespace {

struct RareOptions {
  std::string config;
  std::string output;
  Settings settings;
  int threads = 0;
};

/// What is to be found for one point of the design.
SplittingTask task_of(const Batch& batch, const ScoredSimulation& model, std::uint32_t point) {
  const SplittingSpec& spec = batch.scenario.experiment.splitting;
  SplittingTask task{.point = point,
                     .seeds = seeds_of_point(batch.design, batch.scenario.seeds, point),
                     .threshold = model.as_score(spec.threshold),
                     .foretold = spec.guide == Guide::foretold,
                     .levels = {},
                     .trajectories = static_cast<std::uint32_t>(spec.trajectories),
                     .repetitions = static_cast<std::uint32_t>(spec.repetitions),
                     .plain_runs = static_cast<std::uint32_t>(spec.plain_runs)};
  for (const double level : spec.levels) {
    task.levels.push_back(model.as_score(level));
  }
  return task;
}

/// Says why there is nothing to do; answers whether that is so.
bool refused(const Input& input, const RareOptions& options) {
  if (!input.batch.mistakes.empty()) {
    print_mistakes(input.batch.mistakes);
    return true;
  }
  if (!input.batch.scenario.experiment.splitting.asked) {
    write_note("fingers: '" + options.config +
               "' asks for no rare event; say in it which one, for instance\n"
               "  \"experiment\": {\"splitting\": {\"score\": \"bans\", \"threshold\": 1e6}}\n"
               "(docs/rare-events.md)\n");
    return true;
  }
  return false;
}

/// What takes long is not begun for a place that cannot be written to.
void check_place(const RareOptions& options, const std::vector<std::string>& inputs) {
  check_target(options.output, inputs);
  std::error_code ignored;
  const auto folder = std::filesystem::path(options.output).parent_path();
  if (!folder.empty() && !std::filesystem::is_directory(folder, ignored)) {
    throw OutputPlaceError("there is no folder '" + folder.string() + "'; make it first");
  }
}

int rare(const RareOptions& options) {
  const Input input = read_input(options.config, options.settings);
  if (refused(input, options)) {
    return kWrongInput;
  }
  check_place(options, input.files);
  watch_signals();
  const Batch& batch = input.batch;
  const int threads = options.threads > 0 ? options.threads : available_threads();
  const Simulation simulation(batch.points);
  const ScoredSimulation model(simulation, batch.scenario);
  std::vector<RarePoint> points;
  bool all_usable = true;
  write_result(rare_heading(batch));
  for (std::uint32_t p = 0; p < batch.design.points.size(); ++p) {
    const SplittingRuns runs =
        Splitting(model, task_of(batch, model, p)).run(threads, stop_requested());
    if (stop_requested().load()) {
      write_note("fingers: stopped by a signal; nothing was kept\n");
      return stop_exit_code();
    }
    const double confidence = batch.scenario.experiment.splitting.confidence;
    points.push_back(
        {.name = batch.design.points[p].name, .report = splitting_report(runs, confidence)});
    all_usable = all_usable && points.back().report.usable();
    write_result("\n" + rare_text(model, points.back()));
  }
  if (!options.output.empty()) {
    const std::string text = rare_json(batch, model, points);
    write_whole_file(options.output, std::as_bytes(std::span(text)));
  }
  return all_usable ? kDone : kWrongInput;
}

}  // namespace

Command make_rare(CLI::App& program) {
  CLI::App* const line = program.add_subcommand(
      "rare", "Find the probability of an event too rare for plain runs, by splitting");
  const auto options = std::make_shared<RareOptions>();
  line->add_option("CONFIG", options->config,
                   "config that names the event; \"-\" is standard input")
      ->required();
  line->add_option("-o,--output", options->output, "JSON file of all that was found")
      ->type_name("FILE");
  line->add_option("--seed", options->settings.seed, "instead of the config's seed and seeds")
      ->type_name("S");
  line->add_option("--set", options->settings.set, "/json/pointer=value, put into the config")
      ->allow_extra_args(false)
      ->type_name("SETTING");
  line->add_option("--threads", options->threads, "worlds side by side (default: all processors)")
      ->check(CLI::Range(1, 4096))
      ->type_name("N");
  line->footer(
      "Worlds that come near the event are copied and go on with other random numbers, level by\n"
      "level. Plain runs are made beside it. The exit code is 2 where splitting does not help:\n"
      "then the reasons are given, and what plain runs say, instead of an estimate.\n"
      "\n"
      "Example:\n"
      "  fingers rare configs/rare/attempts.json -o results/attempts.json\n");
  return {.line = line, .act = [options] { return rare(*options); }};
}

}  // namespace fingers
