// Tested by tests/engine/json_parser_test.cpp.
#include "engine/json_parser.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace fingers {

namespace {

constexpr std::string_view kBetweenTokens = " \t\r\n,:";

/// Turns byte offsets, which may only grow, into lines and columns.
class PlaceFinder {
 public:
  PlaceFinder(std::string_view text, std::uint32_t file)
      : text_(text), place_{.file = file, .line = 1, .column = 1} {}

  Place at(std::size_t offset) {
    for (; offset_ < offset && offset_ < text_.size(); ++offset_) {
      const auto byte = static_cast<unsigned char>(text_[offset_]);
      const bool continues_code_point = (byte & 0xC0U) == 0x80U;
      if (byte == '\n') {
        ++place_.line;
        place_.column = 1;
      } else if (!continues_code_point) {
        ++place_.column;
      }
    }
    return place_;
  }

 private:
  std::string_view text_;
  Place place_;
  std::size_t offset_ = 0;
};

/// Builds the tree from the parser's events. The parser does not say where a token stood, but
/// tokens come in order: each begins at the first byte after the last one that does not separate
/// tokens.
class TreeBuilder final : public nlohmann::json_sax<nlohmann::json> {
 public:
  TreeBuilder(std::string_view text, const Document::Tree& tree, std::uint32_t file, JsonNode& root,
              Mistakes& mistakes)
      : text_(text), tree_(tree), root_(root), mistakes_(mistakes), places_(text, file) {}

  bool null() override { return add(nullptr) != nullptr; }
  bool boolean(bool value) override { return add(value) != nullptr; }
  bool number_integer(std::int64_t value) override { return add(value) != nullptr; }
  bool number_unsigned(std::uint64_t value) override { return add(value) != nullptr; }
  bool number_float(double value, const std::string& /*digits*/) override {
    return add(value) != nullptr;
  }
  bool string(std::string& value) override { return add(std::move(value)) != nullptr; }
  bool binary(nlohmann::json::binary_t& /*value*/) override { return false; }  // not in JSON texts
  bool start_object(std::size_t /*size*/) override { return open(add(JsonMembers{})); }
  bool start_array(std::size_t /*size*/) override { return open(add(JsonItems{})); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(std::string& name) override {
    open_.back().key = name;
    open_.back().key_place = next_place();
    const JsonNode* const earlier = open_.back().node->member(name);
    if (earlier != nullptr) {
      note(open_.back().key_place, "key " + json_quoted(name) +
                                       " is written twice in this object; first at " +
                                       std::to_string(earlier->key_place.line) + ":" +
                                       std::to_string(earlier->key_place.column));
    }
    after_key_ = true;
    return true;
  }

  bool parse_error(std::size_t read, const std::string& /*token*/,
                   const nlohmann::json::exception& error) override {
    const std::size_t stopped_at = std::min(read - std::min<std::size_t>(read, 1), text_.size());
    Fault fault = describe_fault(text_, end_, state(), stopped_at, error.what());
    note(places_.at(fault.offset), std::move(fault.message));
    return false;
  }

 private:
  /// An object or list that is not closed yet; `key` and `key_place` are of the member being read.
  struct Open {
    JsonNode* node;
    std::string key;
    Place key_place;
  };

  Place next_place() {
    const std::size_t start = text_.find_first_not_of(kBetweenTokens, end_);
    end_ = token_end(text_, start);
    return places_.at(start);
  }

  [[nodiscard]] ParseState state() const {
    if (open_.empty()) {
      return n_values_ == 0 ? ParseState::at_start : ParseState::at_end;
    }
    if (after_key_) {
      return ParseState::after_key;
    }
    if (const JsonMembers* const members = open_.back().node->members()) {
      return members->empty() ? ParseState::object_opened : ParseState::after_member;
    }
    const bool empty = open_.back().node->items()->empty();
    return empty ? ParseState::list_opened : ParseState::after_item;
  }

  [[nodiscard]] std::string pointer() const {
    std::string pointer = tree_.origin;
    for (const Open& open : open_) {
      if (const JsonItems* const items = open.node->items()) {
        pointer += pointer_step(std::to_string(items->empty() ? 0 : items->size() - 1));
      } else if (!open.key.empty()) {
        pointer += pointer_step(open.key);
      }
    }
    return pointer;
  }

  void note(const Place& place, std::string message) {
    mistakes_.push_back(
        {.where = tree_.location(place), .pointer = pointer(), .message = std::move(message)});
  }

  /// Puts a value where the parser stands; null when there are too many.
  template <typename Value>
  JsonNode* add(Value value) {
    JsonNode node = json_node(std::move(value));
    node.place = next_place();
    after_key_ = false;
    if (++n_values_ > kMaxConfigValues) {
      note(node.place, "more than " + std::to_string(kMaxConfigValues) + " values");
      return nullptr;
    }
    if (open_.empty()) {
      root_ = std::move(node);
      return &root_;
    }
    Open& parent = open_.back();
    if (JsonItems* const items = parent.node->items()) {
      items->push_back(std::move(node));
      return &items->back();
    }
    node.key_place = parent.key_place;
    JsonNode& member = (*parent.node->members())[parent.key];
    member = std::move(node);
    return &member;
  }

  /// A pointer to the last child of a list stays good while it is open: the list grows after it is
  /// closed.
  bool open(JsonNode* node) {
    if (node == nullptr) {
      return false;
    }
    open_.push_back({.node = node, .key = {}, .key_place = {}});
    if (open_.size() > static_cast<std::size_t>(kMaxConfigDepth)) {
      open_.pop_back();
      note(node->place, "nested more deeply than " + std::to_string(kMaxConfigDepth) + " levels");
      return false;
    }
    return true;
  }

  bool close() {
    next_place();
    open_.pop_back();
    return true;
  }

  std::string_view text_;
  const Document::Tree& tree_;
  JsonNode& root_;
  Mistakes& mistakes_;
  PlaceFinder places_;
  std::vector<Open> open_;
  std::size_t end_ = 0;  ///< of the last token
  std::size_t n_values_ = 0;
  bool after_key_ = false;
};

/// What must be known before the parser starts: it skips a byte order mark in silence and takes a
/// zero byte for the end of the text.
std::optional<Fault> fault_of_bytes(std::string_view text) {
  if (text.size() > kMaxConfigBytes) {
    return Fault{.offset = 0,
                 .message = "larger than " + std::to_string(kMaxConfigBytes >> 20U) + " MB"};
  }
  if (text.starts_with("\xEF\xBB\xBF")) {
    return Fault{.offset = 0, .message = "begins with a byte order mark; save it as UTF-8 without"};
  }
  if (text.starts_with("\xFE\xFF") || text.starts_with("\xFF\xFE")) {
    return Fault{.offset = 0, .message = "is UTF-16; save it as UTF-8"};
  }
  if (const std::size_t zero = text.find('\0'); zero != std::string_view::npos) {
    return Fault{.offset = zero, .message = "a zero byte; this is not a text"};
  }
  return std::nullopt;
}

}  // namespace

bool parse_json(std::string_view text, const Document::Tree& tree, std::uint32_t file,
                JsonNode& root, Mistakes& mistakes) {
  if (auto fault = fault_of_bytes(text)) {
    mistakes.push_back({.where = tree.location(PlaceFinder(text, file).at(fault->offset)),
                        .pointer = tree.origin,
                        .message = std::move(fault->message)});
    return false;
  }
  TreeBuilder builder(text, tree, file, root, mistakes);
  return nlohmann::json::sax_parse(text.begin(), text.end(), &builder);
}

}  // namespace fingers
