// Tested by tests/engine/config_upgrade_test.cpp.
#include "engine/config_upgrade.hpp"

#include <charconv>
#include <system_error>

#include "engine/contract.hpp"

namespace fingers {

namespace {

constexpr std::string_view kVersionPointer = "/schema_version";  // kVersionKey

/// The whole number that a JSON text is.
std::optional<std::uint64_t> whole_number(const std::string& json) {
  std::uint64_t number = 0;
  const char* const end = json.data() + json.size();
  const auto read = std::from_chars(json.data(), end, number);
  return read.ec == std::errc{} && read.ptr == end ? std::optional(number) : std::nullopt;
}

ConfigHead head_of(const JsonEdit& config) {
  ConfigHead head;
  head.base = config.string_at("/base");
  const std::string version = config.text_at(kVersionPointer).value_or("null");
  if (version == "null") {
    return head;
  }
  head.says_version = true;
  head.where = config.location(kVersionPointer);
  if (const auto number = whole_number(version)) {
    head.version = *number;
  } else {
    head.mistakes.push_back({.where = head.where,
                             .pointer = std::string(kVersionPointer),
                             .message = "expected a whole number from 0"});
  }
  return head;
}

/// Puts the number of the version where it was, or at the top.
void set_version(JsonEdit& config, std::uint64_t version) {
  const std::string number = std::to_string(version);
  if (config.has(kVersionPointer)) {
    config.replace(kVersionPointer, number);
  } else {
    config.add_first("", std::string(kVersionKey), number);
  }
}

}  // namespace

ConfigHead read_config_head(const std::string& text, const std::string& shown_path) {
  const JsonEdit config(text, shown_path);
  if (!config.mistakes().empty()) {
    ConfigHead head;
    head.mistakes = config.mistakes();
    return head;
  }
  return head_of(config);
}

UpgradedConfig upgrade_config(const std::string& text, const std::string& shown_path,
                              std::span<const UpgradeStep> steps) {
  const ConfigHead head = read_config_head(text, shown_path);
  UpgradedConfig upgraded{.text = text, .steps = {}, .mistakes = head.mistakes};
  if (head.mistakes.empty() && head.version > steps.size()) {
    upgraded.mistakes.push_back({.where = head.where,
                                 .pointer = std::string(kVersionPointer),
                                 .message = newer_version_text(head.version, steps.size())});
  }
  if (!upgraded.mistakes.empty()) {
    return upgraded;
  }
  JsonEdit config(text, shown_path);
  for (std::uint64_t version = head.version; version < steps.size(); ++version) {
    const UpgradeStep& step = steps[version];
    EXPECT_CONTRACT(step.from == version);
    step.changes(config);
    set_version(config, version + 1);
    upgraded.steps.push_back(
        {.from = version, .what = step.what, .changes = config.take_changes()});
  }
  upgraded.text = config.text();
  return upgraded;
}

std::string newer_version_text(std::uint64_t version, std::uint64_t newest) {
  return "the config is of version " + std::to_string(version) +
         ", and this program knows versions up to " + std::to_string(newest) +
         "; use a newer program";
}

}  // namespace fingers
