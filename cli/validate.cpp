// `fingers validate`: all mistakes of configs, without running anything.
#include <fmt/format.h>

#include <memory>

#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/input.hpp"
#include "cli/terminal.hpp"
#include "engine/progress.hpp"

namespace fingers {

namespace {

/// "100 replicates", or between which numbers a precision is looked for.
std::string replicates_text(const Batch& batch) {
  const Until& until = batch.scenario.experiment.until;
  if (!until.asked) {
    return with_commas(batch.design.replicates) + " replicates = ";
  }
  return fmt::format("{} to {} replicates (until {} is known to ± {:.6g}) = at most ",
                     with_commas(until.minimum), with_commas(until.maximum), until.outcome,
                     until.half_width);
}

/// " (1,024 base rows of 5)": what the combinations of a kind with blocks come from.
std::string blocks_text(const Design& design) {
  if (!has_blocks(design.kind)) {
    return "";
  }
  const std::uint64_t groups = std::uint64_t{design.points.back().block.base_row} + 1;
  return fmt::format(" ({} {} of {})", with_commas(groups),
                     design.kind == DesignKind::morris ? "trajectories" : "base rows",
                     with_commas(design.n_combinations() / groups));
}

std::string size_text(const Batch& batch) {
  const Design& design = batch.design;
  std::string text;
  if (!design.factors.empty()) {
    text =
        fmt::format("{} of {} factors: ", kDesignKindNames[static_cast<std::size_t>(design.kind)],
                    with_commas(design.factors.size()));
  }
  if (!design.factors.empty() && design.crossed) {
    text += fmt::format("{} regimes × {} combinations{}, ", with_commas(design.n_settings),
                        with_commas(design.n_combinations()), blocks_text(design));
  }
  if (!design.crossed) {
    text += fmt::format("{} regimes, ", with_commas(design.n_settings));
  }
  return text + fmt::format("{} points × {}{} runs", with_commas(design.points.size()),
                            replicates_text(batch), with_commas(design.n_runs()));
}

int validate(const std::vector<std::string>& configs) {
  int code = kDone;
  for (const std::string& config : configs) {
    const Batch batch = read_input(config).batch;
    if (!batch.mistakes.empty()) {
      print_mistakes(batch.mistakes);
      code = kWrongInput;
      continue;
    }
    write_result(config + ": ok, " + size_text(batch) + "\n");
  }
  return code;
}

}  // namespace

Command make_validate(CLI::App& program) {
  CLI::App* const line =
      program.add_subcommand("validate", "Say for each config \"ok\", or all its mistakes");
  const auto configs = std::make_shared<std::vector<std::string>>();
  line->add_option("CONFIG", *configs, "configs to check")->required();
  line->footer("Example:\n  fingers validate configs/*.json\n");
  return {.line = line, .act = [configs] { return validate(*configs); }};
}

}  // namespace fingers
