// Tested by tests/engine/json_edit_test.cpp.
#include "engine/json_edit.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "engine/contract.hpp"
#include "engine/json_parser.hpp"
#include "engine/json_tree.hpp"

namespace fingers {

namespace {

constexpr std::string_view kBlanks = " \t\r\n";

/// Where the value that begins at `start` ends, in a text that is JSON.
std::size_t value_end(std::string_view text, std::size_t start) {
  std::size_t depth = 0;
  std::size_t at = start;
  do {
    const char c = text[at];
    if (c == '{' || c == '[') {
      ++depth;
      ++at;
    } else if (c == '}' || c == ']') {
      --depth;
      ++at;
    } else {
      at = kBlanks.find(c) != std::string_view::npos || c == ',' || c == ':' ? at + 1
                                                                             : token_end(text, at);
    }
  } while (depth > 0);
  return at;
}

/// A value for a message, cut where it is long.
std::string shortened(std::string_view json) {
  constexpr std::size_t kShown = 60;
  std::string line;
  for (const char c : json) {
    const bool is_blank = kBlanks.find(c) != std::string_view::npos;
    if (!is_blank || (!line.empty() && line.back() != ' ')) {
      line += is_blank ? ' ' : c;
    }
  }
  if (line.size() <= kShown) {
    return line;
  }
  std::size_t length = kShown;
  while (length > 0 && (static_cast<unsigned>(line[length]) & 0xC0U) == 0x80U) {
    --length;  // not within a character
  }
  return line.substr(0, length) + "…";
}

std::string parent_of(std::string_view pointer) {
  const std::size_t slash = pointer.rfind('/');
  EXPECT_CONTRACT(slash != std::string_view::npos);
  return std::string(pointer.substr(0, slash));
}

/// Where a member stands in the text.
struct Span {
  std::size_t key = 0;
  std::size_t value = 0;
  std::size_t end = 0;  ///< behind its value
};

/// A member among those of its object, in the order of the text.
struct Siblings {
  std::vector<Span> spans;
  std::size_t own = 0;
};

}  // namespace

struct JsonEdit::State {
  std::string text;
  std::string shown_path;
  Document::Tree tree;
  std::vector<std::size_t> line_starts;
  std::vector<std::uint32_t> first_lines;  ///< of each line, which it was before any change
  Mistakes mistakes;
  std::vector<JsonChange> changes;

  void read();
  [[nodiscard]] bool has(std::string_view pointer) const {
    return find_node(tree.root, pointer).exact;
  }
  [[nodiscard]] const JsonNode& node(std::string_view pointer) const;
  [[nodiscard]] std::size_t offset_of(const Place& place) const;
  [[nodiscard]] std::size_t line_of(std::size_t offset) const;
  [[nodiscard]] std::vector<Span> members_of(const JsonNode& object) const;
  [[nodiscard]] Siblings siblings(std::string_view pointer) const;
  [[nodiscard]] std::string blank_before(std::size_t offset) const;
  [[nodiscard]] std::string member_text(const std::string& name, const std::string& json,
                                        const std::vector<Span>& like) const;
  [[nodiscard]] std::string shown(const Span& member) const {
    return shortened(std::string_view(text).substr(member.value, member.end - member.value));
  }
  void note(std::size_t offset, std::string pointer, std::string what);
  void splice(std::size_t from, std::size_t to, const std::string& with);
};

void JsonEdit::State::read() {
  line_starts = {0};
  for (std::size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + 1)) {
    line_starts.push_back(at + 1);
  }
  tree = Document::Tree{};
  tree.files = {shown_path};
  if (parse_json(text, tree, 0, tree.root, mistakes) && tree.root.members() == nullptr) {
    mistakes.push_back({.where = tree.location(tree.root.place),
                        .pointer = {},
                        .message = "expected an object: the text must begin with '{'"});
  }
}

const JsonNode& JsonEdit::State::node(std::string_view pointer) const {
  const FoundNode found = find_node(tree.root, pointer);
  EXPECT_CONTRACT(found.exact);
  return *found.node;
}

std::size_t JsonEdit::State::offset_of(const Place& place) const {
  EXPECT_CONTRACT(place.line > 0 && place.line <= line_starts.size());
  std::size_t at = line_starts[place.line - 1];
  for (std::uint32_t column = 1; column < place.column; ++column) {
    ++at;
    while (at < text.size() && (static_cast<unsigned>(text[at]) & 0xC0U) == 0x80U) {
      ++at;  // the rest of a code point
    }
  }
  return at;
}

/// Counted from 0.
std::size_t JsonEdit::State::line_of(std::size_t offset) const {
  const auto after = std::ranges::upper_bound(line_starts, offset);
  return static_cast<std::size_t>(after - line_starts.begin()) - 1;
}

std::vector<Span> JsonEdit::State::members_of(const JsonNode& object) const {
  EXPECT_CONTRACT(object.members() != nullptr);
  std::vector<Span> spans;
  for (const auto& [name, member] : *object.members()) {
    const std::size_t value = offset_of(member.place);
    spans.push_back(
        {.key = offset_of(member.key_place), .value = value, .end = value_end(text, value)});
  }
  std::ranges::sort(spans, {}, &Span::key);
  return spans;
}

Siblings JsonEdit::State::siblings(std::string_view pointer) const {
  const std::size_t key = offset_of(node(pointer).key_place);
  Siblings all{.spans = members_of(node(parent_of(pointer))), .own = 0};
  const auto own = std::ranges::find(all.spans, key, &Span::key);
  EXPECT_CONTRACT(own != all.spans.end());
  all.own = static_cast<std::size_t>(own - all.spans.begin());
  return all;
}

/// The blanks that stand before a place; of empty lines only the last break.
std::string JsonEdit::State::blank_before(std::size_t offset) const {
  const std::size_t last = text.find_last_not_of(kBlanks, offset - 1);
  const std::size_t start = last == std::string::npos ? 0 : last + 1;
  std::string blank = text.substr(start, offset - start);
  const std::size_t line_break = blank.rfind('\n');
  if (line_break == std::string::npos) {
    return blank;
  }
  const bool windows = line_break > 0 && blank[line_break - 1] == '\r';
  return blank.substr(line_break - (windows ? 1 : 0));
}

/// A member, with a colon as the first of others has it.
std::string JsonEdit::State::member_text(const std::string& name, const std::string& json,
                                         const std::vector<Span>& like) const {
  std::string colon = ": ";
  if (!like.empty()) {
    const std::size_t key_end = token_end(text, like.front().key);
    colon = text.substr(key_end, like.front().value - key_end);
  }
  return json_quoted(name) + colon + json;
}

void JsonEdit::State::note(std::size_t offset, std::string pointer, std::string what) {
  changes.push_back({.line = first_lines[line_of(offset)],
                     .pointer = std::move(pointer),
                     .what = std::move(what)});
}

void JsonEdit::State::splice(std::size_t from, std::size_t to, const std::string& with) {
  const auto first = static_cast<std::ptrdiff_t>(line_of(from));
  const auto behind = static_cast<std::ptrdiff_t>(line_of(to)) + 1;
  // New lines were on the line where the change begins; the last ends with what follows it.
  std::vector<std::uint32_t> lines(static_cast<std::size_t>(std::ranges::count(with, '\n')) + 1,
                                   first_lines[static_cast<std::size_t>(first)]);
  if (lines.size() > 1) {
    lines.back() = first_lines[static_cast<std::size_t>(behind) - 1];
  }
  first_lines.erase(first_lines.begin() + first, first_lines.begin() + behind);
  first_lines.insert(first_lines.begin() + first, lines.begin(), lines.end());
  text.replace(from, to - from, with);
  read();
  EXPECT_CONTRACT(mistakes.empty());
}

JsonEdit::JsonEdit(const std::string& text, const std::string& shown_path)
    : state_(std::make_unique<State>()) {
  state_->text = text;
  state_->shown_path = shown_path;
  state_->read();
  for (std::uint32_t line = 1; line <= state_->line_starts.size(); ++line) {
    state_->first_lines.push_back(line);
  }
}

JsonEdit::~JsonEdit() = default;
JsonEdit::JsonEdit(JsonEdit&&) noexcept = default;
JsonEdit& JsonEdit::operator=(JsonEdit&&) noexcept = default;

const Mistakes& JsonEdit::mistakes() const { return state_->mistakes; }
const std::string& JsonEdit::text() const { return state_->text; }
std::vector<JsonChange> JsonEdit::take_changes() { return std::exchange(state_->changes, {}); }
bool JsonEdit::has(std::string_view pointer) const { return state_->has(pointer); }

std::optional<std::string> JsonEdit::text_at(std::string_view pointer) const {
  if (!has(pointer)) {
    return std::nullopt;
  }
  const std::size_t start = state_->offset_of(state_->node(pointer).place);
  return state_->text.substr(start, value_end(state_->text, start) - start);
}

std::optional<std::string> JsonEdit::string_at(std::string_view pointer) const {
  const std::string* const text = has(pointer) ? state_->node(pointer).text() : nullptr;
  return text == nullptr ? std::nullopt : std::optional(*text);
}

std::vector<std::string> JsonEdit::names_at(std::string_view pointer) const {
  std::map<std::size_t, std::string> in_order;
  if (has(pointer) && state_->node(pointer).members() != nullptr) {
    for (const auto& [name, member] : *state_->node(pointer).members()) {
      in_order[state_->offset_of(member.key_place)] = name;
    }
  }
  std::vector<std::string> names;
  for (const auto& [offset, name] : in_order) {
    names.push_back(name);
  }
  return names;
}

std::size_t JsonEdit::size_at(std::string_view pointer) const {
  const JsonItems* const items = has(pointer) ? state_->node(pointer).items() : nullptr;
  return items == nullptr ? 0 : items->size();
}

Location JsonEdit::location(std::string_view pointer) const {
  return state_->tree.location(state_->node(pointer).place);
}

void JsonEdit::rename(std::string_view pointer, const std::string& name) {
  EXPECT_CONTRACT(!has(parent_of(pointer) + pointer_step(name)));
  const std::size_t key = state_->offset_of(state_->node(pointer).key_place);
  state_->note(key, std::string(pointer), "renamed to " + json_quoted(name));
  state_->splice(key, token_end(state_->text, key), json_quoted(name));
}

void JsonEdit::replace(std::string_view pointer, const std::string& json) {
  const std::size_t start = state_->offset_of(state_->node(pointer).place);
  const std::size_t end = value_end(state_->text, start);
  state_->note(start, std::string(pointer),
               shortened(std::string_view(state_->text).substr(start, end - start)) + " became " +
                   shortened(json));
  state_->splice(start, end, json);
}

void JsonEdit::split(std::string_view pointer, const Members& members) {
  EXPECT_CONTRACT(!members.empty());
  const Siblings all = state_->siblings(pointer);
  const Span& own = all.spans[all.own];
  const std::string blank = state_->blank_before(own.key);
  std::string text;
  std::string shown;
  for (const auto& [name, json] : members) {
    text += text.empty() ? "" : "," + (blank.empty() ? " " : blank);
    text += state_->member_text(name, json, {own});
    shown += (shown.empty() ? "" : ", ") + json_quoted(name) + ": " + shortened(json);
  }
  state_->note(own.key, std::string(pointer), state_->shown(own) + " became " + shown);
  state_->splice(own.key, own.end, text);
}

void JsonEdit::add_first(std::string_view object, const std::string& name,
                         const std::string& json) {
  const std::string pointer = std::string(object) + pointer_step(name);
  EXPECT_CONTRACT(!has(pointer));
  const std::vector<Span> members = state_->members_of(state_->node(object));
  const std::size_t inside = state_->offset_of(state_->node(object).place) + 1;
  std::string text = state_->member_text(name, json, members);
  if (!members.empty()) {
    const std::string blank = state_->blank_before(members.front().key);
    text = blank.empty() ? text + ", " : blank + text + ",";
  }
  state_->note(inside, pointer, "added: " + shortened(json));
  state_->splice(inside, inside, text);
}

void JsonEdit::add_last(std::string_view object, const std::string& name, const std::string& json) {
  const std::vector<Span> members = state_->members_of(state_->node(object));
  if (members.empty()) {
    add_first(object, name, json);
    return;
  }
  const std::string pointer = std::string(object) + pointer_step(name);
  EXPECT_CONTRACT(!has(pointer));
  const std::size_t end = members.back().end;
  const std::string blank = state_->blank_before(members.back().key);
  const std::string text = state_->member_text(name, json, members);
  state_->note(end, pointer, "added: " + shortened(json));
  state_->splice(end, end, "," + (blank.empty() ? " " : blank) + text);
}

void JsonEdit::remove(std::string_view pointer) {
  const Siblings all = state_->siblings(pointer);
  const Span& own = all.spans[all.own];
  state_->note(own.key, std::string(pointer), "taken away: " + state_->shown(own));
  if (all.own + 1 < all.spans.size()) {
    state_->splice(own.key, all.spans[all.own + 1].key, "");
  } else if (all.own > 0) {
    state_->splice(all.spans[all.own - 1].end, own.end, "");
  } else {
    state_->splice(own.key, own.end, "");
  }
}

}  // namespace fingers
