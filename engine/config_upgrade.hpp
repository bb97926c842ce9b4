// Configs of older versions made new, step by step. A config says its version under
// "schema_version"; one that says none is of version 0.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/json_edit.hpp"

namespace fingers {

inline constexpr std::string_view kVersionKey = "schema_version";

/// How a config of version `from` becomes one of version from + 1.
struct UpgradeStep {
  std::uint64_t from = 0;
  std::string_view what;                   ///< in words: what is another in the new version
  std::function<void(JsonEdit&)> changes;  ///< all but the number of the version
};

/// What a config says before it is read.
struct ConfigHead {
  std::uint64_t version = 0;
  bool says_version = false;
  Location where;                   ///< of the version, where it is said
  std::optional<std::string> base;  ///< what it builds on
  Mistakes mistakes;                ///< with these nothing else may be used
};

ConfigHead read_config_head(const std::string& text, const std::string& shown_path);

/// A step that was taken.
struct StepTaken {
  std::uint64_t from = 0;
  std::string_view what;
  std::vector<JsonChange> changes;
};

struct UpgradedConfig {
  std::string text;
  std::vector<StepTaken> steps;  ///< none where the config is of the newest version
  Mistakes mistakes;             ///< with these the text may not be used
};

/// Takes every step from the version of a config to the newest, which is the number of steps. What
/// a config keeps, it keeps as it is laid out. Mistakes: what is no JSON object, a version that is
/// no whole number, one newer than the newest. Contract: steps[i] begins at version i.
UpgradedConfig upgrade_config(const std::string& text, const std::string& shown_path,
                              std::span<const UpgradeStep> steps);

/// What to say of a config that is of another version than the newest.
std::string newer_version_text(std::uint64_t version, std::uint64_t newest);

}  // namespace fingers
