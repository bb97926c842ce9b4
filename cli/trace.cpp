// `fingers trace`: why an event of a results file happened, told from the same replicate run again.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "agents/story.hpp"
#include "cli/chosen_point.hpp"
#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/results_file.hpp"
#include "cli/story_formats.hpp"
#include "cli/terminal.hpp"
#include "engine/dataset_reader.hpp"

namespace fingers {

namespace {

struct TraceOptions {
  std::string path;
  std::optional<std::uint32_t> point;
  std::string regime;
  std::uint32_t replicate = 0;
  std::optional<std::uint32_t> event;
  std::string against;
  std::string format = "text";
};

/// Throws where the run that was made again is not the one in the file.
void check_stored(const ResultsFile& file, const LivedRun& run) {
  DatasetReader reader(file.path);
  while (const auto header = reader.next()) {
    if (header->point != run.point || header->replicate != run.replicate) {
      continue;
    }
    if (header->status != RunStatus::done) {
      break;
    }
    if (header->content_hash != content_hash(run.record)) {
      throw ConflictError(
          fmt::format("replicate {} of point {} came out otherwise than '{}' has it: the file is "
                      "not what this program makes of its config, and no story of it would be true",
                      run.replicate, run.point, file.path));
    }
    return;
  }
  throw InputError(
      fmt::format("'{}' does not hold replicate {} of point {} as done; `fingers "
                  "missing` says what it lacks",
                  file.path, run.replicate, run.point));
}

/// What is wrong with the event that is asked for; empty when it is there.
std::string event_problem(const TraceOptions& options, const RunRecord& record) {
  const std::uint32_t n = event_count(record);
  if (n == 0) {
    return "this replicate recorded no events; there is nothing to tell";
  }
  return options.event.value_or(0) < n
             ? ""
             : fmt::format("there is no event {}: this replicate has 0 to {}, the worst is {}",
                           *options.event, n - 1, *worst_event(record));
}

int trace(const TraceOptions& options) {
  const ResultsFile file = read_results_file(options.path);
  const Design& design = file.about.design;
  std::string mistake;
  const auto point = chosen_point(options.point, options.regime, design, mistake);
  if (!point) {
    return refuse(mistake);
  }
  const auto other_point = options.against.empty() ? std::optional<std::uint32_t>()
                                                   : point_under(design, *point, options.against);
  if (!options.against.empty() && !other_point) {
    return refuse(no_regime(options.against, design));
  }
  if (options.replicate >= design.replicates) {
    return refuse(fmt::format("there is no replicate {}: the file has 0 to {}", options.replicate,
                              design.replicates - 1));
  }
  const Simulation simulation(file.batch.points);
  const LivedRun run = live_run(simulation, file.batch, *point, options.replicate);
  check_stored(file, run);
  if (const std::string problem = event_problem(options, run.record); !problem.empty()) {
    return refuse(problem);
  }
  const std::uint32_t event = options.event ? *options.event : *worst_event(run.record);
  ToldStory told{.story = tell(simulation, file.batch, run, event),
                 .against = {},
                 .catastrophes = {},
                 .path = options.path};
  for (const std::uint32_t number : catastrophes_of(run.record)) {
    told.catastrophes.push_back(event_at(run.record, number));
  }
  if (other_point) {
    const LivedRun other = live_run(simulation, file.batch, *other_point, options.replicate);
    told.against = tell_against(simulation, file.batch, run, event, other);
  }
  write_result(options.format == "json"   ? json_of(told)
               : options.format == "html" ? html_of(told)
                                          : text_of(told));
  return kDone;
}

}  // namespace

Command make_trace(CLI::App& program) {
  CLI::App* const line =
      program.add_subcommand("trace", "Tell why an event happened: who released, found, pressed");
  const auto options = std::make_shared<TraceOptions>();
  line->add_option("FILE", options->path, "results file; its config is in it")->required();
  line->add_option("--replicate", options->replicate, "number of the replicate, from 0")
      ->required()
      ->type_name("R");
  CLI::Option* const point =
      line->add_option("--point", options->point, "number of the point in /design");
  line->add_option("--regime", options->regime, "instead: the regime, or the name of the point")
      ->excludes(point);
  line->add_option("--event", options->event,
                   "number of the event in the replicate, from 0, as stored;\n"
                   "without it the one of most harm");
  line->add_option("--against", options->against,
                   "hold it against the same replicate under this regime");
  line->add_option("--format", options->format, "text, json or html")
      ->check(CLI::IsMember({"text", "json", "html"}));
  line->footer(
      "The replicate is run again with the same draws, and must be the one in the file: the exit\n"
      "code is 65 when it is not. docs/stories.md shows how to read a story.\n"
      "\n"
      "Example:\n"
      "  fingers trace results/release-regimes.h5 --regime open-weights-permissive \\\n"
      "    --replicate 7 --against closed\n");
  return {.line = line, .act = [options] { return trace(*options); }};
}

}  // namespace fingers
