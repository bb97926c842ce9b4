// `fingers expand`: adds to results what a larger config asks for beyond them.
#include <filesystem>
#include <memory>

#include "cli/batch_options.hpp"
#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/provenance.hpp"

namespace fingers {

namespace {

int expand(const BatchOptions& options, const std::vector<std::string>& command_line) {
  const Input input = read_input(options.config, options.settings);
  if (!input.batch.mistakes.empty()) {
    print_mistakes(input.batch.mistakes);
    return kWrongInput;
  }
  const std::string output = output_path(options);
  check_target(output, input.files);
  if (!std::filesystem::exists(output) && !std::filesystem::exists(output + ".parts")) {
    throw InputError("there is nothing to expand: no file '" + output + "'");
  }
  return run_batch(
      input.batch,
      {.output = output,
       .provenance = provenance_text(input.batch, repeat_command(options.config, options.settings)),
       .opening = Opening::go_on},
      options.running, command_line);
}

}  // namespace

Command make_expand(CLI::App& program, std::vector<std::string> command_line) {
  CLI::App* const line = program.add_subcommand(
      "expand", "Add the points and replicates that results lack of a larger config");
  const auto options = std::make_shared<BatchOptions>();
  add_batch_options(*line, *options);
  line->footer(
      "The file becomes the one that `fingers run` makes of the config, byte for byte; what is\n"
      "there is not run again. The config must ask for every run that is there.\n"
      "\n"
      "Example:\n"
      "  fingers expand configs/release-regimes.json -o results/release-regimes.h5 --replicates "
      "400\n");
  return {.line = line, .act = [options, command_line = std::move(command_line)] {
            return expand(*options, command_line);
          }};
}

}  // namespace fingers
