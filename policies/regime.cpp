#include "policies/regime.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "policies/builtin.hpp"

namespace fingers {

namespace {

/// The string value at a pointer, or empty.
std::string word_at(const Document& document, const std::string& pointer) {
  const auto text = document.text_at(pointer);
  if (!text || text->size() < 2 || text->front() != '"') {
    return {};
  }
  return text->substr(1, text->size() - 2);
}

/// Regimes that the regime at `name` refers to: what it builds on and what it switches to.
std::vector<std::string> referred_regimes(const Document& document, const std::string& name) {
  const std::string root = "/regimes/" + name;
  std::vector<std::string> referred;
  if (auto base = word_at(document, root + "/builds_on"); !base.empty()) {
    referred.push_back(std::move(base));
  }
  for (std::size_t i = 0; document.text_at(root + "/policies/" + std::to_string(i)); ++i) {
    auto target = word_at(document, root + "/policies/" + std::to_string(i) + "/to");
    if (!target.empty()) {
      referred.push_back(std::move(target));
    }
  }
  return referred;
}

struct RegimeDraft {
  Regime regime;
  std::string builds_on;
};

void read_policies(Parameters& parameters, const PolicyContext& context, Regime& regime) {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> all;
    for (const PolicyKind& kind : policy_catalogue()) {
      all.push_back(kind.name);
    }
    return all;
  }();
  const std::size_t count =
      parameters.begin_list("policies", "what the regime does, applied in this order");
  for (std::size_t i = 0; i < count; ++i) {
    parameters.begin_item(i);
    std::size_t index = names.size();
    parameters.choice("kind", index, names, {.standard = {}, .meaning = "the kind of policy"});
    for (std::size_t k = 0; k < names.size(); ++k) {
      if (parameters.is_reading() && k != index) {
        continue;  // a catalogue lists the parameters of every kind
      }
      const PolicyKind& kind = policy_catalogue()[k];
      regime.policies.push_back(kind.make(parameters, context));
    }
    parameters.end();
  }
  parameters.end();
}

RegimeDraft read_draft(Parameters& parameters, const std::string& name,
                       const PolicyContext& context) {
  RegimeDraft draft;
  draft.regime.name = name;
  parameters.begin(name, "a named regime");
  parameters.text("title", draft.regime.title,
                  {.standard = {}, .meaning = "how it is shown", .optional = true});
  parameters.text("builds_on", draft.builds_on,
                  {.standard = {},
                   .meaning = "the regime whose policies come before its own",
                   .optional = true});
  if (parameters.is_reading() && !draft.builds_on.empty() &&
      context.regime_named(draft.builds_on) == kNoRegime) {
    parameters.reject("builds_on", context.no_such_regime(draft.builds_on));
    draft.builds_on.clear();
  }
  read_policies(parameters, context, draft.regime);
  parameters.end();
  return draft;
}

/// A regime and all it builds on, itself last; rejects a regime that builds on itself.
std::vector<const RegimeDraft*> chain_of(Parameters& parameters, const RegimeDraft& draft,
                                         const std::map<std::string, RegimeDraft>& drafts) {
  std::vector<const RegimeDraft*> chain;
  for (const RegimeDraft* at = &draft; std::ranges::count(chain, at) == 0;) {
    chain.push_back(at);
    if (at->builds_on.empty()) {
      break;
    }
    const RegimeDraft* base = &drafts.at(at->builds_on);
    if (base == &draft) {
      parameters.reject(draft.regime.name + "/builds_on",
                        "builds on itself through \"" + at->regime.name + "\"");
    }
    at = base;
  }
  std::ranges::reverse(chain);
  return chain;
}

/// Puts what each regime builds on before its own policies.
void resolve_bases(Parameters& parameters, std::map<std::string, RegimeDraft>& drafts) {
  std::map<std::string, Regime> whole;
  for (const auto& [name, draft] : drafts) {
    const std::vector<const RegimeDraft*> chain = chain_of(parameters, draft, drafts);
    Regime& regime = whole[name];
    for (const RegimeDraft* link : chain) {
      const Regime& part = link->regime;
      regime.policies.insert(regime.policies.end(), part.policies.begin(), part.policies.end());
    }
  }
  for (auto& [name, draft] : drafts) {
    draft.regime.policies = std::move(whole[name].policies);
  }
}

}  // namespace

Rules rules_of(const Regime& regime, const Situation& situation) {
  Rules rules;
  for (const auto& policy : regime.policies) {
    policy->apply(situation, rules);
  }
  return rules;
}

Mistakes add_builtin_regimes(Document& document, const std::vector<std::string>& names) {
  Mistakes mistakes;
  std::vector<std::string> wanted = names;
  std::set<std::string> seen;
  while (!wanted.empty()) {
    const std::string name = std::move(wanted.back());
    wanted.pop_back();
    if (name.empty() || !seen.insert(name).second) {
      continue;
    }
    const std::string builtin = "regimes/" + name;
    const std::string_view text = builtin_config(builtin);
    if (!document.text_at("/regimes/" + name) && !text.empty()) {
      const Location where{.file = "built-in " + builtin, .line = 1, .column = 1};
      if (auto mistake = document.set("/regimes/" + name, std::string(text), where)) {
        mistakes.push_back(std::move(*mistake));
      }
    }
    for (std::string& referred : referred_regimes(document, name)) {
      wanted.push_back(std::move(referred));
    }
  }
  return mistakes;
}

std::vector<Regime> read_regimes(Parameters& parameters) {
  const std::vector<std::string> names = parameters.entries("regimes", {"*"});
  const PolicyContext context{
      .regime_named =
          [&names](const std::string& name) {
            const auto found = std::ranges::lower_bound(names, name);
            return found != names.end() && *found == name
                       ? static_cast<std::uint32_t>(found - names.begin())
                       : kNoRegime;
          },
      .no_such_regime = [&names](const std::string& name) { return no_such_regime(name, names); }};
  std::map<std::string, RegimeDraft> drafts;
  parameters.begin("regimes", "regimes that this config defines, by name");
  for (const std::string& name : names) {
    drafts.emplace(name, read_draft(parameters, name, context));
  }
  if (parameters.is_reading()) {
    resolve_bases(parameters, drafts);
  }
  parameters.end();
  std::vector<Regime> regimes;
  for (auto& [name, draft] : drafts) {
    regimes.push_back(std::move(draft.regime));
  }
  return regimes;
}

std::string no_such_regime(const std::string& name, std::vector<std::string> known) {
  for (std::string& builtin : builtin_regime_names()) {
    known.push_back(std::move(builtin));
  }
  const std::string nearest = nearest_name(name, known);
  return "there is no regime \"" + name + "\"" +
         (nearest.empty() ? "; `fingers regimes` lists them"
                          : "; did you mean \"" + nearest + "\"?");
}

std::vector<std::string> builtin_regime_names() {
  constexpr std::string_view kFolder = "regimes/";
  std::vector<std::string> names;
  for (const BuiltinConfig& config : builtin_configs()) {
    if (config.name.starts_with(kFolder)) {
      names.emplace_back(config.name.substr(kFolder.size()));
    }
  }
  return names;
}

}  // namespace fingers
