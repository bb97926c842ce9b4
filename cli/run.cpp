// `fingers run`: a config becomes a results file.
#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <tuple>
#include <utility>

#include "cli/batch_options.hpp"
#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/provenance.hpp"
#include "cli/terminal.hpp"
#include "engine/dataset_identity.hpp"

namespace fingers {

namespace {

struct RunOptions {
  BatchOptions batch;
  std::string shard;
  bool overwrite = false;
  bool resume = false;
};

/// Where a scheduler says which of its tasks this is, and the number of the first.
struct TaskNumber {
  const char* variable;
  std::uint32_t first;
};

// Never how many there are: of an array of which one task is run again that is 1.
constexpr std::array kTaskNumbers = {
    TaskNumber{.variable = "SLURM_ARRAY_TASK_ID", .first = 0},
    TaskNumber{.variable = "HQ_TASK_ID", .first = 0},
    TaskNumber{.variable = "JOB_COMPLETION_INDEX", .first = 0},       // Kubernetes
    TaskNumber{.variable = "AWS_BATCH_JOB_ARRAY_INDEX", .first = 0},  // AWS Batch
    TaskNumber{.variable = "PBS_ARRAY_INDEX", .first = 0},
    TaskNumber{.variable = "PARALLEL_SEQ", .first = 1},  // GNU parallel
};

/// "auto/8" → "2/8" by what the scheduler says; what is no such thing, and what no scheduler
/// numbers, stays as it is.
std::string by_scheduler(const std::string& text) {
  const std::string word = "auto";
  if (!text.starts_with(word + "/")) {
    return text;
  }
  for (const TaskNumber& number : kTaskNumbers) {
    const char* const value = std::getenv(number.variable);
    std::uint32_t task = 0;
    if (value == nullptr) {
      continue;
    }
    const std::string_view digits = value;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), task);
    const bool whole = read.ec == std::errc{} && read.ptr == digits.data() + digits.size();
    return whole && task >= number.first
               ? std::to_string(task - number.first) + text.substr(word.size())
               : fmt::format("{}={}{}", number.variable, value, text.substr(word.size()));
  }
  return text;
}

/// "2/8" → 2 and 8; nothing for what is no shard.
std::optional<std::pair<std::uint32_t, std::uint32_t>> read_shard(const std::string& text) {
  constexpr std::uint32_t kMostShards = 100000;
  std::uint32_t shard = 0;
  std::uint32_t n_shards = 0;
  const char* const end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, shard);
  if (first.ec != std::errc{} || first.ptr == end || *first.ptr != '/') {
    return std::nullopt;
  }
  const auto second = std::from_chars(first.ptr + 1, end, n_shards);
  if (second.ec != std::errc{} || second.ptr != end || shard >= n_shards ||
      n_shards > kMostShards) {
    return std::nullopt;
  }
  return std::pair(shard, n_shards);
}

/// Puts numbers in place of "auto/n". Answers a mistake, or nothing.
std::string take_shard(std::string& text) {
  const bool asked = text.starts_with("auto/");
  text = by_scheduler(text);
  if (read_shard(text)) {
    return "";
  }
  if (asked && text.starts_with("auto/")) {
    std::vector<std::string> names;
    for (const TaskNumber& number : kTaskNumbers) {
      names.emplace_back(number.variable);
    }
    return fmt::format("\"auto\" takes the number that a scheduler sets, and none of {} is set",
                       fmt::join(names, ", "));
  }
  return "expected i/n with i from 0 to n - 1, or auto/n, found \"" + text + "\"";
}

/// What is there belongs to the batch, and may be kept.
void check_same_batch(const std::string& output, const DatasetDescription& description) {
  if (!std::filesystem::exists(output)) {
    return;
  }
  const DatasetTexts texts = read_texts(output);
  if (texts.uuid == dataset_uuid(description)) {
    return;
  }
  const bool other_version = texts.results_version != description.results_version;
  throw OutputPlaceError(fmt::format(
      "'{}' holds results of another {} (\"{}\"); use `fingers expand` to add to them, --overwrite "
      "to replace them, or another -o",
      output, other_version ? "version of the model" : "config", texts.title));
}

/// What the command line asks for; a shard that is begun again goes on.
BatchTask task_of(const RunOptions& options) {
  BatchTask task;
  if (!options.shard.empty()) {
    std::tie(task.shard, task.n_shards) = read_shard(options.shard).value();
    task.opening = Opening::go_on;
  }
  if (options.overwrite) {
    task.opening = Opening::overwrite;
  } else if (options.resume) {
    task.opening = Opening::go_on;
  }
  return task;
}

int run(const RunOptions& options, const std::vector<std::string>& command_line) {
  const Input input = read_input(options.batch.config, options.batch.settings);
  if (!input.batch.mistakes.empty()) {
    print_mistakes(input.batch.mistakes);
    return kWrongInput;
  }
  if (!options.shard.empty() && input.batch.scenario.experiment.until.asked) {
    write_note(
        "fingers: a shard cannot know when \"until\" is reached; run without --shard, or with "
        "--replicates\n");
    return kWrongInput;
  }
  const std::string output = output_path(options.batch);
  check_target(output, input.files);
  BatchTask task = task_of(options);
  task.output = output;
  task.provenance =
      provenance_text(input.batch, repeat_command(options.batch.config, options.batch.settings));
  if (task.opening == Opening::go_on) {
    check_same_batch(output,
                     describe(input.batch, Simulation(input.batch.points), task.provenance));
  }
  return run_batch(input.batch, task, options.batch.running, command_line);
}

}  // namespace

Command make_run(CLI::App& program, std::vector<std::string> command_line) {
  CLI::App* const line = program.add_subcommand("run", "Run a config and write its results");
  const auto options = std::make_shared<RunOptions>();
  add_batch_options(*line, options->batch);
  CLI::Option* const resume = line->add_flag(
      "--resume", options->resume, "go on with the batch that is there; begin it if none is");
  line->add_flag("--overwrite", options->overwrite, "replace results that are there")
      ->excludes(resume);
  line->add_option("--shard", options->shard,
                   "run part i of n only, i from 0 or \"auto\" (the scheduler's\n"
                   "number); begun again it goes on; `fingers merge` joins the parts")
      ->transform(CLI::Validator(take_shard, "", ""))
      ->type_name("i/n");
  line->footer(
      "Example:\n"
      "  fingers run configs/release-regimes.json -o results/release-regimes.h5 --replicates 20 "
      "\\\n"
      "    --set /population/developers/count=5000\n"
      "  fingers run configs/release-regimes.json -o results/release-regimes.h5 --resume\n"
      "  fingers run configs/release-regimes.json -o results/release-regimes.h5 --shard 0/4\n");
  return {.line = line, .act = [options, command_line = std::move(command_line)] {
            return run(*options, command_line);
          }};
}

}  // namespace fingers
