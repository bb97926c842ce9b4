#include "agents/experiment.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "agents/experiment_lookup.hpp"
#include "agents/experiment_points.hpp"

namespace fingers {

namespace {

using Resolved = ParameterReader::Resolved;
using ValueType = ParameterReader::ValueType;

constexpr std::string_view kFactors = "/experiment/factors";

bool is_number(const Resolved& parameter) {
  return parameter.type == ValueType::number || parameter.type == ValueType::whole;
}

/// A value of a regime is somebody's choice, not a belief about the world.
bool is_belief(const Resolved& parameter) {
  const Range& belief = parameter.declaration.belief;
  return parameter.declaration.source == kAssume && is_number(parameter) &&
         is_of_the_world(parameter.pointer) && !parameter.pointer.starts_with("/regimes/") &&
         std::isfinite(belief.low) && std::isfinite(belief.high) && belief.low < belief.high;
}

/// The scale of a range that says none.
Scale automatic_scale(const Range& range) {
  constexpr double kTwoOrders = 100;
  return range.low > 0 && range.high / range.low > kTwoOrders ? Scale::log : Scale::linear;
}

/// A group has at least the labs of its initial models (M1.7), so no fewer are drawn.
double least_drawn(const Scenario& scenario, const std::string& pointer) {
  std::uint64_t least = 0;
  for (const LabGroup& group : scenario.labs) {
    if (pointer == "/labs" + pointer_step(group.name) + "/count") {
      for (const InitialModel& model : group.initial_models) {
        least = std::max(least, model.rank);
      }
    }
  }
  return static_cast<double>(least);
}

/// Whole numbers of a Latin hypercube are rounded, as they were before there were other designs;
/// those have every whole number as often.
Wholes wholes_of(const Scenario& scenario, const Resolved& parameter) {
  if (parameter.type == ValueType::number) {
    return Wholes::no;
  }
  const bool rounds = parameter.type == ValueType::whole &&
                      scenario.experiment.design == DesignKind::latin_hypercube;
  return rounds ? Wholes::rounded : Wholes::even;
}

Factor drawn_factor(const Scenario& scenario, const Resolved& parameter, const Range& range) {
  Factor factor{.pointer = parameter.pointer,
                .unit = std::string(parameter.declaration.unit),
                .values = {},
                .range = range,
                .scale = automatic_scale(range),
                .wholes = wholes_of(scenario, parameter)};
  const double least = least_drawn(scenario, parameter.pointer);
  factor.range.low = std::max(factor.range.low, std::min(least, factor.range.high));
  return factor;
}

/// The range a factor asks for, or its parameter's range of belief; answers what is wrong with it.
std::string range_problem(const FactorSpec& spec, const Resolved& parameter, Range& range) {
  const Range& belief = parameter.declaration.belief;
  range = {.low = std::isnan(spec.range.low) ? belief.low : spec.range.low,
           .high = std::isnan(spec.range.high) ? belief.high : spec.range.high};
  if (!std::isfinite(range.low) || !std::isfinite(range.high)) {
    return "has no range of belief: give \"low\" and \"high\"";
  }
  if (range.low >= range.high) {
    return "\"low\" must be below \"high\"";
  }
  const Range& allowed = parameter.declaration.allowed;
  if (range.low < allowed.low || range.high > allowed.high) {
    return "is drawn from beyond what is allowed, " + number_text(allowed.low) + " to " +
           number_text(allowed.high);
  }
  if (parameter.type == ValueType::whole && std::ceil(range.low) > std::floor(range.high)) {
    return "there is no whole number from \"low\" to \"high\"";
  }
  return spec.scale == Scale::log && range.low <= 0 ? "a logarithmic scale needs a range above 0"
                                                    : "";
}

/// A switch is drawn off and on alike; answers what is wrong with asking for more.
std::string switch_problem(const FactorSpec& spec, Range& range) {
  range = {.low = 0, .high = 1};
  const bool plain = std::isnan(spec.range.low) && std::isnan(spec.range.high) && !spec.scale;
  return plain ? "" : "is a switch, which is drawn off and on alike: write {}";
}

/// Levels as the parameter takes them; answers what is wrong with them.
std::string level_problem(const FactorSpec& spec, const Resolved& parameter,
                          std::vector<double>& levels) {
  levels = spec.values;
  if (spec.spaced && parameter.type == ValueType::whole) {
    for (double& level : levels) {
      level = std::floor(level + 0.5);
    }
  }
  if (parameter.type == ValueType::flag &&
      std::ranges::any_of(levels, [](double level) { return level != 0 && level != 1; })) {
    return "is a switch: its values are 0 (false) and 1 (true)";
  }
  std::vector<double> sorted = levels;
  std::ranges::sort(sorted);
  return std::ranges::adjacent_find(sorted) == sorted.end() ? "" : "takes a value twice";
}

/// The factor that a config lists; mistakes are said at its place.
Factor listed_factor(const ReadConfig& config, const FactorSpec& spec, Mistakes& mistakes) {
  const std::string at = std::string(kFactors) + pointer_step(spec.pointer);
  const Resolved* const parameter = find_parameter(config, spec.pointer);
  if (parameter == nullptr) {
    complain(config, mistakes, at,
             "\"" + spec.pointer + "\" is not a parameter that can vary" +
                 nearest_of(config, spec.pointer) + " (`fingers explain` lists them)");
    return {};
  }
  const bool draws = is_drawn(config.scenario.experiment.design);
  if (spec.drawn != draws) {
    complain(config, mistakes, at,
             draws ? "this design draws from a range: give \"low\" and \"high\", or {}"
                   : "needs \"values\", \"linspace\", \"range\" or \"log\"");
    return {};
  }
  std::string problem;
  Factor factor;
  if (draws) {
    Range range;
    problem = is_number(*parameter) ? range_problem(spec, *parameter, range)
                                    : switch_problem(spec, range);
    factor = drawn_factor(config.scenario, *parameter, range);
    factor.scale = spec.scale.value_or(factor.scale);
  } else {
    factor.pointer = spec.pointer;
    factor.unit = std::string(parameter->declaration.unit);
    problem = level_problem(spec, *parameter, factor.values);
  }
  if (!problem.empty()) {
    complain(config, mistakes, at, problem);
  }
  return factor;
}

/// Says which entries of "except" name nothing.
void check_except(const ReadConfig& config, Mistakes& mistakes) {
  const std::vector<std::string>& except = config.scenario.experiment.except;
  for (std::size_t i = 0; i < except.size(); ++i) {
    const bool known = std::ranges::any_of(config.parameters, [&](const Resolved& parameter) {
      return parameter.pointer == except[i] || parameter.pointer.starts_with(except[i] + "/");
    });
    if (!known) {
      complain(config, mistakes, "/experiment/except/" + std::to_string(i),
               "\"" + except[i] + "\" names no parameter" + nearest_of(config, except[i]));
    }
  }
}

bool is_excepted(const Experiment& experiment, const std::string& pointer) {
  return std::ranges::any_of(experiment.except, [&](const std::string& name) {
    return pointer == name || pointer.starts_with(name + "/");
  });
}

/// Adds every belief that is neither listed nor left out.
void add_beliefs(const ReadConfig& config, std::vector<Factor>& factors, Mistakes& mistakes) {
  const Experiment& experiment = config.scenario.experiment;
  check_except(config, mistakes);
  for (const Resolved& parameter : config.parameters) {
    const bool listed = std::ranges::find(experiment.factors, parameter.pointer,
                                          &FactorSpec::pointer) != experiment.factors.end();
    if (is_belief(parameter) && !listed && !is_excepted(experiment, parameter.pointer)) {
      factors.push_back(drawn_factor(config.scenario, parameter, parameter.declaration.belief));
    }
  }
}

}  // namespace

std::vector<Factor> factors_of(const ReadConfig& config, Mistakes& mistakes) {
  const Experiment& experiment = config.scenario.experiment;
  if (experiment.design == DesignKind::csv) {
    return factors_of_points(config, mistakes);
  }
  std::vector<Factor> factors;
  for (const FactorSpec& spec : experiment.factors) {
    factors.push_back(listed_factor(config, spec, mistakes));
  }
  if (experiment.all_beliefs) {
    add_beliefs(config, factors, mistakes);
  }
  if (experiment.dummy && !factors.empty()) {
    factors.push_back({.pointer = std::string(kDummyPointer),
                       .unit = "1",
                       .values = {},
                       .range = {.low = 0, .high = 1}});
  }
  return factors;
}

}  // namespace fingers
