// `fingers info`: what a results file says of itself.
#include <fmt/format.h>

#include <cmath>
#include <memory>

#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/own_file.hpp"
#include "cli/terminal.hpp"
#include "engine/progress.hpp"
#include "engine/store.hpp"

namespace fingers {

namespace {

constexpr std::size_t kNameColumns = 16;

/// A count that an outcome keeps as a floating-point sum.
std::string count_text(double sum) {
  constexpr double kMostExact = 9007199254740992.0;  // 2^53
  return sum >= 0 && sum < kMostExact ? with_commas(static_cast<std::uint64_t>(std::llround(sum)))
                                      : fmt::format("{:.6g}", sum);
}

/// "latin_hypercube, 14 settings × 1,000 combinations of 231 factors"; points that are not crossed:
/// "csv, 14 settings, 1,000 points of 3 factors".
std::string design_text(const DatasetInfo& info) {
  if (info.n_factors == 0 || info.n_settings == 0) {
    return fmt::format("{} settings", with_commas(info.n_settings));
  }
  if (!info.crossed) {
    return fmt::format("{}, {} settings, {} points of {} factors", info.design_kind,
                       with_commas(info.n_settings), with_commas(info.n_points),
                       with_commas(info.n_factors));
  }
  return fmt::format("{}, {} settings × {} combinations of {} factors", info.design_kind,
                     with_commas(info.n_settings), with_commas(info.n_points / info.n_settings),
                     with_commas(info.n_factors));
}

std::string describe(const DatasetInfo& info) {
  std::string text;
  const auto say = [&text](std::string_view name, const std::string& value) {
    text += padded(name, kNameColumns) + value + "\n";
  };
  say("title", info.title);
  say("complete", info.complete ? "yes" : "no");
  say("design", design_text(info));
  say("random numbers", info.random_numbers);
  say("points", with_commas(info.n_points));
  const std::uint64_t replicates = info.n_points == 0 ? 0 : info.n_runs / info.n_points;
  say("replicates", with_commas(replicates) + " a point");
  say("runs", with_commas(info.n_runs));
  say("missing", with_commas(info.n_missing));
  say("failed", with_commas(info.n_failed));
  for (const auto& [table, rows] : info.totals.table_rows) {
    say(table, with_commas(rows));
  }
  for (const auto& [outcome, sum] : info.totals.outcome_sums) {
    if (outcome == "actions" || outcome == "attempts") {
      say(outcome, count_text(sum));
    }
  }
  say("seeds", fmt::format("design {}, population {}, dynamics {}", info.seeds.design,
                           info.seeds.population, info.seeds.dynamics));
  say("software", info.software);
  say("schema", fmt::format("{} {}", info.schema_name, info.schema_version));
  say("results version", std::to_string(info.results_version));
  say("uuid", info.uuid);
  say("config SHA-256", info.config_sha256);
  say("size", with_commas(info.file_bytes) + " bytes");
  return text;
}

int show(const std::string& path, bool digest) {
  refuse_others_files(path);
  if (digest) {
    write_result(padded("content digest", kNameColumns) + content_digest(path) + "\n" +
                 padded("file SHA-256", kNameColumns) + file_sha256(path) + "\n");
  } else {
    write_result(describe(read_info(path)));
  }
  return kDone;
}

}  // namespace

Command make_info(CLI::App& program) {
  CLI::App* const line = program.add_subcommand("info", "Say what a results file holds");
  const auto path = std::make_shared<std::string>();
  const auto digest = std::make_shared<bool>(false);
  line->add_option("FILE", *path, "results file")->required();
  line->add_flag("--digest", *digest,
                 "instead: digests of its content (equal on any machine) and bytes");
  line->footer("Example:\n  fingers info results/release-regimes.h5\n");
  return {.line = line, .act = [path, digest] { return show(*path, *digest); }};
}

}  // namespace fingers
