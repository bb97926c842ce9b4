// Setting one value of a Document, as `--set /pointer=value` does. Tested by
// tests/engine/document_test.cpp.
#include <algorithm>

#include "engine/config_reader.hpp"
#include "engine/json_parser.hpp"
#include "engine/json_tree.hpp"
#include "engine/json_value.hpp"

namespace fingers {

namespace {

/// A value that was written in a text of its own, as if the text began at `start`. Without a line
/// there (a command line), all of it stands at `start`.
void move_places(JsonNode& node, const Place& start) {
  for (Place* const place : {&node.place, &node.key_place}) {
    const bool on_first_line = place->line <= 1;
    if (start.line == 0 || place->line == 0) {
      *place = start;
    } else {
      place->file = start.file;
      place->column += on_first_line ? start.column - 1 : 0;
      place->line += start.line - 1;
    }
  }
  if (JsonItems* const items = node.items()) {
    for (JsonNode& item : *items) {
      move_places(item, start);
    }
  }
  if (JsonMembers* const members = node.members()) {
    for (auto& member : *members) {
      move_places(member.second, start);
    }
  }
}

bool looks_like_json(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos &&
         std::string_view("{[\"").find(text[first]) != std::string_view::npos;
}

/// The value that `text` stands for, or what is wrong with it.
Mistakes parse_value(const std::string& text, JsonNode& value) {
  const Document::Tree nowhere;
  Mistakes mistakes;
  if (parse_json(text, nowhere, 0, value, mistakes) || looks_like_json(text)) {
    return mistakes;
  }
  mistakes
      .clear();  // a bare word; parsed once more in quotes, for it must be UTF-8 as all texts are
  parse_json(json_quoted(text), nowhere, 0, value, mistakes);
  return mistakes;
}

int depth(const JsonNode& node) {
  int deepest = 0;
  if (const JsonItems* const items = node.items()) {
    for (const JsonNode& item : *items) {
      deepest = std::max(deepest, depth(item));
    }
  }
  if (const JsonMembers* const members = node.members()) {
    for (const auto& member : *members) {
      deepest = std::max(deepest, depth(member.second));
    }
  }
  return node.items() != nullptr || node.members() != nullptr ? deepest + 1 : 0;
}

/// Puts `value` at the end of `tokens`, making objects on the way; answers why it cannot.
std::string put(JsonNode& root, const std::vector<std::string>& tokens, JsonNode value) {
  JsonNode* node = &root;
  std::string walked;
  for (const std::string& token : tokens) {
    if (JsonItems* const items = node->items()) {
      const auto index = item_index(*items, token);
      if (!index) {
        return walked + " is a list of " + std::to_string(items->size()) + ", it has no item " +
               json_quoted(token);
      }
      node = &(*items)[*index];
    } else if (JsonMembers* const members = node->members()) {
      const auto [member, is_new] = members->try_emplace(token);
      node = &member->second;
      if (is_new) {
        node->value = JsonMembers{};
        node->place = value.place;
        node->key_place = value.place;
      }
    } else {
      return walked + " is " + shown_text(*node) + ", it holds no " + json_quoted(token);
    }
    walked += pointer_step(token);
  }
  value.key_place = value.place;
  *node = std::move(value);
  return {};
}

JsonNode* child(JsonNode& node, const std::string& token) {
  if (JsonItems* const items = node.items()) {
    const auto index = item_index(*items, token);
    return index ? &(*items)[*index] : nullptr;
  }
  JsonMembers* const members = node.members();
  const auto found = members == nullptr ? JsonMembers::iterator{} : members->find(token);
  return members == nullptr || found == members->end() ? nullptr : &found->second;
}

/// Takes away the member at the end of `tokens`, if it is there; answers why it cannot.
std::string erase(JsonNode& root, const std::vector<std::string>& tokens) {
  JsonNode* parent = &root;
  for (std::size_t i = 0; i + 1 < tokens.size() && parent != nullptr; ++i) {
    parent = child(*parent, tokens[i]);
  }
  if (parent != nullptr && parent->items() != nullptr) {
    return "null takes away the member of an object; a list can only be replaced whole";
  }
  if (parent != nullptr && parent->members() != nullptr) {
    parent->members()->erase(tokens.back());
  }
  return {};
}

std::uint32_t number_of_file(std::vector<std::string>& files, const std::string& file) {
  const auto found = std::ranges::find(files, file);
  const auto number = static_cast<std::uint32_t>(found - files.begin());
  if (found == files.end()) {
    files.push_back(file);
  }
  return number;
}

}  // namespace

std::optional<Mistake> Document::set(const std::string& pointer, const std::string& value,
                                     const Location& where) {
  const auto mistake = [&](std::string message) {
    return Mistake{.where = where, .pointer = pointer, .message = std::move(message)};
  };
  const auto tokens = pointer_tokens(pointer);
  if (!tokens || tokens->empty()) {
    return mistake(
        "expected a JSON pointer such as /population/count ('~' is written ~0, "
        "a '/' within a name ~1)");
  }
  const Place place{
      .file = number_of_file(tree_->files, where.file), .line = where.line, .column = where.column};
  JsonNode written;
  if (const Mistakes wrong = parse_value(value, written); !wrong.empty()) {
    const Place at{
        .file = place.file, .line = wrong.front().where.line, .column = wrong.front().where.column};
    JsonNode there{.value = nullptr, .place = at, .key_place = {}};
    move_places(there, place);
    return Mistake{.where = tree_->location(there.place),
                   .pointer = pointer + wrong.front().pointer,
                   .message = wrong.front().message};
  }
  move_places(written, place);
  const auto answer = [&](std::string problem) {
    return problem.empty() ? std::nullopt : std::optional(mistake(std::move(problem)));
  };
  if (written.is_null()) {
    return answer(erase(tree_->root, *tokens));  // RFC 7396, as in a config
  }
  if (static_cast<int>(tokens->size()) + depth(written) > kMaxConfigDepth) {
    return mistake("nested more deeply than " + std::to_string(kMaxConfigDepth) + " levels");
  }
  JsonNode without_nulls;
  merge(without_nulls, std::move(written));
  return answer(put(tree_->root, *tokens, std::move(without_nulls)));
}

}  // namespace fingers
