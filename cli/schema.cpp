// `fingers schema`: what a config may hold, and what a results file holds.
#include <fmt/format.h>

#include <cmath>
#include <memory>
#include <stdexcept>

#include "agents/draws.hpp"
#include "agents/record.hpp"
#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/input.hpp"
#include "cli/terminal.hpp"

namespace fingers {

namespace {

std::string schema_of_configs() {
  ParameterCatalogue catalogue;
  list_parameters(catalogue);
  return json_schema(catalogue, "Config of Enough Fingers");
}

/// The data dictionary of the baseline's results, with all that a config may ask for: other configs
/// may differ in their domains and labs.
std::string schema_of_data() {
  const Batch batch = read_input("baseline").batch;
  if (!batch.mistakes.empty()) {
    throw std::runtime_error("the built-in baseline is wrong: " + to_text(batch.mistakes.front()));
  }
  Scenario scenario = batch.scenario;
  scenario.output.models = true;
  scenario.output.digests = true;
  return schema_text(record_schema(scenario));
}

/// A text as a cell of a markdown table.
std::string cell(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    safe += c == '|' ? "\\|" : std::string(1, c);
  }
  return safe;
}

std::string range_cell(const Range& range) {
  return std::isfinite(range.low) && std::isfinite(range.high)
             ? fmt::format("{} to {}", range.low, range.high)
             : "";
}

std::string default_cell(const DeclaredParameter& parameter) {
  if (!parameter.standard_text.empty()) {
    return "`" + cell(parameter.standard_text) + "`";
  }
  return parameter.optional ? "" : "must be given";
}

bool holds_others(const DeclaredParameter& parameter) {
  return parameter.type == "object" || parameter.type == "list" || parameter.type == "map";
}

std::string parameter_table() {
  ParameterCatalogue catalogue;
  list_parameters(catalogue);
  std::string text =
      "| parameter | unit | default | belief | source | meaning |\n|---|---|---|---|---|---|\n";
  for (const DeclaredParameter& parameter : catalogue.list()) {
    if (holds_others(parameter)) {
      continue;
    }
    const Declaration& declared = parameter.declaration;
    text += fmt::format("| `{}` | {} | {} | {} | {} | {} |\n", cell(parameter.pointer),
                        cell(declared.unit), default_cell(parameter), range_cell(declared.belief),
                        cell(declared.source), cell(declared.meaning));
  }
  return text;
}

std::string draw_table() {
  std::string text =
      "| draw | label | stream | address | law, and what it decides |\n|---|---|---|---|---|\n";
  for (const DrawDeclaration& draw : draw_declarations()) {
    text += fmt::format("| `{}` | {} | {} | {} | {} |\n", draw.name, draw.label, draw.stream,
                        cell(draw.whose), cell(draw.law));
  }
  return text;
}

}  // namespace

Command make_schema(CLI::App& program) {
  CLI::App* const line =
      program.add_subcommand("schema", "Print the JSON Schema of configs, for editors");
  const auto data = std::make_shared<bool>(false);
  const auto parameters = std::make_shared<bool>(false);
  const auto draws = std::make_shared<bool>(false);
  CLI::Option* const first =
      line->add_flag("--data", *data, "instead: the data dictionary of results files");
  CLI::Option* const second =
      line->add_flag("--parameters", *parameters, "instead: all parameters as a markdown table");
  second->excludes(first);
  line->add_flag("--draws", *draws, "instead: all random decisions as a markdown table")
      ->excludes(first)
      ->excludes(second);
  line->footer("Example:\n  fingers schema > fingers.schema.json\n");
  return {.line = line, .act = [data, parameters, draws] {
            const std::string text = *data         ? schema_of_data()
                                     : *parameters ? parameter_table()
                                     : *draws      ? draw_table()
                                                   : schema_of_configs();
            write_result(text.ends_with('\n') ? text : text + "\n");
            return kDone;
          }};
}

}  // namespace fingers
