// `fingers regimes`: the named regimes that are built in, and the kinds of policy that make them.
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "agents/simulation.hpp"
#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/terminal.hpp"
#include "engine/config_reader.hpp"
#include "engine/mistake.hpp"
#include "policies/builtin.hpp"
#include "policies/policy.hpp"
#include "policies/regime.hpp"

namespace fingers {

namespace {

/// A policy as a regime's file says it.
struct PolicyText {
  std::string regime;  ///< whose file it stands in
  std::string kind;
  std::string settings;  ///< "form = "hosted", …"
};

/// A regime's file, read for showing.
struct RegimeText {
  std::string title;
  std::string note;
  std::string builds_on;
  std::vector<PolicyText> policies;  ///< its own, in order
};

std::string settings_at(const Document& document, const std::string& pointer) {
  std::string text;
  for (const std::string& name : document.names_at(pointer)) {
    if (name != "kind" && name != "note" && name != "source") {
      text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", name,
                          document.text_at(fmt::format("{}/{}", pointer, name)).value_or(""));
    }
  }
  return text;
}

RegimeText read_regime(const std::string& name) {
  const std::string builtin = "regimes/" + name;
  const Document document =
      parse_document(std::string(builtin_config(builtin)), "built-in " + builtin).document;
  ParameterReader reader(document);
  RegimeText regime;
  const auto optional = [](std::string_view meaning) {
    return TextDeclaration{.standard = {}, .meaning = meaning, .optional = true};
  };
  reader.text("title", regime.title, optional("how it is shown"));
  reader.text("note", regime.note, optional("remark"));
  reader.text("builds_on", regime.builds_on, optional("what comes before"));
  const std::size_t count = reader.begin_list("policies", "what it does");
  for (std::size_t i = 0; i < count; ++i) {
    PolicyText policy{.regime = name, .kind = {}, .settings = {}};
    reader.begin_item(i);
    reader.text("kind", policy.kind, optional("kind of policy"));
    reader.end();
    policy.settings = settings_at(document, "/policies/" + std::to_string(i));
    regime.policies.push_back(std::move(policy));
  }
  reader.end();
  return regime;
}

/// All policies of a regime in the order in which they are applied, those of what it builds on
/// first.
std::vector<PolicyText> all_policies(const RegimeText& regime) {
  std::vector<PolicyText> policies;
  if (!regime.builds_on.empty()) {
    policies = all_policies(read_regime(regime.builds_on));
  }
  policies.insert(policies.end(), regime.policies.begin(), regime.policies.end());
  return policies;
}

const PolicyKind* kind_named(std::string_view name) {
  const auto found = std::ranges::find(policy_catalogue(), name, &PolicyKind::name);
  return found == policy_catalogue().end() ? nullptr : &*found;
}

std::string policy_text(const PolicyText& policy) {
  const PolicyKind* const kind = kind_named(policy.kind);
  std::string head = policy.kind;
  if (!policy.settings.empty()) {
    head += ": " + policy.settings;
  }
  return wrapped(head, 2) + (kind == nullptr ? "" : wrapped(kind->summary, kIndent));
}

std::string list_regimes() {
  const std::vector<std::string> names = builtin_regime_names();
  std::size_t columns = 0;
  for (const std::string& name : names) {
    columns = std::max(columns, columns_of(name));
  }
  std::string text;
  for (const std::string& name : names) {
    const RegimeText regime = read_regime(name);
    const std::vector<PolicyText> policies = all_policies(regime);
    text += fmt::format("{}  {} {}  {}\n", padded(name, columns), policies.size(),
                        policies.size() == 1 ? "policy  " : "policies", regime.title);
    text += wrapped(regime.note, kIndent);
  }
  return text;
}

std::string describe_regime(const std::string& name) {
  const RegimeText regime = read_regime(name);
  std::string text(builtin_config("regimes/" + name));
  text += "\n" + regime.title + ", applied in this order:\n";
  std::string from;
  for (const PolicyText& policy : all_policies(regime)) {
    if (policy.regime != from) {
      from = policy.regime;
      text += from == name ? "its own\n" : "from " + from + "\n";
    }
    text += policy_text(policy);
  }
  return text;
}

std::string list_kinds() {
  std::string text;
  for (const PolicyKind& kind : policy_catalogue()) {
    text += std::string(kind.name) + "\n" + wrapped(kind.summary, kIndent) +
            wrapped(kind.example, kIndent);
  }
  return text;
}

int regimes(const std::string& name, bool kinds) {
  const std::vector<std::string> names = builtin_regime_names();
  if (kinds) {
    write_result(list_kinds());
  } else if (name.empty()) {
    write_result(list_regimes());
  } else if (std::ranges::count(names, name) > 0) {
    write_result(describe_regime(name));
  } else {
    const std::string nearest = nearest_name(name, names);
    write_note(fmt::format("there is no regime \"{}\"{}\n", name,
                           nearest.empty() ? "; `fingers regimes` lists them"
                                           : "; did you mean \"" + nearest + "\"?"));
    return kWrongInput;
  }
  return kDone;
}

}  // namespace

Command make_regimes(CLI::App& program) {
  CLI::App* const line =
      program.add_subcommand("regimes", "List the named regimes, or say what one of them does");
  const auto name = std::make_shared<std::string>();
  const auto kinds = std::make_shared<bool>(false);
  CLI::Option* const option = line->add_option("NAME", *name, "only this one, with its JSON");
  line->add_flag("--kinds", *kinds, "instead: the kinds of policy, each with an example")
      ->excludes(option);
  line->footer("Example:\n  fingers regimes staged-release\n");
  return {.line = line, .act = [name, kinds] { return regimes(*name, *kinds); }};
}

}  // namespace fingers
