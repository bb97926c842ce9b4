#include "agents/model_text.hpp"

#include <algorithm>
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
         pointer.starts_with("/experiment") ||
         (!regime_of(pointer).empty() && pointer.ends_with("/title"));
}

/// A name as it is written in pointers (RFC 6901).
std::string escaped(std::string_view name) {
  std::string text;
  for (const char c : name) {
    text += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  }
  return text;
}

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

}  // namespace

std::string model_text(const std::vector<ParameterReader::Resolved>& parameters,
                       const std::vector<std::string>& regimes) {
  const std::set<std::string> reached = reachable_regimes(parameters, regimes);
  std::map<std::string, std::string> values;
  for (const ParameterReader::Resolved& parameter : parameters) {
    const std::string_view regime = regime_of(parameter.pointer);
    const bool met = regime.empty() || reached.contains(std::string(regime));
    if (met && !is_left_out(parameter.pointer)) {
      values[parameter.pointer] = parameter.value_text;
    }
  }
  std::string text = "{";
  for (const auto& [pointer, value] : values) {
    text += (text.size() > 1 ? ",\n" : "\n") + json_quoted(pointer) + ": " + value;
  }
  return text + "\n}\n";
}

}  // namespace fingers
