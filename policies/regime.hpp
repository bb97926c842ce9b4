// A regime is data: a named list of policies, applied in order to rules that start from "no rule"
// (model.md M2.2). So a comparison of regimes never compares two code paths.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/config_reader.hpp"
#include "policies/policy.hpp"

namespace fingers {

struct Regime {
  std::string name;
  std::string title;
  std::vector<std::shared_ptr<const Policy>> policies;
};

/// The rules of a regime in a situation.
Rules rules_of(const Regime& regime, const Situation& situation);

/// Writes every built-in regime that the document needs, and does not define itself, into its
/// /regimes: those in `names`, and what they build on or switch to. Unknown names are left to the
/// reader.
Mistakes add_builtin_regimes(Document& document, const std::vector<std::string>& names);

/// Reads /regimes of the open document, sorted by name. A regime that builds on another starts with
/// its policies; a cycle of building is rejected.
std::vector<Regime> read_regimes(Parameters& parameters);

/// What to say where a regime is named that does not exist: with the nearest of the `known` names
/// and of the built-in ones.
std::string no_such_regime(const std::string& name, std::vector<std::string> known);

/// Names of all built-in regimes, sorted.
std::vector<std::string> builtin_regime_names();

}  // namespace fingers
