// `fingers repeat`: makes exactly one run of a results file again.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/results_file.hpp"
#include "cli/terminal.hpp"
#include "engine/dataset_reader.hpp"
#include "engine/mistake.hpp"

namespace fingers {

namespace {

struct RepeatOptions {
  std::string path;
  std::optional<std::uint32_t> point;
  std::string name;
  std::uint32_t replicate = 0;
};

/// The point that is asked for, by number or by name; else what is wrong.
std::optional<std::uint32_t> find_point(const RepeatOptions& options, const Design& design,
                                        std::string& mistake) {
  if (options.point && *options.point < design.points.size()) {
    return options.point;
  }
  if (options.point) {
    mistake = fmt::format("there is no point {}: the file has points 0 to {}", *options.point,
                          design.points.size() - 1);
    return std::nullopt;
  }
  if (options.name.empty() && design.points.size() > 1) {
    mistake =
        fmt::format("say which of the {} points: --regime NAME or --point P", design.points.size());
    return std::nullopt;
  }
  std::vector<std::string> names;
  for (std::uint32_t p = 0; p < design.points.size(); ++p) {
    names.push_back(design.points[p].name);
    if (names.back() == options.name || options.name.empty()) {
      return p;
    }
  }
  const std::string nearest = nearest_name(options.name, names);
  mistake = "there is no point \"" + options.name + "\"" +
            (nearest.empty() ? "" : "; did you mean \"" + nearest + "\"?");
  return std::nullopt;
}

/// A run as a file has it.
struct StoredRun {
  RunHeader header;
  std::vector<double> outcomes;
};

std::optional<StoredRun> stored_run(const std::string& path, std::uint32_t point,
                                    std::uint32_t replicate) {
  DatasetReader file(path);
  while (const auto header = file.next()) {
    if (header->point == point && header->replicate == replicate) {
      return StoredRun{.header = *header, .outcomes = file.outcomes()};
    }
  }
  return std::nullopt;
}

bool equal(double a, double b) { return a == b || (a != a && b != b); }

/// A line for each outcome; with the file's value where it differs.
std::string outcome_lines(const RecordSchema& schema, const RunRecord& record,
                          const std::optional<StoredRun>& stored) {
  constexpr std::size_t kOutcomeColumns = 48;
  std::string text;
  for (std::size_t i = 0; i < schema.outcomes.size(); ++i) {
    text += padded(schema.outcomes[i].name, kOutcomeColumns) +
            fmt::format("{:.9g} {}", record.outcomes[i], schema.outcomes[i].unit);
    if (stored && !equal(stored->outcomes[i], record.outcomes[i])) {
      text += fmt::format("   (the file has {:.9g})", stored->outcomes[i]);
    }
    text += "\n";
  }
  return text;
}

int repeat(const RepeatOptions& options) {
  const ResultsFile file = read_results_file(options.path);
  std::string mistake;
  const auto point = find_point(options, file.about.design, mistake);
  if (!point) {
    return refuse(mistake);
  }
  const Simulation simulation(file.batch.points);
  const RunRecord record = run_point(simulation, file.batch, *point, options.replicate);
  const auto stored = stored_run(file.path, *point, options.replicate);
  const bool is_done = stored && stored->header.status == RunStatus::done;
  const bool same = is_done && stored->header.content_hash == content_hash(record);
  const std::string state = !is_done ? "not in the file, or not done there"
                            : same   ? "the same bits as in the file"
                                     : "DIFFERENT from the file";
  write_result(fmt::format("point     {} {}\nreplicate {}\nevents    {}\nresult    {}\n\n", *point,
                           file.about.design.points[*point].name, options.replicate,
                           column_length(record.tables.front().front()), state) +
               outcome_lines(simulation.schema(), record, is_done ? stored : std::nullopt));
  return is_done && !same ? kConflict : kDone;
}

}  // namespace

Command make_repeat(CLI::App& program) {
  CLI::App* const line = program.add_subcommand(
      "repeat", "Make one run of a results file again, and compare it with the file");
  const auto options = std::make_shared<RepeatOptions>();
  line->add_option("FILE", options->path, "results file; its config is in it")->required();
  CLI::Option* const point =
      line->add_option("--point", options->point, "number of the point in /design");
  line->add_option("--regime", options->name,
                   "instead: the name of the point; a regime where nothing else varies")
      ->excludes(point);
  line->add_option("--replicate", options->replicate, "number of the replicate, from 0")
      ->required()
      ->type_name("R");
  line->footer(
      "Any replicate can be made, also one that is not in the file. The exit code is 65 when the\n"
      "file has it with other content.\n"
      "\n"
      "Example:\n"
      "  fingers repeat results/release-regimes.h5 --regime closed --replicate 7\n");
  return {.line = line, .act = [options] { return repeat(*options); }};
}

}  // namespace fingers
