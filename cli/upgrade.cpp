// `fingers upgrade`: a config of an older version of the format becomes one of the newest.
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <set>
#include <span>

#include "agents/config_upgrades.hpp"
#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/input.hpp"
#include "cli/terminal.hpp"
#include "engine/config_files.hpp"
#include "engine/disk.hpp"
#include "policies/builtin.hpp"

namespace fingers {

namespace {

namespace fs = std::filesystem;

struct UpgradeOptions {
  std::string config;
  std::string output;
  bool in_place = false;
  bool check = false;
};

/// What was changed, a line each: "mine.json:3 /population/count: renamed to …".
std::string changes_text(const UpgradedConfig& upgraded, const std::string& shown) {
  std::string text;
  for (const StepTaken& step : upgraded.steps) {
    text += fmt::format("{}: version {} to {}: {}\n", shown, step.from, step.from + 1, step.what);
    for (const JsonChange& change : step.changes) {
      text += fmt::format("  {}:{} {}: {}\n", shown, change.line, change.pointer, change.what);
    }
  }
  return text;
}

/// Says of the configs that a config builds on which are of an older version.
std::string bases_text(const TextAnswer& config) {
  const TextSource source = config_files(builtin_texts());
  std::set<std::string> seen = {config.path};
  std::string text;
  std::string from = config.path;
  auto base = read_config_head(*config.text, config.path).base;
  while (base) {
    const TextAnswer answer = source(*base, from);
    if (!answer.text || !seen.insert(answer.path).second) {
      break;  // what is wrong with it is for `validate` to say
    }
    const ConfigHead head = read_config_head(*answer.text, answer.path);
    if (head.mistakes.empty() && head.version < kConfigVersion) {
      text +=
          fmt::format("{} builds on {}, which is of version {}: `fingers upgrade {} --in-place`\n",
                      from, answer.path, head.version, answer.path);
    }
    from = answer.path;
    base = head.base;
  }
  return text;
}

void write_text_file(const fs::path& path, const std::string& text) {
  write_whole_file(path, std::as_bytes(std::span(text)));
}

/// Rewrites the file itself, behind a link too, with the rights that it has.
void rewrite(const std::string& path, const std::string& text) {
  const fs::path file = fs::canonical(path);
  const fs::perms rights = fs::status(file).permissions();
  write_text_file(file, text);
  std::error_code ignored;
  fs::permissions(file, rights, ignored);
}

/// Refuses a place that the upgraded config cannot have.
void check_place(const UpgradeOptions& options) {
  std::error_code ignored;
  if (options.in_place && !fs::is_regular_file(options.config, ignored)) {
    throw OutputPlaceError("'" + options.config + "' is no file that could be rewritten; use -o");
  }
  const fs::path folder = fs::path(options.output).parent_path();
  if (!folder.empty() && !fs::is_directory(folder, ignored)) {
    throw OutputPlaceError("there is no folder '" + folder.string() + "'; make it first");
  }
  if (!options.output.empty() && fs::exists(options.output, ignored)) {
    throw OutputPlaceError("'" + options.output +
                           "' exists already; use another -o, or --in-place to rewrite the config "
                           "itself");
  }
}

/// Puts the upgraded config where it was asked for, and says what was changed.
void deliver(const UpgradeOptions& options, const UpgradedConfig& upgraded,
             const std::string& report) {
  const bool to_terminal = options.output.empty() && !options.in_place;
  if (to_terminal) {
    write_note(report);
    write_result(upgraded.text);
    return;
  }
  if (!options.output.empty()) {
    write_text_file(options.output, upgraded.text);
  } else if (!upgraded.steps.empty()) {
    rewrite(options.config, upgraded.text);
  }
  write_result(report);
}

int upgrade(const UpgradeOptions& options) {
  check_place(options);
  const TextAnswer answer = config_files(builtin_texts())(options.config, "");
  if (!answer.text) {
    print_mistakes({{.where = {.file = answer.path}, .pointer = {}, .message = answer.problem}});
    return kWrongInput;
  }
  const UpgradedConfig upgraded = upgrade_config(*answer.text, answer.path, config_upgrades());
  if (!upgraded.mistakes.empty()) {
    print_mistakes(upgraded.mistakes);
    return kWrongInput;
  }
  const bool is_newest = upgraded.steps.empty();
  const std::string report =
      is_newest ? fmt::format("{}: nothing to do, it is of the newest version, {}\n", answer.path,
                              kConfigVersion)
                : changes_text(upgraded, answer.path);
  if (options.check) {
    write_result(report);
  } else {
    deliver(options, upgraded, report);
  }
  write_note(bases_text(answer));
  return options.check && !is_newest ? kWrongInput : kDone;
}

}  // namespace

Command make_upgrade(CLI::App& program) {
  CLI::App* const line = program.add_subcommand(
      "upgrade", "Bring a config of an older version of the format to the newest");
  const auto options = std::make_shared<UpgradeOptions>();
  line->add_option("CONFIG", options->config, "config; - is standard input")->required();
  CLI::Option* const output =
      line->add_option("-o,--output", options->output, "new file (default: standard output)")
          ->type_name("FILE");
  CLI::Option* const in_place =
      line->add_flag("--in-place", options->in_place, "instead: rewrite the config itself")
          ->excludes(output);
  line->add_flag("--check", options->check,
                 "only say what would be changed; the exit code is 2 when\n"
                 "something would")
      ->excludes(output)
      ->excludes(in_place);
  line->footer(
      "What need not change stays as it is laid out. Configs that it builds on are not changed;\n"
      "those of an older version are named.\n"
      "\n"
      "Example:\n"
      "  fingers upgrade configs/mine.json --in-place\n");
  return {.line = line, .act = [options] { return upgrade(*options); }};
}

}  // namespace fingers
