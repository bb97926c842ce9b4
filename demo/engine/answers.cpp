// Tested by tests/demo.
#include "answers.hpp"

#include <array>

#include "engine/json_text.hpp"
#include "policies/builtin.hpp"

namespace fingers {

namespace {

using Layout = JsonObject::Layout;
using Parameter = ParameterReader::Resolved;

constexpr std::array<std::string_view, 4> kTypeNames = {"number", "whole", "flag", "other"};

std::string point_json(const DesignPoint& point) {
  std::vector<std::string> values;
  for (const double value : point.values) {
    values.push_back(number_text(value));
  }
  return JsonObject(Layout::line)
      .text("name", point.name)
      .text("regime", point.setting)
      .json("values", json_list(values))
      .str();
}

std::string parameter_json(const Parameter& parameter) {
  const Declaration& declared = parameter.declaration;
  return JsonObject(Layout::line)
      .text("pointer", parameter.pointer)
      .text("type", kTypeNames[static_cast<std::size_t>(parameter.type)])
      .json("value", parameter.value_text)
      .text("unit", declared.unit)
      .number("low", declared.allowed.low)
      .number("high", declared.allowed.high)
      .number("belief_low", declared.belief.low)
      .number("belief_high", declared.belief.high)
      .text("source", declared.source)
      .text("meaning", declared.meaning)
      .str();
}

}  // namespace

std::string about_json(std::string_view version) {
  constexpr std::string_view kFolder = "regimes/";
  std::vector<std::string> regimes;
  for (const BuiltinConfig& config : builtin_configs()) {
    if (config.name.starts_with(kFolder)) {
      regimes.push_back(JsonObject(Layout::line)
                            .text("name", config.name.substr(kFolder.size()))
                            .json("text", config.text)
                            .str());
    }
  }
  return JsonObject(Layout::line)
      .text("version", version)
      .whole("results_version", kResultsVersion)
      .json("regimes", json_list(regimes))
      .str();
}

std::string mistakes_json(const Mistakes& mistakes) {
  std::vector<std::string> list;
  for (const Mistake& mistake : mistakes) {
    list.push_back(JsonObject(Layout::line)
                       .text("pointer", mistake.pointer)
                       .whole("line", mistake.where.line)
                       .whole("column", mistake.where.column)
                       .text("message", mistake.message)
                       .str());
  }
  return json_list(list);
}

std::string design_json(const Batch& batch) {
  std::vector<std::string> points;
  for (const DesignPoint& point : batch.design.points) {
    points.push_back(point_json(point));
  }
  std::vector<std::string> factors;
  for (const Factor& factor : batch.design.factors) {
    factors.push_back(json_quoted(factor.pointer));
  }
  const Clock clock = batch.scenario.clock();
  return JsonObject(Layout::line)
      .text("title", batch.scenario.title)
      .whole("replicates", batch.design.replicates)
      .number("start_year", clock.start_year)
      .number("dt_years", clock.dt_years)
      .whole("steps", clock.n_steps)
      .json("factors", json_list(factors))
      .json("points", json_list(points))
      .str();
}

std::string parameters_json(const Batch& batch) {
  std::vector<std::string> parameters;
  for (const Parameter& parameter : batch.parameters) {
    parameters.push_back(parameter_json(parameter));
  }
  return json_list(parameters);
}

}  // namespace fingers
