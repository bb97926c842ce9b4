#include "agents/story_words.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/arithmetic.hpp"
#include "engine/config_reader.hpp"

namespace fingers {

namespace {

constexpr std::array<std::string_view, 12> kMonths = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};

struct CalendarMonth {
  int year = 0;
  std::size_t month = 0;  ///< from 0
};

/// Sums of twelfths are not exact: what lies just under a month's beginning is in it.
CalendarMonth calendar_month(double year) {
  const double at = year + kDueSlackYears;
  const double whole = std::floor(at);
  const double month = std::min(11.0, std::floor((at - whole) * kMonthsPerYear));
  return {.year = static_cast<int>(whole), .month = static_cast<std::size_t>(month)};
}

/// 30500 → "30,500".
std::string with_thousands(std::string digits) {
  const std::size_t end = std::min(digits.find('.'), digits.size());
  for (std::size_t at = end; at > 3; at -= 3) {
    digits.insert(at - 3, ",");
  }
  return digits;
}

/// Three significant digits.
std::string three_digits(double x) {
  const double size = std::floor(portable_log10(x));
  if (size < 2) {
    return rounded_text(x, 2 - static_cast<int>(size));
  }
  const double step = power_of_ten(size - 2);
  return with_thousands(rounded_text(std::nearbyint(x / step) * step, 0));
}

}  // namespace

std::string month_text(double year) {
  const CalendarMonth at = calendar_month(year);
  const std::string month = std::to_string(at.month + 1);
  return std::to_string(at.year) + "-" + (month.size() < 2 ? "0" : "") + month;
}

std::string month_words(double year) {
  const CalendarMonth at = calendar_month(year);
  return std::string(kMonths[at.month]) + " " + std::to_string(at.year);
}

std::string money_words(double musd) {
  constexpr std::array<std::string_view, 3> kUnits = {" million", " billion", " trillion"};
  if (musd <= 0) {
    return "$0";
  }
  std::size_t unit = 0;
  double value = musd;
  while (value >= 999.5 && unit + 1 < kUnits.size()) {
    value /= 1000;
    ++unit;
  }
  return value < 0.001 ? "less than $1,000" : "$" + three_digits(value) + std::string(kUnits[unit]);
}

std::string rounded_text(double x, int decimals) {
  const double scale = power_of_ten(decimals);
  return number_text(std::nearbyint(x * scale) / scale);
}

std::string lab_name(const World& world, LabId lab) {
  const LabGroup& group = world.scenario->labs[world.labs.group[lab]];
  return group.name + " lab " + rounded_text(world.labs.rank[lab], 0);
}

std::string model_name(const World& world, ModelId model) {
  const GivenModels& given = world.given_models;
  for (std::uint32_t i = 0; i < given.count(); ++i) {
    if (given.model[i] == model) {
      const std::string& name =
          world.scenario->labs[given.group[i]].initial_models[given.number[i]].name;
      return name.empty() ? "model " + std::to_string(model) : name;
    }
  }
  return "model " + std::to_string(model);
}

std::string agent_name(const World& world, AgentKind kind, std::uint32_t agent) {
  switch (kind) {
    case AgentKind::developer:
      return "developer " + std::to_string(agent);
    case AgentKind::bad_actor:
      return "bad actor " + std::to_string(agent);
    case AgentKind::lab:
      return agent == kNone ? "several labs" : lab_name(world, agent);
    case AgentKind::state:
      return "the state \"" + world.scenario->states[agent].name + "\"";
  }
  return {};
}

std::string_view form_words(Form form) {
  constexpr std::array<std::string_view, 6> kWords = {"for its own use only",
                                                      "as a hosted service",
                                                      "as a service that also fine-tunes",
                                                      "as weights for those who are accepted",
                                                      "as open weights",
                                                      "as full source"};
  return kWords[static_cast<std::size_t>(form)];
}

std::string_view route_words(Route route) {
  constexpr std::array<std::string_view, 8> kWords = {
      "without AI",
      "inside the lab",
      "through the maker's service",
      "through the maker's fine-tuning service",
      "with weights that were out under the regime",
      "with weights that had leaked",
      "with a model of the rest of the world, which the regime does not bind",
      "with weights that were stolen"};
  return kWords[static_cast<std::size_t>(route)];
}

std::string licence_words(const Licence& licence) {
  std::string text = licence.revocable ? "revocable terms" : "irrevocable terms";
  if (licence.forbidden_share > 0) {
    text += " that forbid " + rounded_text(100 * licence.forbidden_share, 1) + " % of honest uses";
  }
  return text;
}

Fact number_fact(std::string_view name, double value) {
  return {.name = std::string(name), .json = std::isfinite(value) ? number_text(value) : "null"};
}

Fact text_fact(std::string_view name, std::string_view value) {
  return {.name = std::string(name), .json = json_quoted(value)};
}

Fact flag_fact(std::string_view name, bool value) {
  return {.name = std::string(name), .json = value ? "true" : "false"};
}

Fact date_fact(std::string_view name, double year) {
  return std::isfinite(year) ? text_fact(name, month_text(year)) : number_fact(name, year);
}

}  // namespace fingers
