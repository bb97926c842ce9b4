// `fingers explain`: every value that a config runs with, and where it comes from.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <set>

#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/input.hpp"
#include "cli/terminal.hpp"
#include "engine/mistake.hpp"

namespace fingers {

namespace {

using Parameter = ParameterReader::Resolved;

constexpr std::size_t kMostPointerColumns = 60;

bool is_below(const std::string& pointer, const std::string& prefix) {
  return pointer == prefix || pointer.starts_with(prefix + "/");
}

std::string range_text(const Range& range) {
  return fmt::format("{} to {}", range.low, range.high);
}

std::string origin_text(const Parameter& parameter) {
  if (!parameter.from_config) {
    return "default";
  }
  const Location& where = parameter.where;
  return where.line > 0 ? fmt::format("{}:{}", where.file, where.line) : where.file;
}

/// How a parameter varies over the design.
std::string variation_text(const Factor& factor, DesignKind kind) {
  if (kind == DesignKind::csv) {
    return "varies: listed points, from " + range_text(factor.range);
  }
  if (factor.values.empty()) {
    return fmt::format("varies: drawn from {}, {}", range_text(factor.range),
                       kScaleNames[static_cast<std::size_t>(factor.scale)]);
  }
  std::string text = "varies:";
  for (const double value : factor.values) {
    text += " " + number_text(value);
  }
  return text;
}

/// What is known of a value besides the value.
std::string facts(const Parameter& parameter, const Design& design) {
  const Declaration& declared = parameter.declaration;
  std::string text = origin_text(parameter);
  if (std::isfinite(declared.belief.low) && std::isfinite(declared.belief.high)) {
    text += " · belief " + range_text(declared.belief);
  }
  if (declared.source == kAssume) {
    text += " · assumed";
  } else if (!declared.source.empty()) {
    text += " · source: " + std::string(declared.source);
  }
  const auto factor = std::ranges::find(design.factors, parameter.pointer, &Factor::pointer);
  return factor == design.factors.end() ? text
                                        : text + " · " + variation_text(*factor, design.kind);
}

std::string value_text(const Parameter& parameter) {
  const std::string unit(parameter.declaration.unit);
  return parameter.value_text + (unit.empty() || unit == "-" ? "" : " " + unit);
}

std::string entry_text(const Parameter& parameter, std::size_t pointer_columns,
                       const Design& design) {
  const std::string value = value_text(parameter);
  const std::size_t columns = std::max(pointer_columns, columns_of(parameter.pointer));
  std::string text = parameter.pointer;
  if (columns + 2 + columns_of(value) <= kTextColumns) {
    text = padded(text, columns) + "  " + value + "\n";
  } else {
    text += "\n" + wrapped(value, kIndent);
  }
  return text + wrapped(parameter.declaration.meaning, kIndent) +
         wrapped(facts(parameter, design), kIndent);
}

/// Every pointer that may be asked for: of parameters and of the objects that hold them.
std::vector<std::string> known_pointers(const std::vector<Parameter>& parameters) {
  std::set<std::string> known;
  for (const Parameter& parameter : parameters) {
    for (std::size_t end = parameter.pointer.size(); end != 0 && end != std::string::npos;
         end = parameter.pointer.rfind('/', end - 1)) {
      known.insert(parameter.pointer.substr(0, end));
    }
  }
  return {known.begin(), known.end()};
}

int refuse_pointer(const std::string& config, const std::string& pointer,
                   const std::vector<Parameter>& parameters) {
  const std::string nearest = nearest_name(pointer, known_pointers(parameters));
  write_note(fmt::format(
      "{} {}: there is no such parameter{}\n", config, pointer,
      nearest.empty() ? "; without a pointer all are listed" : "; did you mean " + nearest + "?"));
  return kWrongInput;
}

int explain(const std::string& config, std::string pointer) {
  while (pointer.ends_with('/')) {
    pointer.pop_back();
  }
  const Batch batch = read_input(config).batch;
  if (!batch.mistakes.empty()) {
    print_mistakes(batch.mistakes);
    return kWrongInput;
  }
  std::vector<Parameter> asked;
  std::ranges::copy_if(batch.parameters, std::back_inserter(asked),
                       [&](const Parameter& p) { return is_below(p.pointer, pointer); });
  if (asked.empty()) {
    return refuse_pointer(config, pointer, batch.parameters);
  }
  std::size_t columns = 0;
  for (const Parameter& parameter : asked) {
    columns = std::max(columns, columns_of(parameter.pointer));
  }
  columns = std::min(columns, kMostPointerColumns);
  std::string text;
  for (const Parameter& parameter : asked) {
    text += entry_text(parameter, columns, batch.design);
  }
  write_result(text);
  return kDone;
}

}  // namespace

Command make_explain(CLI::App& program) {
  CLI::App* const line = program.add_subcommand(
      "explain", "Print values with unit, origin, range of belief, source and meaning");
  const auto config = std::make_shared<std::string>();
  const auto pointer = std::make_shared<std::string>();
  line->add_option("CONFIG", *config, "config to explain")->required();
  line->add_option("POINTER", *pointer, "only this parameter, or what is below it");
  line->footer("Example:\n  fingers explain configs/release-regimes.json /population/developers\n");
  return {.line = line, .act = [config, pointer] { return explain(*config, *pointer); }};
}

}  // namespace fingers
