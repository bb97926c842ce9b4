// `fingers diff`: the first month, process, agent and draw at which two runs part.
#include <fmt/format.h>

#include <memory>
#include <optional>

#include "cli/chosen_point.hpp"
#include "cli/command.hpp"
#include "cli/difference_text.hpp"
#include "cli/exit_code.hpp"
#include "cli/run_account.hpp"
#include "cli/terminal.hpp"

namespace fingers {

namespace {

/// Which run of a file.
struct RunChoice {
  std::string path;
  std::optional<std::uint32_t> point;
  std::string regime;
  std::optional<std::uint32_t> replicate;
};

struct DiffOptions {
  RunChoice a;
  RunChoice b;  ///< what is left out is as in a
  std::optional<std::uint32_t> record_month;
  std::string format = "text";
};

/// The run that is asked for; else what is wrong.
std::optional<RunAccount> open_run(const RunChoice& choice, std::string& mistake) {
  if (is_log(choice.path)) {
    return read_log(choice.path);
  }
  const ResultsFile file = read_results_file(choice.path);
  const Design& design = file.about.design;
  const auto point = chosen_point(choice.point, choice.regime, design, mistake);
  if (!point) {
    return std::nullopt;
  }
  if (!choice.replicate || *choice.replicate >= design.replicates) {
    mistake = choice.replicate ? fmt::format("there is no replicate {}: '{}' has 0 to {}",
                                             *choice.replicate, choice.path, design.replicates - 1)
                               : "say which replicate: --replicate R, from 0";
    return std::nullopt;
  }
  return account_of(file, *point, *choice.replicate);
}

/// The run of B: as A where it is not told otherwise.
RunChoice choice_of_b(const DiffOptions& options) {
  RunChoice b = options.b;
  if (b.path.empty()) {
    b.path = options.a.path;
  }
  if (!b.point && b.regime.empty()) {
    b.point = options.a.point;
    b.regime = options.a.regime;
  }
  if (!b.replicate) {
    b.replicate = options.a.replicate;
  }
  return b;
}

/// Says so where a file's digests are not what this program makes of its config up to a month.
void check_stored(const RunAccount& account, const MonthDigests& lived, const char* side,
                  Difference& d) {
  const auto parted = account.stored ? first_parted(*account.stored, lived) : std::nullopt;
  if (parted) {
    d.warnings.push_back(fmt::format(
        "the digests in {} ('{}') are not what this program makes of its config, from month {} on: "
        "another build made it. Write `fingers diff FILE --record {}` with each build, and give "
        "the two logs to `fingers diff`.",
        side, account.path, parted->month, parted->month));
  }
}

/// The month in which two runs of files part, by digests.
void find_month(const RunAccount& a, const RunAccount& b, Difference& d) {
  const MonthDigests lived_a = digests_of(*a.run);
  const MonthDigests lived_b = digests_of(*b.run);
  check_stored(a, lived_a, "A", d);
  check_stored(b, lived_b, "B", d);
  d.by_stored_digests = a.stored && b.stored;
  d.month =
      d.by_stored_digests ? first_parted(*a.stored, *b.stored) : first_parted(lived_a, lived_b);
}

Difference difference_of(const RunAccount& a, const RunAccount& b) {
  Difference d{.path_a = a.path,
               .path_b = b.path,
               .inputs = different_inputs(a, b),
               .month = {},
               .by_stored_digests = false,
               .parting = {},
               .warnings = {}};
  std::optional<MonthLog> log_a = a.log;
  std::optional<MonthLog> log_b = b.log;
  std::uint32_t month = log_a ? log_a->month : log_b ? log_b->month : 0;
  if (!log_a && !log_b) {
    find_month(a, b, d);
    if (!d.month) {
      return d;
    }
    month = d.month->month;
  }
  log_a = log_a ? log_a : log_of_month(*a.run, month);
  log_b = log_b ? log_b : log_of_month(*b.run, month);
  if (!log_a || !log_b) {
    return d;
  }
  Parting parting = parting_of(*log_a, *log_b);
  if (!d.month && !parting.empty()) {
    d.month = PartedMonth{.month = month, .year = log_a->year, .parts = {}};
  }
  if (d.month) {
    d.parting = std::move(parting);
  }
  return d;
}

int record_log(const RunAccount& account, std::uint32_t month) {
  if (!account.run) {
    return refuse(fmt::format("'{}' is a log already", account.path));
  }
  const auto log = log_of_month(*account.run, month);
  if (!log) {
    return refuse(fmt::format("the run has no month {}: it ends before", month));
  }
  write_result(log_text(account, *log));
  return kDone;
}

int diff(const DiffOptions& options) {
  std::string mistake;
  const auto a = open_run(options.a, mistake);
  if (!a) {
    return refuse(mistake);
  }
  if (options.record_month) {
    return options.b.path.empty() ? record_log(*a, *options.record_month)
                                  : refuse("--record takes one file");
  }
  const auto b = open_run(choice_of_b(options), mistake);
  if (!b) {
    return refuse(mistake);
  }
  if (a->log && b->log && a->log->month != b->log->month) {
    return refuse(fmt::format("the logs are of different months, {} and {}: record both of one",
                              a->log->month, b->log->month));
  }
  const Difference difference = difference_of(*a, *b);
  write_result(options.format == "json" ? json_of(difference) : text_of(difference));
  return difference.month ? kDiffers : kDone;
}

void add_choice(CLI::App& line, RunChoice& choice, const std::string& prefix,
                const std::string& whose) {
  CLI::Option* const point = line.add_option("--" + prefix + "point", choice.point,
                                             "number of the point in /design" + whose);
  line.add_option("--" + prefix + "regime", choice.regime,
                  "instead: the regime, or the name of the point" + whose)
      ->excludes(point);
  line.add_option("--" + prefix + "replicate", choice.replicate,
                  "number of the replicate, from 0" + whose)
      ->type_name("R");
}

}  // namespace

Command make_diff(CLI::App& program) {
  CLI::App* const line = program.add_subcommand(
      "diff", "Find the month, process, agent and draw at which two runs part");
  const auto options = std::make_shared<DiffOptions>();
  line->add_option("A", options->a.path, "results file, or a log of one month")->required();
  line->add_option("B", options->b.path, "the other one; left out: A again");
  add_choice(*line, options->a, "", "");
  add_choice(*line, options->b, "with-", ", of B; left out: as of A");
  line->add_option("--record", options->record_month,
                   "instead: write the log of this month (from 0) of a run of A,\n"
                   "every draw and the state, for a comparison with another build")
      ->type_name("MONTH");
  line->add_option("--format", options->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}));
  line->footer(
      "The exit code is 0 where the runs do not part, 1 where they do, 2 for wrong input.\n"
      "docs/differences.md shows how to find out why two builds differ.\n"
      "\n"
      "Example:\n"
      "  fingers diff results/release-regimes.h5 --regime closed \\\n"
      "    --with-regime open-weights-permissive --replicate 7\n");
  return {.line = line, .act = [options] { return diff(*options); }};
}

}  // namespace fingers
