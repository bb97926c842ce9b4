// `fingers missing`: which runs of a batch are not there.
#include <fmt/format.h>

#include <memory>

#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/results_file.hpp"
#include "cli/terminal.hpp"
#include "engine/progress.hpp"
#include "engine/run_sources.hpp"

namespace fingers {

namespace {

struct MissingOptions {
  std::string path;
  std::uint32_t shards = 0;
  bool failed = false;
};

/// The replicates of each point that are wanted, a line a point: "3 closed: 5-9,12".
std::string lines_of_points(const Design& design, const RunSet& there) {
  std::string text;
  const std::uint64_t n_points = design.points.size();
  for (std::uint64_t p = 0; p < n_points; ++p) {
    std::vector<NumberSpan> replicates;
    for (std::uint64_t r = 0; r < design.replicates; ++r) {
      if (!there.has(r * n_points + p)) {
        extend(replicates, r);
      }
    }
    if (!replicates.empty()) {
      text += fmt::format("{}\t{}\t{}\n", p, design.points[p].name, spans_text(replicates));
    }
  }
  return text;
}

/// The shards of n that have something to do, as an array specification: "0,3-5".
std::string array_text(const Design& design, const RunSet& there, std::uint32_t shards) {
  std::vector<bool> wanted(shards, false);
  for (std::uint64_t run = 0; run < design.n_runs(); ++run) {
    if (!there.has(run)) {
      wanted[run % shards] = true;
    }
  }
  std::vector<NumberSpan> numbers;
  for (std::uint64_t shard = 0; shard < shards; ++shard) {
    if (wanted[shard]) {
      extend(numbers, shard);
    }
  }
  return numbers.empty() ? "" : spans_text(numbers) + "\n";
}

int missing(const MissingOptions& options) {
  ResultsFile file = read_results_file(options.path);
  FoundRuns found = find_runs(places_of(options.path), file);
  const Design& design = file.about.design;
  std::uint64_t n_failed = found.failed.size();
  if (options.failed) {
    for (std::uint64_t run = 0; n_failed > 0 && run < design.n_runs(); ++run) {
      if (found.failed.has(run)) {
        found.finished.remove(run);
        --n_failed;
      }
    }
  }
  const std::uint64_t there = found.finished.size_below(design.n_runs());
  write_result(options.shards > 0 ? array_text(design, found.finished, options.shards)
                                  : lines_of_points(design, found.finished));
  write_note(fmt::format("{} of {} runs are {}\n", with_commas(design.n_runs() - there),
                         with_commas(design.n_runs()),
                         options.failed ? "missing, or failed" : "missing"));
  return kDone;
}

}  // namespace

Command make_missing(CLI::App& program) {
  CLI::App* const line =
      program.add_subcommand("missing", "List the runs that a results file or its parts lack");
  const auto options = std::make_shared<MissingOptions>();
  line->add_option("FILE", options->path, "results file, there or still in parts")->required();
  line->add_option("--array", options->shards,
                   "instead: which of N shards have runs to do, as a scheduler's\n"
                   "array specification, such as 0,3-5; empty when none has")
      ->check(CLI::Range(1, 100000))
      ->type_name("N");
  line->add_flag("--failed", options->failed, "also runs that failed");
  line->footer(
      "Each line has, between tabs, the number of a point, its name and the replicates.\n"
      "\n"
      "Example:\n"
      "  fingers missing results/release-regimes.h5\n"
      "  sbatch --array=$(fingers missing mine.h5 --array 64) job.sh\n");
  return {.line = line, .act = [options] { return missing(*options); }};
}

}  // namespace fingers
