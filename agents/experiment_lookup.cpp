#include "agents/experiment_lookup.hpp"

#include <algorithm>
#include <array>

namespace fingers {

void complain(const ReadConfig& config, Mistakes& mistakes, const std::string& pointer,
              std::string message) {
  mistakes.push_back({.where = config.document.location(pointer),
                      .pointer = pointer,
                      .message = std::move(message)});
}

bool is_of_the_world(std::string_view pointer) {
  constexpr std::array<std::string_view, 8> kAround = {
      "/experiment",     "/time",  "/seed",          "/title",
      "/schema_version", "/claim", "/output/models", "/output/digests"};
  return std::ranges::none_of(
      kAround, [pointer](std::string_view room) { return pointer.starts_with(room); });
}

const ParameterReader::Resolved* find_parameter(const ReadConfig& config,
                                                const std::string& pointer) {
  const auto found =
      std::ranges::find(config.parameters, pointer, &ParameterReader::Resolved::pointer);
  const bool varies = found != config.parameters.end() && is_of_the_world(pointer) &&
                      found->type != ParameterReader::ValueType::other;
  return varies ? &*found : nullptr;
}

std::string nearest_of(const ReadConfig& config, const std::string& pointer) {
  std::vector<std::string> known;
  for (const ParameterReader::Resolved& parameter : config.parameters) {
    if (find_parameter(config, parameter.pointer) != nullptr) {
      known.push_back(parameter.pointer);
    }
  }
  const std::string nearest = nearest_name(pointer, known);
  return nearest.empty() ? "" : "; did you mean \"" + nearest + "\"?";
}

}  // namespace fingers
