// The commands of the program. Each file adds its command to the command line and says how it acts.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

namespace fingers {

struct Command {
  CLI::App* line = nullptr;  ///< its part of the command line; knows whether it was asked for
  std::function<int()> act;  ///< answers the exit code; called after the line was parsed
};

/// `command_line` is kept in the sidecar of the results.
Command make_run(CLI::App& program, std::vector<std::string> command_line);
Command make_expand(CLI::App& program, std::vector<std::string> command_line);
Command make_retry(CLI::App& program, std::vector<std::string> command_line);
Command make_merge(CLI::App& program, std::vector<std::string> command_line);
Command make_missing(CLI::App& program);
Command make_verify(CLI::App& program);
Command make_repeat(CLI::App& program);
Command make_trace(CLI::App& program);
Command make_diff(CLI::App& program);
Command make_demo(CLI::App& program);
Command make_plan(CLI::App& program);
Command make_rare(CLI::App& program);
Command make_validate(CLI::App& program);
Command make_explain(CLI::App& program);
Command make_schema(CLI::App& program);
Command make_regimes(CLI::App& program);
Command make_info(CLI::App& program);
Command make_export(CLI::App& program);
Command make_upgrade(CLI::App& program);

}  // namespace fingers
