// Changes in a JSON text that leave the rest of it as its author laid it out: order of keys,
// indents, how numbers are spelt. A change is found through the places of the tree, made in the
// text, and the text is read again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/mistake.hpp"

namespace fingers {

/// What was changed, and where in the text as it was before any change.
struct JsonChange {
  std::uint32_t line = 0;
  std::string pointer;
  std::string what;
};

class JsonEdit {
 public:
  /// A text that must be one object; else `mistakes` says why it is none, and nothing may be asked
  /// or changed.
  JsonEdit(const std::string& text, const std::string& shown_path);
  ~JsonEdit();
  JsonEdit(const JsonEdit&) = delete;
  JsonEdit& operator=(const JsonEdit&) = delete;
  JsonEdit(JsonEdit&&) noexcept;
  JsonEdit& operator=(JsonEdit&&) noexcept;

  [[nodiscard]] const Mistakes& mistakes() const;
  [[nodiscard]] const std::string& text() const;
  /// The changes since the last call.
  [[nodiscard]] std::vector<JsonChange> take_changes();

  /// Whether a value is there; a null is.
  [[nodiscard]] bool has(std::string_view pointer) const;
  /// The value as it is written; nothing where there is none.
  [[nodiscard]] std::optional<std::string> text_at(std::string_view pointer) const;
  /// What a value that is a text says; nothing for any other.
  [[nodiscard]] std::optional<std::string> string_at(std::string_view pointer) const;
  /// Names of the members of an object in the order of the text; empty where there is none.
  [[nodiscard]] std::vector<std::string> names_at(std::string_view pointer) const;
  /// Items of a list; 0 where there is none.
  [[nodiscard]] std::size_t size_at(std::string_view pointer) const;
  /// The place of a value, which must be there; its file is the shown path.
  [[nodiscard]] Location location(std::string_view pointer) const;

  /// Gives a member another name. Expects it there, and none of that name.
  void rename(std::string_view pointer, const std::string& name);
  /// Puts another value, JSON, in the place of one. Expects one there.
  void replace(std::string_view pointer, const std::string& json);
  using Members = std::vector<std::pair<std::string, std::string>>;  ///< names and JSON
  /// Puts members in the place of one. Expects it there, and at least one to put.
  void split(std::string_view pointer, const Members& members);
  /// Adds a member to an object, as its first or last. Expects the object, and none of that name.
  void add_first(std::string_view object, const std::string& name, const std::string& json);
  void add_last(std::string_view object, const std::string& name, const std::string& json);
  /// Takes a member away. Expects it there.
  void remove(std::string_view pointer);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace fingers
