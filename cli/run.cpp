// `fingers run`: a config becomes a results file.
#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <memory>

#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/input.hpp"
#include "cli/provenance.hpp"
#include "cli/sidecar.hpp"
#include "cli/terminal.hpp"
#include "engine/ensemble.hpp"
#include "engine/parallel.hpp"
#include "engine/signals.hpp"

namespace fingers {

namespace {

namespace fs = std::filesystem;

struct RunOptions {
  std::string config;
  std::string output;
  Settings settings;
  int threads = 0;
  std::string progress = "auto";
  bool overwrite = false;
};

/// Where the results go: what -o says, or the config's name in the current folder.
std::string output_path(const RunOptions& options) {
  if (!options.output.empty()) {
    return options.output;
  }
  if (options.config == "-") {
    throw OutputPlaceError("say with -o where the results of a config from standard input go");
  }
  return fs::path(options.config).filename().replace_extension(".h5").string();
}

/// Refuses to replace what is no results file: a folder, a device, or a config that was just read.
void check_target(const std::string& output, const std::vector<std::string>& inputs) {
  std::error_code ignored;
  for (const std::string& input : inputs) {
    if (fs::equivalent(output, input, ignored)) {
      throw OutputPlaceError("'" + output + "' is the config itself; use another -o");
    }
  }
  if (fs::exists(output, ignored) && !fs::is_regular_file(output, ignored)) {
    throw OutputPlaceError("cannot write '" + output + "': it is there, and is no file");
  }
}

/// What to know when a batch did not become whole; empty when it did.
std::string shortfall(const EnsembleReport& report, const std::string& output) {
  std::string text;
  if (report.stopped) {
    text += fmt::format(
        "stopped by a signal: {} of {} runs are kept in {} (complete = 0); the same command with "
        "--overwrite begins anew\n",
        with_commas(report.state.done), with_commas(report.state.total), output);
  }
  if (report.state.failed > 0) {
    text += fmt::format("{} of {} runs failed; the first: {}\n", with_commas(report.state.failed),
                        with_commas(report.state.total), report.first_failure);
  }
  return text;
}

std::string summary(const EnsembleReport& report, const DatasetInfo& info,
                    const std::string& output) {
  double actions = 0;
  for (const auto& [name, sum] : info.outcome_sums) {
    actions = name == "actions" ? sum : actions;
  }
  return fmt::format("file     {}\nruns     {}\nevents   {}\nactions  {}\nseconds  {:.1f}\n",
                     output, with_commas(report.state.done), with_commas(report.state.events),
                     with_commas(static_cast<std::uint64_t>(actions)), report.state.seconds);
}

int exit_code(const EnsembleReport& report) {
  if (report.stopped) {
    return stop_exit_code();
  }
  return report.state.failed > 0 ? kFailed : kDone;
}

ProgressMode progress_mode(const std::string& word) {
  if (word == "always") {
    return ProgressMode::always;
  }
  return word == "never" ? ProgressMode::never : ProgressMode::automatic;
}

EnsembleReport execute(const RunOptions& options, const Input& input, const std::string& output) {
  const Simulation simulation(input.batch.points);
  const StreamSeeds& seeds = input.batch.scenario.seeds;
  const RunFunction run = [&](std::uint32_t point, std::uint32_t replicate) {
    return run_world(simulation, seeds, point, replicate);
  };
  const std::string command = repeat_command(options.config, options.settings);
  return run_ensemble(run, describe(input.batch, simulation, command),
                      {.output_path = output,
                       .threads = options.threads,
                       .progress = progress_mode(options.progress),
                       .overwrite = options.overwrite,
                       .segments = {}});
}

int run(const RunOptions& options, const std::vector<std::string>& command_line) {
  const Input input = read_input(options.config, options.settings);
  if (!input.batch.mistakes.empty()) {
    print_mistakes(input.batch.mistakes);
    return kWrongInput;
  }
  const std::string output = output_path(options);
  check_target(output, input.files);
  watch_signals();
  RunCircumstances circumstances;
  circumstances.command_line = command_line;
  circumstances.threads = options.threads > 0 ? options.threads : available_threads();
  circumstances.began = std::chrono::system_clock::now();
  const EnsembleReport report = execute(options, input, output);
  circumstances.ended = std::chrono::system_clock::now();
  circumstances.seconds = report.state.seconds;
  circumstances.stopped = report.stopped;
  write_sidecar(output, circumstances);
  write_note(shortfall(report, output));
  write_result(summary(report, read_info(output), output));
  return exit_code(report);
}

}  // namespace

Command make_run(CLI::App& program, std::vector<std::string> command_line) {
  CLI::App* const line = program.add_subcommand("run", "Run a config and write its results");
  const auto options = std::make_shared<RunOptions>();
  line->add_option("CONFIG", options->config,
                   "config to run; \"baseline\" is built in, \"-\" is standard input")
      ->required();
  line->add_option("-o,--output", options->output,
                   "results file (default: the config's name, in the current folder)")
      ->type_name("FILE");
  line->add_option("--threads", options->threads, "worlds side by side (default: all processors)")
      ->check(CLI::Range(1, 4096))
      ->type_name("N");
  line->add_option("--replicates", options->settings.replicates, "instead of the config's")
      ->type_name("R");
  line->add_option("--seed", options->settings.seed, "instead of the config's seed and seeds")
      ->type_name("S");
  line->add_option("--set", options->settings.set, "/json/pointer=value, put into the config")
      ->allow_extra_args(false)
      ->type_name("SETTING");
  line->add_option("--progress", options->progress, "auto (default), always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->type_name("WHEN");
  line->add_flag("--overwrite", options->overwrite, "replace results that are there");
  line->footer(
      "Example:\n"
      "  fingers run configs/release-regimes.json -o results/release-regimes.h5 --replicates 20 "
      "\\\n"
      "    --set /population/developers/count=5000\n");
  return {.line = line, .act = [options, command_line = std::move(command_line)] {
            return run(*options, command_line);
          }};
}

}  // namespace fingers
