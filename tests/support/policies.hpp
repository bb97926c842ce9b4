// Reads policies and regimes from JSON texts, and looks at levers by name.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "policies/regime.hpp"
#include "tests/support/catch.hpp"

namespace fingers {

struct RegimesRead {
  std::vector<Regime> regimes;
  std::vector<std::string> mistakes;  ///< "pointer: message"

  [[nodiscard]] const Regime& named(const std::string& name) const {
    for (const Regime& regime : regimes) {
      if (regime.name == name) {
        return regime;
      }
    }
    FAIL("no regime " << name);
    return regimes.front();
  }
};

/// Reads a map from names to regimes, with the built-in ones that it refers to and those in
/// `wanted`.
inline RegimesRead read_regimes_of(const std::string& regimes_json,
                                   std::vector<std::string> wanted = {}) {
  Loaded loaded = parse_document("{\"regimes\": " + regimes_json + "}", "test");
  REQUIRE(loaded.mistakes.empty());
  for (std::string& own : loaded.document.names_at("/regimes")) {
    wanted.push_back(std::move(own));
  }
  REQUIRE(add_builtin_regimes(loaded.document, wanted).empty());
  ParameterReader reader(loaded.document);
  RegimesRead read{.regimes = read_regimes(reader), .mistakes = {}};
  reader.finish();
  for (const Mistake& mistake : reader.mistakes()) {
    read.mistakes.push_back(mistake.pointer + ": " + mistake.message);
  }
  return read;
}

/// Reads a regime "test" of these policies (a JSON list without its brackets).
inline RegimesRead read_policies_of(const std::string& policies_json) {
  return read_regimes_of("{\"test\": {\"policies\": [" + policies_json + "]}}");
}

/// What these policies make of "no rule".
inline Rules rules_after(const std::string& policies_json, const Situation& situation = {}) {
  const RegimesRead read = read_policies_of(policies_json);
  REQUIRE(read.mistakes.empty());
  return rules_of(read.named("test"), situation);
}

/// What the first of these policies makes of given rules.
inline Rules moved_by(const std::string& policy_json, Rules rules,
                      const Situation& situation = {}) {
  const RegimesRead read = read_policies_of(policy_json);
  REQUIRE(read.mistakes.empty());
  read.named("test").policies.front()->apply(situation, rules);
  return rules;
}

/// A lever by its name, as a number, with the range in which agents obey it.
struct Lever {
  double value = 0;
  Range allowed;
  bool may_be_nan = false;  ///< the config's own value then holds
};

/// Every lever there is; "room.lever".
inline std::map<std::string, Lever> levers_of(const Rules& r) {
  constexpr Range kForm{0, static_cast<double>(kFormNames.size()) - 1};
  constexpr Range kShare{0, 1};
  constexpr Range kAny{0, std::numeric_limits<double>::infinity()};
  const auto number = [](auto x) { return static_cast<double>(x); };
  return {{"release.form", {number(r.release.form), kForm}},
          {"release.gate_oom", {r.release.gate_oom, kAny}},
          {"release.gate_form", {number(r.release.gate_form), kForm}},
          {"release.gate_rule", {number(r.release.gate_rule), {0, 0}}},
          {"access.structured", {number(r.access.structured), kShare}},
          {"access.defenders_first", {number(r.access.defenders_first), kShare}},
          {"monitoring.on", {number(r.monitoring.on), kShare}},
          {"monitoring.true_positive_rate", {r.monitoring.true_positive_rate, kShare, true}},
          {"monitoring.false_positive_rate", {r.monitoring.false_positive_rate, kShare, true}},
          {"monitoring.analysts", {r.monitoring.analysts, kAny, true}},
          {"licence.forbidden_share", {r.licence.forbidden_share, kShare}},
          {"licence.revocable", {number(r.licence.revocable), kShare}},
          {"licence.terms_by_reference", {number(r.licence.terms_by_reference), kShare}},
          {"licence.redistribution", {number(r.licence.redistribution), kShare}},
          {"licence.derivatives", {number(r.licence.derivatives), kShare}},
          {"licence.naming_duty", {number(r.licence.naming_duty), kShare}},
          {"licence.user_cap", {r.licence.user_cap, kAny}},
          {"security.extra_levels", {r.security.extra_levels, {0, 4}}},
          {"society.defence_share", {r.society.defence_share, kShare}},
          {"society.pace", {r.society.pace, kShare}},
          {"society.safety_factor", {r.society.safety_factor, kAny}},
          {"society.compute_commons", {r.society.compute_commons, {1, 1e9}}},
          {"society.recklessness_factor", {r.society.recklessness_factor, kShare}},
          {"response.after_incidents", {number(r.response.after_incidents), kAny}},
          {"response.at_least_musd", {r.response.at_least_musd, kAny}},
          {"response.within_months", {r.response.within_months, kAny}},
          {"response.lag_months", {r.response.lag_months, kAny}},
          {"response.to_regime", {number(r.response.to_regime), kAny}},
          {"response.freeze", {number(r.response.freeze), kShare}}};
}

/// Names of the levers that differ.
inline std::vector<std::string> levers_that_differ(const Rules& a, const Rules& b) {
  std::vector<std::string> names;
  const auto before = levers_of(a);
  for (const auto& [name, after] : levers_of(b)) {
    const double was = before.at(name).value;
    const bool both_nan = was != was && after.value != after.value;
    if (was != after.value && !both_nan) {
      names.push_back(name);
    }
  }
  return names;
}

using Names = std::vector<std::string>;

}  // namespace fingers
