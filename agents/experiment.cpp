#include "agents/experiment.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace fingers {

namespace {

using Resolved = ParameterReader::Resolved;
using ValueType = ParameterReader::ValueType;

constexpr std::string_view kFactors = "/experiment/factors";

void complain(const ReadConfig& config, Mistakes& mistakes, const std::string& pointer,
              std::string message) {
  mistakes.push_back({.where = config.document.location(pointer),
                      .pointer = pointer,
                      .message = std::move(message)});
}

/// Whether a parameter belongs to the world, and not to what is done with it.
bool is_of_the_world(std::string_view pointer) {
  constexpr std::array<std::string_view, 7> kAround = {
      "/experiment", "/time", "/seed", "/title", "/schema_version", "/claim", "/output/models"};
  return std::ranges::none_of(
      kAround, [pointer](std::string_view room) { return pointer.starts_with(room); });
}

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

const Resolved* find_parameter(const ReadConfig& config, const std::string& pointer) {
  const auto found = std::ranges::find(config.parameters, pointer, &Resolved::pointer);
  const bool varies = found != config.parameters.end() && is_of_the_world(pointer) &&
                      found->type != ValueType::other;
  return varies ? &*found : nullptr;
}

std::string nearest_of(const ReadConfig& config, const std::string& pointer) {
  std::vector<std::string> known;
  for (const Resolved& parameter : config.parameters) {
    if (find_parameter(config, parameter.pointer) != nullptr) {
      known.push_back(parameter.pointer);
    }
  }
  const std::string nearest = nearest_name(pointer, known);
  return nearest.empty() ? "" : "; did you mean \"" + nearest + "\"?";
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

Factor drawn_factor(const Scenario& scenario, const Resolved& parameter, const Range& range) {
  Factor factor{.pointer = parameter.pointer,
                .unit = std::string(parameter.declaration.unit),
                .values = {},
                .range = range,
                .scale = automatic_scale(range),
                .whole = parameter.type == ValueType::whole};
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
  return spec.scale == Scale::log && range.low <= 0 ? "a logarithmic scale needs a range above 0"
                                                    : "";
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
  const bool draws = config.scenario.experiment.design == DesignKind::latin_hypercube;
  if (spec.drawn != draws) {
    complain(config, mistakes, at,
             draws ? "a Latin hypercube draws from a range: give \"low\" and \"high\", or {}"
                   : "needs \"values\", \"linspace\", \"range\" or \"log\"");
    return {};
  }
  std::string problem;
  Factor factor;
  if (draws) {
    Range range;
    problem = is_number(*parameter) ? range_problem(spec, *parameter, range)
                                    : "is a switch, and has no range to draw from";
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

}  // namespace

std::vector<Factor> factors_of(const ReadConfig& config, Mistakes& mistakes) {
  const Experiment& experiment = config.scenario.experiment;
  std::vector<Factor> factors;
  for (const FactorSpec& spec : experiment.factors) {
    factors.push_back(listed_factor(config, spec, mistakes));
  }
  if (!experiment.all_beliefs) {
    return factors;
  }
  check_except(config, mistakes);
  for (const Resolved& parameter : config.parameters) {
    const bool listed = std::ranges::find(experiment.factors, parameter.pointer,
                                          &FactorSpec::pointer) != experiment.factors.end();
    if (is_belief(parameter) && !listed && !is_excepted(experiment, parameter.pointer)) {
      factors.push_back(drawn_factor(config.scenario, parameter, parameter.declaration.belief));
    }
  }
  return factors;
}

Design design_of(const ReadConfig& config, const std::vector<Factor>& factors, Mistakes& mistakes) {
  constexpr double kMost = 100000;
  const Experiment& experiment = config.scenario.experiment;
  const bool draws = experiment.design == DesignKind::latin_hypercube;
  const bool zips = experiment.design == DesignKind::zipped;
  const std::string at(kFactors);
  if (factors.empty() && (draws || zips)) {
    complain(config, mistakes, at, "this design needs at least one factor");
    return {};
  }
  double points = static_cast<double>(experiment.regimes.size());
  if (draws) {
    points *= static_cast<double>(experiment.draws);
  }
  for (const Factor& factor : factors) {
    if (zips && factor.values.size() != factors.front().values.size()) {
      complain(config, mistakes, at + pointer_step(factor.pointer),
               "must have as many values as the other factors, for they are taken together");
      return {};
    }
    const bool counts = !draws && (!zips || &factor == factors.data());
    points *= counts ? static_cast<double>(factor.values.size()) : 1.0;
  }
  if (points > kMost) {
    complain(config, mistakes, at, "more than 100,000 combinations of regimes and values");
    return {};
  }
  const auto replicates = static_cast<std::uint32_t>(experiment.replicates);
  if (draws) {
    return latin_hypercube(experiment.regimes, factors,
                           static_cast<std::uint32_t>(experiment.draws),
                           config.scenario.seeds.design, replicates);
  }
  return zips ? zipped(experiment.regimes, factors, replicates)
              : full_factorial(experiment.regimes, factors, replicates);
}

}  // namespace fingers
