#include "agents/model_text.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string_view>

namespace fingers {

namespace {

constexpr std::string_view kRegimes = "/regimes/";

/// The regime that a pointer belongs to, as it is written in pointers; empty for any other
/// parameter.
std::string_view regime_of(std::string_view pointer) {
  if (!pointer.starts_with(kRegimes)) {
    return {};
  }
  pointer.remove_prefix(kRegimes.size());
  return pointer.substr(0, pointer.find('/'));
}

bool is_left_out(std::string_view pointer) {
  return pointer == "/title" || pointer == "/seed" || pointer.starts_with("/seeds") ||
         pointer.starts_with("/experiment") || pointer.starts_with("/claim") ||
         (!regime_of(pointer).empty() && pointer.ends_with("/title"));
}

/// Tables that are recorded are part of a run; to say that they are not is to say nothing.
bool says_nothing(const ParameterReader::Resolved& parameter) {
  return (parameter.pointer == "/output/models" || parameter.pointer == "/output/digests") &&
         parameter.value_text == "false";
}

/// A name as it is written in pointers (RFC 6901).
std::string escaped(std::string_view name) { return pointer_step(name).substr(1); }

/// The regimes, what they build on and what they switch to, as written in pointers.
std::set<std::string> reachable_regimes(const std::vector<ParameterReader::Resolved>& parameters,
                                        const std::vector<std::string>& regimes) {
  std::set<std::string> reached;
  std::vector<std::string> to_visit;
  for (const std::string& name : regimes) {
    to_visit.push_back(escaped(name));
  }
  while (!to_visit.empty()) {
    const std::string name = std::move(to_visit.back());
    to_visit.pop_back();
    if (!reached.insert(name).second) {
      continue;
    }
    for (const ParameterReader::Resolved& parameter : parameters) {
      const bool refers =
          parameter.pointer.ends_with("/builds_on") || parameter.pointer.ends_with("/to");
      if (refers && regime_of(parameter.pointer) == name && parameter.value_text.size() > 2) {
        to_visit.push_back(
            escaped(parameter.value_text.substr(1, parameter.value_text.size() - 2)));
      }
    }
  }
  return reached;
}

/// A JSON object of the parameters that are asked for and decide numbers.
std::string text_of(const std::vector<ParameterReader::Resolved>& parameters,
                    const std::function<bool(std::string_view regime)>& asked) {
  std::map<std::string_view, const std::string*> values;
  for (const ParameterReader::Resolved& parameter : parameters) {
    if (asked(regime_of(parameter.pointer)) && !is_left_out(parameter.pointer) &&
        !says_nothing(parameter)) {
      values[parameter.pointer] = &parameter.value_text;
    }
  }
  std::string text = "{";
  for (const auto& [pointer, value] : values) {
    text += (text.size() > 1 ? ",\n" : "\n") + json_quoted(pointer) + ": " + *value;
  }
  return text + "\n}\n";
}

}  // namespace

std::string model_text(const std::vector<ParameterReader::Resolved>& parameters,
                       const std::vector<std::string>& regimes) {
  const std::set<std::string> reached = reachable_regimes(parameters, regimes);
  return text_of(parameters, [&reached](std::string_view regime) {
    return regime.empty() || reached.contains(std::string(regime));
  });
}

std::string world_text(const std::vector<ParameterReader::Resolved>& parameters) {
  return text_of(parameters, [](std::string_view regime) { return regime.empty(); });
}

std::string regimes_text(const std::vector<ParameterReader::Resolved>& parameters,
                         const std::vector<std::string>& regimes) {
  const std::set<std::string> reached = reachable_regimes(parameters, regimes);
  return text_of(parameters, [&reached](std::string_view regime) {
    return !regime.empty() && reached.contains(std::string(regime));
  });
}

}  // namespace fingers
