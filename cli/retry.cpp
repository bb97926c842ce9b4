// `fingers retry`: runs again what failed, and what is missing.
#include <memory>

#include "cli/batch_options.hpp"
#include "cli/command.hpp"
#include "cli/results_file.hpp"

namespace fingers {

namespace {

struct RetryOptions {
  std::string path;
  RunningOptions running;
};

int retry(const RetryOptions& options, const std::vector<std::string>& command_line) {
  const ResultsFile file = read_results_file(options.path);
  return run_batch(file.batch,
                   {.output = options.path,
                    .provenance = file.provenance,
                    .opening = Opening::go_on,
                    .retry_failed = true},
                   options.running, command_line);
}

}  // namespace

Command make_retry(CLI::App& program, std::vector<std::string> command_line) {
  CLI::App* const line = program.add_subcommand(
      "retry", "Run again the runs of a results file that failed or are missing");
  const auto options = std::make_shared<RetryOptions>();
  line->add_option("FILE", options->path, "results file; its config is in it")->required();
  add_running_options(*line, options->running);
  line->footer("Example:\n  fingers retry results/release-regimes.h5\n");
  return {.line = line, .act = [options, command_line = std::move(command_line)] {
            return retry(*options, command_line);
          }};
}

}  // namespace fingers
