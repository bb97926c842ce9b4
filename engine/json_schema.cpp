// The JSON Schema of a catalogue, so that editors check and complete configs. The reader stays the
// judge: what a schema cannot say (cross checks, which keys a kind of policy has) it leaves open.
// Tested by tests/engine/json_schema_test.cpp.
#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "engine/config_reader.hpp"
#include "engine/contract.hpp"
#include "engine/json_parser.hpp"
#include "engine/json_tree.hpp"

namespace fingers {

namespace {

/// The declarations at one pointer and what is below it.
struct Branch {
  std::vector<const DeclaredParameter*> declared;
  std::map<std::string, Branch> members;  ///< "*": any name, or any place in a list
};

/// Where a schema applies.
struct Position {
  bool in_list = false;   ///< objects of a config may be null, which takes them away; items may not
  bool any_name = false;  ///< under a name of the user's own, for which no default can be told
};

JsonNode text_node(std::string_view text) { return json_node(std::string(text)); }

JsonNode type_node(std::initializer_list<std::string_view> types, Position position) {
  JsonItems names;
  for (const std::string_view type : types) {
    names.push_back(text_node(type));
  }
  if (!position.in_list) {
    names.push_back(text_node("null"));
  }
  return names.size() == 1 ? names.front() : json_node(std::move(names));
}

void add_range(JsonMembers& schema, const Range& allowed, double least) {
  const double low = std::max(allowed.low, least);
  if (std::isfinite(low)) {
    schema["minimum"] = json_node(low);
  }
  if (std::isfinite(allowed.high)) {
    schema["maximum"] = json_node(allowed.high);
  }
}

void add_names(JsonMembers& schema, const std::vector<std::string>& names, Position position) {
  JsonItems words;
  for (const std::string& name : names) {
    words.push_back(text_node(name));
  }
  if (!position.in_list) {
    words.push_back(json_node(nullptr));
  }
  schema["type"] = type_node({"string"}, position);
  schema["enum"] = json_node(std::move(words));
}

/// What kind of value it is, and within which bounds.
void add_type(JsonMembers& schema, const DeclaredParameter& parameter, Position position) {
  const Declaration& declaration = parameter.declaration;
  if (parameter.type == "number" && declaration.may_be_infinite) {
    schema["type"] = type_node({"number", "string"}, position);
    schema["pattern"] = text_node("^infinite$");  // holds for texts only
    add_range(schema, declaration.allowed, declaration.allowed.low);
  } else if (parameter.type == "number") {
    schema["type"] = type_node({"number"}, position);
    add_range(schema, declaration.allowed, declaration.allowed.low);
  } else if (parameter.type == "whole") {
    schema["type"] = type_node({"integer"}, position);
    add_range(schema, declaration.allowed, 0);
  } else if (parameter.type == "flag") {
    schema["type"] = type_node({"boolean"}, position);
  } else if (parameter.type == "choice") {
    add_names(schema, parameter.names, position);
  } else if (parameter.type == "text") {
    schema["type"] = type_node({"string"}, position);
  } else if (parameter.type == "words" || parameter.type == "numbers") {
    const bool is_words = parameter.type == "words";
    schema["type"] = type_node({"array"}, position);
    schema["items"] = json_node(JsonMembers{{"type", text_node(is_words ? "string" : "number")}});
  } else if (parameter.type == "rows") {
    const Position in_list{.in_list = true};
    const JsonNode cell =
        json_node(JsonMembers{{"type", type_node({"number", "string", "boolean"}, in_list)}});
    schema["type"] = type_node({"array"}, position);
    schema["items"] = json_node(JsonMembers{{"type", text_node("array")}, {"items", cell}});
  }
}

/// The default, which the catalogue holds as JSON.
JsonNode standard_node(const std::string& text) {
  const Document::Tree nowhere;
  JsonNode node;
  Mistakes mistakes;
  const bool is_json = parse_json(text, nowhere, 0, node, mistakes);
  EXPECT_CONTRACT(is_json);
  return node;
}

JsonMembers schema_of_value(const DeclaredParameter& parameter, Position position) {
  const Declaration& declaration = parameter.declaration;
  JsonMembers schema;
  add_type(schema, parameter, position);
  schema["description"] = text_node(declaration.meaning);
  if (!declaration.unit.empty()) {
    schema["x-unit"] = text_node(declaration.unit);
  }
  if (position.any_name) {
    return schema;
  }
  if (!parameter.standard_text.empty()) {
    schema["default"] = standard_node(parameter.standard_text);
  }
  if (!declaration.source.empty()) {
    schema["x-source"] = text_node(declaration.source);
  }
  if (std::isfinite(declaration.belief.low) && std::isfinite(declaration.belief.high)) {
    schema["x-belief"] =
        json_node(JsonItems{json_node(declaration.belief.low), json_node(declaration.belief.high)});
  }
  return schema;
}

JsonMembers schema_of(const Branch& branch, Position position);

JsonMembers remarks() {
  const JsonNode remark = json_node(JsonMembers{{"type", text_node("string")}});
  return {{"note", remark}, {"source", remark}};
}

/// What may stand under a name that is not declared: nothing in an object of which something is
/// declared, and in a map what stands under `*` or under its first example.
JsonNode schema_of_others(const Branch& branch, Position position, bool is_map) {
  if (const auto any = branch.members.find("*"); any != branch.members.end()) {
    return json_node(schema_of(any->second, position));
  }
  if (is_map && !branch.members.empty()) {
    position.any_name = true;
    return json_node(schema_of(branch.members.begin()->second, position));
  }
  return json_node(branch.members.empty());
}

JsonMembers schema_of_object(const Branch& branch, Position position, bool is_map) {
  JsonMembers properties = remarks();
  for (const auto& [name, member] : branch.members) {
    if (name != "*") {
      properties[name] = json_node(schema_of(member, position));
    }
  }
  return {{"type", type_node({"object"}, position)},
          {"properties", json_node(std::move(properties))},
          {"additionalProperties", schema_of_others(branch, position, is_map)}};
}

JsonMembers schema_of_list(const Branch& branch, Position position) {
  JsonMembers schema{{"type", type_node({"array"}, position)}};
  position.in_list = true;
  if (const auto item = branch.members.find("*"); item != branch.members.end()) {
    schema["items"] = json_node(schema_of(item->second, position));
  }
  return schema;
}

/// Several declarations of one key (kinds of policy share names) are alternatives.
JsonMembers schema_of(const Branch& branch, Position position) {
  if (branch.declared.empty()) {
    return schema_of_object(branch, position, false);  // an item of a list
  }
  const DeclaredParameter& first = *branch.declared.front();
  const bool is_map = first.type == "map";
  if (first.type == "object" || first.type == "list" || is_map) {
    JsonMembers schema = first.type == "list" ? schema_of_list(branch, position)
                                              : schema_of_object(branch, position, is_map);
    schema["description"] = text_node(first.declaration.meaning);
    return schema;
  }
  if (branch.declared.size() == 1) {
    return schema_of_value(first, position);
  }
  JsonItems alternatives;
  for (const DeclaredParameter* const parameter : branch.declared) {
    alternatives.push_back(json_node(schema_of_value(*parameter, position)));
  }
  return {{"anyOf", json_node(std::move(alternatives))}};
}

Branch branches(const ParameterCatalogue& catalogue) {
  Branch root;
  for (const DeclaredParameter& parameter : catalogue.list()) {
    Branch* branch = &root;
    const auto tokens = pointer_tokens(parameter.pointer);
    EXPECT_CONTRACT(tokens.has_value());
    for (const std::string& token : *tokens) {
      branch = &branch->members[token];
    }
    branch->declared.push_back(&parameter);
  }
  return root;
}

}  // namespace

std::string json_schema(const ParameterCatalogue& catalogue, const std::string& title) {
  JsonMembers schema = schema_of_object(branches(catalogue), {}, false);
  schema["type"] = text_node("object");  // the root cannot be null
  const JsonNode text = json_node(JsonMembers{{"type", text_node("string")}});
  for (const char* const key : {"$schema", "base"}) {
    schema["properties"].members()->insert_or_assign(key, text);
  }
  schema["$schema"] = text_node("https://json-schema.org/draft/2020-12/schema");
  schema["title"] = text_node(title);
  return indented_text(json_node(std::move(schema))) + "\n";
}

}  // namespace fingers
