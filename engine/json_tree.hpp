// The JSON tree behind a Document: every value knows where it was written. For config_reader's own
// files only; other rooms see Document and ParameterReader.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "engine/config_reader.hpp"

namespace fingers {

/// A place as a tree keeps it: the file is an index into Document::Tree::files. Line 0: no place.
struct Place {
  std::uint32_t file = 0;
  std::uint32_t line = 0;
  std::uint32_t column = 0;  ///< counts code points of UTF-8, as editors do
};

struct JsonNode;
using JsonItems = std::vector<JsonNode>;
using JsonMembers = std::map<std::string, JsonNode, std::less<>>;

/// One JSON value. A whole number keeps all its digits: unsigned where it can, signed where
/// negative.
struct JsonNode {
  std::variant<std::nullptr_t, bool, std::int64_t, std::uint64_t, double, std::string, JsonItems,
               JsonMembers>
      value = nullptr;
  Place place;      ///< of its first character
  Place key_place;  ///< of its key, for a member of an object

  [[nodiscard]] bool is_null() const { return std::holds_alternative<std::nullptr_t>(value); }
  [[nodiscard]] const std::string* text() const { return std::get_if<std::string>(&value); }
  [[nodiscard]] const JsonItems* items() const { return std::get_if<JsonItems>(&value); }
  [[nodiscard]] JsonItems* items() { return std::get_if<JsonItems>(&value); }
  [[nodiscard]] const JsonMembers* members() const { return std::get_if<JsonMembers>(&value); }
  [[nodiscard]] JsonMembers* members() { return std::get_if<JsonMembers>(&value); }
  /// The member of that name, or null; null too for what is not an object.
  [[nodiscard]] const JsonNode* member(std::string_view name) const;
};

/// What a Document hides.
struct Document::Tree {
  JsonNode root{.value = JsonMembers{}, .place = {}, .key_place = {}};
  std::vector<std::string> files;  ///< as shown; the nearest config first
  std::string origin;              ///< pointer of the root in the document it was taken from

  [[nodiscard]] Location location(const Place& place) const;
};

/// A value as one makes it in code, without a place.
template <typename Value>
JsonNode json_node(Value value) {
  return {.value = std::move(value), .place = {}, .key_place = {}};
}

/// x as JSON: a number, `"infinite"`, or null for NaN.
JsonNode number_node(double x);

std::string compact_text(const JsonNode& node);
/// With two spaces of indent.
std::string indented_text(const JsonNode& node);

/// RFC 7396: puts `patch` on `target`. Objects are merged, all else is replaced whole, null
/// deletes.
void merge(JsonNode& target, JsonNode patch);

/// The tokens of a JSON pointer; nothing when it is not one.
std::optional<std::vector<std::string>> pointer_tokens(std::string_view pointer);
/// The node at a pointer, or its nearest parent; `exact` says which.
struct FoundNode {
  const JsonNode* node;
  bool exact;
};
FoundNode find_node(const JsonNode& root, std::string_view pointer);
/// The item of a list that a pointer's token names; nothing when it is no index of an item.
std::optional<std::size_t> item_index(const JsonItems& items, std::string_view token);

}  // namespace fingers
