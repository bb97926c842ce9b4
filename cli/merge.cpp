// `fingers merge`: parts and results files of any machines become one results file.
#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <memory>

#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/results_file.hpp"
#include "cli/sidecar.hpp"
#include "cli/terminal.hpp"
#include "engine/parallel.hpp"
#include "engine/progress.hpp"
#include "engine/run_sources.hpp"

namespace fingers {

namespace {

namespace fs = std::filesystem;

struct MergeOptions {
  std::vector<std::string> inputs;
  std::string output;
};

/// The output of a merge of the parts of one batch.
std::string own_output(const MergeOptions& options) {
  constexpr std::string_view kParts = ".parts";
  if (!options.output.empty()) {
    return options.output;
  }
  if (options.inputs.size() > 1) {
    throw OutputPlaceError("say with -o where the merged results go");
  }
  const std::string& only = options.inputs.front();
  return only.ends_with(kParts) ? only.substr(0, only.size() - kParts.size()) : only;
}

/// Where to look for runs: for a results file also into its parts.
std::vector<std::string> all_places(const std::vector<std::string>& inputs) {
  std::vector<std::string> places;
  for (const std::string& input : inputs) {
    const std::vector<std::string> found =
        fs::is_directory(input) ? std::vector<std::string>{input} : places_of(input);
    if (found.empty()) {
      throw InputError(
          fmt::format("cannot read '{}': there is no such file, and no parts of it", input));
    }
    places.insert(places.end(), found.begin(), found.end());
  }
  return places;
}

void check_output(const std::string& output, const std::vector<std::string>& inputs) {
  std::error_code ignored;
  bool is_input = false;
  for (const std::string& input : inputs) {
    is_input = is_input || fs::equivalent(output, input, ignored);
  }
  const bool has_parts = fs::is_directory(output + ".parts", ignored);
  if (fs::exists(output, ignored) && !is_input && !has_parts) {
    throw OutputPlaceError("'" + output +
                           "' exists already, and is none of the inputs; name it "
                           "among them to add to it, or use another -o");
  }
}

int merge(const MergeOptions& options, const std::vector<std::string>& command_line) {
  const std::string output = own_output(options);
  check_output(output, options.inputs);
  RunCircumstances circumstances;
  circumstances.command_line = command_line;
  circumstances.threads = available_threads();
  circumstances.began = std::chrono::system_clock::now();
  const std::vector<std::string> places = all_places(options.inputs);
  ResultsFile file = read_results_file(places.back());
  const FoundRuns found = find_runs(places, file);
  const MergeReport report = merge_runs(output, file.about, found.sources);
  circumstances.ended = std::chrono::system_clock::now();
  circumstances.seconds =
      std::chrono::duration<double>(circumstances.ended - circumstances.began).count();
  write_sidecar(output, circumstances, report.content_digest);
  write_result(fmt::format("file     {}\nruns     {} of {}\nfailed   {}\n", output,
                           with_commas(report.n_runs - report.n_missing),
                           with_commas(report.n_runs), with_commas(found.failed.size())));
  if (report.n_missing > 0) {
    write_note(
        fmt::format("{} runs are missing: `fingers missing {}` lists them, `fingers retry "
                    "{}` makes them\n",
                    with_commas(report.n_missing), output, output));
    return kUnreadable;
  }
  return found.failed.size() > 0 ? kFailed : kDone;
}

}  // namespace

Command make_merge(CLI::App& program, std::vector<std::string> command_line) {
  CLI::App* const line = program.add_subcommand(
      "merge", "Join parts and results files of one config into one results file");
  const auto options = std::make_shared<MergeOptions>();
  line->add_option("INPUT", options->inputs,
                   "results files and .parts folders, of any machines;\n"
                   "a results file stands for its parts too")
      ->required();
  line->add_option("-o,--output", options->output,
                   "results file (default, for one input: that one)")
      ->type_name("FILE");
  line->footer(
      "Runs that are there twice are kept once, if they are equal; else nothing is written, and\n"
      "the exit code is 65. It is 3 when runs are missing.\n"
      "\n"
      "Example:\n"
      "  fingers merge results/release-regimes.h5\n"
      "  fingers merge one/mine.h5.parts two/mine.h5.parts three/mine.h5 -o mine.h5\n");
  return {.line = line, .act = [options, command_line = std::move(command_line)] {
            return merge(*options, command_line);
          }};
}

}  // namespace fingers
