#include "cli/batch_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>

#include "cli/exit_code.hpp"
#include "cli/provenance.hpp"
#include "cli/sidecar.hpp"
#include "cli/terminal.hpp"
#include "engine/parallel.hpp"
#include "engine/signals.hpp"

namespace fingers {

namespace {

namespace fs = std::filesystem;

/// What to know when a batch did not become whole; empty when it did.
std::string shortfall(const EnsembleReport& report, const std::string& output,
                      const BatchTask& task) {
  std::string text;
  if (report.stopped) {
    text += fmt::format(
        "stopped {}: {} of {} runs are kept in {}{}; the same command with "
        "--resume goes on\n",
        stop_requested().load() ? "by a signal" : "at a run that failed",
        with_commas(report.state.done + report.state.failed), with_commas(report.state.total),
        output, task.n_shards > 1 ? ".parts" : " (complete = 0)");
  }
  if (report.state.failed > 0) {
    text += fmt::format("{} of {} runs failed{}; `fingers retry {}` runs them again\n",
                        with_commas(report.state.failed), with_commas(report.state.total),
                        report.first_failure.empty() ? "" : "; the first: " + report.first_failure,
                        output);
  }
  return text;
}

double total_actions(const DatasetTotals& totals) {
  const auto found =
      std::ranges::find(totals.outcome_sums, "actions", &std::pair<std::string, double>::first);
  return found == totals.outcome_sums.end() ? 0 : found->second;
}

std::string seconds_line(const EnsembleReport& report) {
  std::string text = fmt::format("seconds  {:.1f}\n", report.state.seconds);
  if (report.state.before > 0) {
    text += fmt::format("before   {} runs were there already\n", with_commas(report.state.before));
  }
  return text;
}

std::string summary(const EnsembleReport& report, const std::string& output) {
  const DatasetTotals& totals = report.merge.totals;
  const std::uint64_t events = totals.table_rows.empty() ? 0 : totals.table_rows.front().second;
  return fmt::format("file     {}\nruns     {}\nevents   {}\nactions  {}\n{}", output,
                     with_commas(report.state.done), with_commas(events),
                     with_commas(static_cast<std::uint64_t>(total_actions(totals))),
                     seconds_line(report));
}

std::string shard_summary(const EnsembleReport& report, const std::string& output,
                          const BatchTask& task) {
  return fmt::format(
      "parts    {}.parts\nshard    {}/{}\nruns     {} of {}\n{}"
      "when all shards are done: fingers merge {}\n",
      output, task.shard, task.n_shards, with_commas(report.state.done),
      with_commas(report.state.total), seconds_line(report), output);
}

int exit_code(const EnsembleReport& report, Failures failures) {
  if (report.stopped && stop_requested().load()) {
    return stop_exit_code();
  }
  return report.state.failed > 0 && failures != Failures::off ? kFailed : kDone;
}

ProgressMode progress_mode(const std::string& word) {
  if (word == "always") {
    return ProgressMode::always;
  }
  return word == "never" ? ProgressMode::never : ProgressMode::automatic;
}

std::optional<PrecisionTarget> precision_of(const Batch& batch) {
  if (!batch.scenario.experiment.until.asked) {
    return std::nullopt;
  }
  return precision_target(batch.scenario);
}

/// What was asked to be known, and how well it is.
std::string precision_text(const Batch& batch, const Look& look) {
  const PrecisionTarget target = precision_target(batch.scenario);
  std::string text = "\n" + look_text(target, look) + "\n";
  for (const PrecisionEstimate& estimate : look.estimates) {
    const std::size_t point =
        estimate.setting * batch.design.n_combinations() + estimate.combination;
    const std::string less =
        target.contrast ? " - " + batch.scenario.experiment.regimes[target.second] : "";
    text += "  " + batch.design.points[point].name + less + ": " + estimate_text(estimate) + "\n";
  }
  return text;
}

Failures failures_mode(const std::string& word) {
  return static_cast<Failures>(std::ranges::find(kFailuresNames, word) - kFailuresNames.begin());
}

}  // namespace

void add_running_options(CLI::App& line, RunningOptions& options) {
  line.add_option("--threads", options.threads, "worlds side by side (default: all processors)")
      ->check(CLI::Range(1, 4096))
      ->type_name("N");
  line.add_option("--memory", options.memory_bytes,
                  "run fewer worlds at once rather than take more than this, such as 2GB")
      ->transform(CLI::AsSizeValue(true))
      ->type_name("SIZE");
  line.add_option("--save-every", options.save_seconds,
                  "seconds after which finished runs are brought to disk (default 10)")
      ->check(CLI::Range(0.0, 86400.0))
      ->type_name("SECONDS");
  line.add_option("--failures", options.failures,
                  "when a run fails: \"slow\" (default) goes on, \"fast\" begins no\n"
                  "other, \"off\" lets the batch end well; it is recorded in any case")
      ->check(CLI::IsMember({"off", "slow", "fast"}))
      ->type_name("MODE");
  line.add_option("--progress", options.progress, "auto (default), always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->type_name("WHEN");
}

void add_batch_options(CLI::App& line, BatchOptions& options) {
  line.add_option("CONFIG", options.config,
                  "config to run; \"baseline\" is built in, \"-\" is standard input")
      ->required();
  line.add_option("-o,--output", options.output,
                  "results file (default: the config's name, in the current folder)")
      ->type_name("FILE");
  line.add_option("--replicates", options.settings.replicates, "instead of the config's")
      ->type_name("R");
  line.add_option("--seed", options.settings.seed, "instead of the config's seed and seeds")
      ->type_name("S");
  line.add_option("--set", options.settings.set, "/json/pointer=value, put into the config")
      ->allow_extra_args(false)
      ->type_name("SETTING");
  add_running_options(line, options.running);
}

std::string output_path(const BatchOptions& options) {
  if (!options.output.empty()) {
    return options.output;
  }
  if (options.config == "-") {
    throw OutputPlaceError("say with -o where the results of a config from standard input go");
  }
  return fs::path(options.config).filename().replace_extension(".h5").string();
}

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

int run_batch(const Batch& batch, const BatchTask& task, const RunningOptions& running,
              const std::vector<std::string>& command_line) {
  const std::string& output = task.output;
  watch_signals();
  RunCircumstances circumstances;
  circumstances.command_line = command_line;
  circumstances.threads = running.threads > 0 ? running.threads : available_threads();
  circumstances.began = std::chrono::system_clock::now();
  const Simulation simulation(batch.points);
  const RunFunction run = [&](std::uint32_t point, std::uint32_t replicate) {
    return run_point(simulation, batch, point, replicate);
  };
  const EnsembleReport report = run_ensemble(run, describe(batch, simulation, task.provenance),
                                             {.output_path = output,
                                              .threads = running.threads,
                                              .progress = progress_mode(running.progress),
                                              .opening = task.opening,
                                              .segments = {.seconds = running.save_seconds},
                                              .stop = nullptr,
                                              .shard = task.shard,
                                              .n_shards = task.n_shards,
                                              .retry_failed = task.retry_failed,
                                              .failures = failures_mode(running.failures),
                                              .memory_bytes = running.memory_bytes,
                                              .precision = precision_of(batch)});
  circumstances.ended = std::chrono::system_clock::now();
  circumstances.seconds = report.state.seconds;
  circumstances.stopped = report.stopped;
  if (report.merged) {
    write_sidecar(output, circumstances, report.merge.content_digest);
  }
  write_note(shortfall(report, output, task));
  write_result(report.merged ? summary(report, output) : shard_summary(report, output, task));
  if (report.look) {
    write_result(precision_text(batch, *report.look));
  }
  return exit_code(report, failures_mode(running.failures));
}

}  // namespace fingers
