// `fingers plan`: what a batch will take, before it is begun.
#include <fmt/format.h>

#include <cmath>
#include <memory>

#include "cli/batch_options.hpp"
#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/provenance.hpp"
#include "cli/terminal.hpp"
#include "engine/parallel.hpp"
#include "engine/pilot.hpp"
#include "engine/progress.hpp"

namespace fingers {

namespace {

struct PlanOptions {
  BatchOptions batch;
  double pilot_seconds = 5;
};

/// For 95 % of a normal estimate.
constexpr double kInterval = 1.96;

/// 12345678 → "12.3 MB", 12345678901 → "12.3 GB".
std::string bytes_text(double bytes) {
  constexpr double kGigabyte = 1e9;
  constexpr double kMegabyte = 1e6;
  return bytes < kGigabyte ? fmt::format("{:.1f} MB", bytes / kMegabyte)
                           : fmt::format("{:.1f} GB", bytes / kGigabyte);
}

/// What a whole batch takes, by a pilot.
struct Forecast {
  double seconds = 0;
  double seconds_error = 0;
  double file_bytes = 0;
  double disk_bytes = 0;  ///< while it is made
  double memory_bytes = 0;
};

Forecast forecast_of(const PilotReport& pilot, std::uint64_t n_runs, int threads) {
  // The segment that is being built, its packed image, runs that wait, and the chunks of a merge.
  constexpr double kWritingBytes = 200e6;
  const auto n = static_cast<double>(n_runs);
  const double kept = std::min(kWritingBytes, 4 * n * pilot.parts_bytes_a_run);
  return {.seconds = n * pilot.seconds_a_run.mean / threads,
          .seconds_error = kInterval * n * pilot.seconds_a_run.error / threads,
          .file_bytes = n * pilot.file_bytes_a_run,
          .disk_bytes = n * (pilot.file_bytes_a_run + pilot.parts_bytes_a_run),
          .memory_bytes = static_cast<double>(pilot.memory_bytes) + kept};
}

std::string describe(const PilotReport& pilot, const Forecast& forecast, const Design& design,
                     int threads, bool at_most) {
  const auto n = static_cast<double>(design.n_runs());
  return fmt::format(
      "runs     {}{} ({} points × {} replicates)\n"
      "events   about {} ± {}\n"
      "time     about {} ± {} on {} threads\n"
      "file     about {}\n"
      "disk     about {} while it is made\n"
      "memory   about {}\n"
      "pilot    {} runs, {:.0f} ms each\n",
      at_most ? "at most " : "", with_commas(design.n_runs()), with_commas(design.points.size()),
      with_commas(design.replicates),
      with_commas(static_cast<std::uint64_t>(n * pilot.events_a_run.mean)),
      with_commas(static_cast<std::uint64_t>(kInterval * n * pilot.events_a_run.error)),
      as_duration(forecast.seconds), as_duration(forecast.seconds_error), threads,
      bytes_text(forecast.file_bytes), bytes_text(forecast.disk_bytes),
      bytes_text(forecast.memory_bytes), pilot.n_runs, 1e3 * pilot.seconds_a_run.mean);
}

/// What does not fit; empty: nothing.
std::string misfit(const Forecast& forecast, const std::string& output,
                   std::uint64_t memory_limit) {
  std::string text;
  const auto disk = static_cast<double>(free_disk_bytes(output));
  if (forecast.disk_bytes > disk) {
    text += fmt::format("it does not fit: it needs about {} of disk beside '{}', and {} are free\n",
                        bytes_text(forecast.disk_bytes), output, bytes_text(disk));
  }
  const auto available = static_cast<double>(available_memory_bytes());
  if (forecast.memory_bytes > available && memory_limit == 0) {
    text += fmt::format(
        "it does not fit: it takes about {} of memory, and {} are available; "
        "fewer --threads, or --memory, take less\n",
        bytes_text(forecast.memory_bytes), bytes_text(available));
  }
  return text;
}

int plan(const PlanOptions& options) {
  const Input input = read_input(options.batch.config, options.batch.settings);
  if (!input.batch.mistakes.empty()) {
    print_mistakes(input.batch.mistakes);
    return kWrongInput;
  }
  const std::string output = output_path(options.batch);
  const int threads =
      options.batch.running.threads > 0 ? options.batch.running.threads : available_threads();
  const Simulation simulation(input.batch.points);
  const RunFunction run = [&](std::uint32_t point, std::uint32_t replicate) {
    return run_point(simulation, input.batch, point, replicate);
  };
  const DatasetDescription about = describe(input.batch, simulation, "");
  const PilotReport pilot = run_pilot(run, about, threads, options.pilot_seconds);
  const Forecast forecast = forecast_of(pilot, about.design.n_runs(), threads);
  write_result(describe(pilot, forecast, about.design, threads,
                        input.batch.scenario.experiment.until.asked));
  if (pilot.n_failed > 0) {
    write_note(fmt::format("{} runs of the pilot failed\n", with_commas(pilot.n_failed)));
  }
  const std::string text = misfit(forecast, output, options.batch.running.memory_bytes);
  write_note(text);
  return text.empty() ? kDone : kWrongInput;
}

}  // namespace

Command make_plan(CLI::App& program) {
  CLI::App* const line = program.add_subcommand(
      "plan", "Say how long a config will run and what disk and memory it takes");
  const auto options = std::make_shared<PlanOptions>();
  add_batch_options(*line, options->batch);
  line->add_option("--pilot", options->pilot_seconds, "seconds to try some of its runs (default 5)")
      ->check(CLI::Range(0.01, 86400.0))
      ->type_name("SECONDS");
  line->footer(
      "The numbers come from runs of points all over the design; ± is for 95 %. The exit code is "
      "2\n"
      "when the batch cannot fit.\n"
      "\n"
      "Example:\n"
      "  fingers plan configs/release-regimes.json --replicates 1000\n");
  return {.line = line, .act = [options] { return plan(*options); }};
}

}  // namespace fingers
