// Tested by tests/engine/json_parser_test.cpp and document_test.cpp.
#include "engine/json_tree.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include "engine/contract.hpp"

namespace fingers {

namespace {

/// 1e+08 → 1e8, 1e-05 → 1e-5.
std::string with_short_exponent(std::string_view digits) {
  const std::size_t e = digits.find('e');
  if (e == std::string_view::npos) {
    return std::string(digits);
  }
  std::string text(digits.substr(0, e + 1));
  std::size_t i = e + 1;
  if (digits[i] == '-') {
    text += '-';
  }
  i = digits.find_first_not_of("+-0", i);
  return text.append(digits.substr(i));
}

std::string scalar_text(const JsonNode& node) {
  if (const auto* const flag = std::get_if<bool>(&node.value)) {
    return *flag ? "true" : "false";
  }
  if (const auto* const whole = std::get_if<std::int64_t>(&node.value)) {
    return std::to_string(*whole);
  }
  if (const auto* const whole = std::get_if<std::uint64_t>(&node.value)) {
    return std::to_string(*whole);
  }
  if (const auto* const number = std::get_if<double>(&node.value)) {
    return number_text(*number);
  }
  return node.text() != nullptr ? json_quoted(*node.text()) : "null";
}

/// The line break and indent inside of what ends at `margin`; both are empty for compact text.
std::string inside(const std::string& margin) { return margin.empty() ? "" : margin + "  "; }

void append_text(const JsonNode& node, const std::string& margin, std::string& text);

void append_items(const JsonItems& items, const std::string& margin, std::string& text) {
  const std::string inner = inside(margin);
  std::string before = "[" + inner;
  for (const JsonNode& item : items) {
    text += before;
    append_text(item, inner, text);
    before = "," + inner;
  }
  text += items.empty() ? "[]" : margin + "]";
}

void append_members(const JsonMembers& members, const std::string& margin, std::string& text) {
  const std::string inner = inside(margin);
  std::string before = "{" + inner;
  for (const auto& [name, member] : members) {
    text += before + json_quoted(name) + (margin.empty() ? ":" : ": ");
    append_text(member, inner, text);
    before = "," + inner;
  }
  text += members.empty() ? "{}" : margin + "}";
}

/// Appends JSON; `margin` comes before the node's own closing bracket. Recursive, to
/// kMaxConfigDepth at most.
void append_text(const JsonNode& node, const std::string& margin, std::string& text) {
  if (const JsonItems* const items = node.items()) {
    append_items(*items, margin, text);
  } else if (const JsonMembers* const members = node.members()) {
    append_members(*members, margin, text);
  } else {
    text += scalar_text(node);
  }
}

}  // namespace

const JsonNode* JsonNode::member(std::string_view name) const {
  const JsonMembers* const all = members();
  if (all == nullptr) {
    return nullptr;
  }
  const auto found = all->find(name);
  return found == all->end() ? nullptr : &found->second;
}

Location Document::Tree::location(const Place& place) const {
  return {.file = place.file < files.size() ? files[place.file] : std::string(),
          .line = place.line,
          .column = place.column};
}

std::string json_quoted(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string json = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      json += '\\';
      json += c;
    } else if (c == '\n') {
      json += "\\n";
    } else if (c == '\t') {
      json += "\\t";
    } else if (byte < 0x20) {
      json += "\\u00";
      json += kHex[byte / 16U];
      json += kHex[byte % 16U];
    } else {
      json += c;
    }
  }
  return json + '"';
}

std::string number_text(double x) {
  constexpr double kPlainBelow = 1e9;  // larger round numbers are easier to read as 1e12
  EXPECT_CONTRACT(std::isfinite(x));
  if (x == 0) {
    return std::signbit(x) ? "-0.0" : "0";  // "-0" would read back as the integer 0
  }
  if (std::trunc(x) == x && std::abs(x) < kPlainBelow) {
    return std::to_string(static_cast<std::int64_t>(x));
  }
  std::array<char, 32> digits{};
  const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), x);
  return with_short_exponent(
      {digits.data(), static_cast<std::size_t>(written.ptr - digits.data())});
}

JsonNode number_node(double x) {
  if (std::isfinite(x)) {
    return json_node(x);
  }
  return std::isinf(x) ? json_node(std::string("infinite")) : json_node(nullptr);
}

std::string compact_text(const JsonNode& node) {
  std::string text;
  append_text(node, "", text);
  return text;
}

std::string indented_text(const JsonNode& node) {
  std::string text;
  append_text(node, "\n", text);
  return text;
}

void merge(JsonNode& target, JsonNode patch) {
  JsonMembers* const changes = patch.members();
  if (changes == nullptr) {
    target = std::move(patch);
    return;
  }
  if (target.members() == nullptr) {
    target.value = JsonMembers{};
  }
  target.place = patch.place;
  target.key_place = patch.key_place;
  JsonMembers& members = *target.members();
  for (auto& [name, change] : *changes) {
    if (change.is_null()) {
      members.erase(name);
    } else {
      merge(members[name], std::move(change));
    }
  }
}

std::string pointer_step(std::string_view token) {
  std::string step = "/";
  for (const char c : token) {
    if (c == '~') {
      step += "~0";
    } else if (c == '/') {
      step += "~1";
    } else {
      step += c;
    }
  }
  return step;
}

std::optional<std::vector<std::string>> pointer_tokens(std::string_view pointer) {
  std::vector<std::string> tokens;
  if (!pointer.empty() && pointer.front() != '/') {
    return std::nullopt;
  }
  for (std::size_t i = 0; i < pointer.size(); ++i) {
    const char c = pointer[i];
    if (c == '/') {
      tokens.emplace_back();
    } else if (c != '~') {
      tokens.back() += c;
    } else if (i + 1 < pointer.size() && (pointer[i + 1] == '0' || pointer[i + 1] == '1')) {
      ++i;
      tokens.back() += pointer[i] == '0' ? '~' : '/';
    } else {
      return std::nullopt;
    }
  }
  return tokens;
}

std::optional<std::size_t> item_index(const JsonItems& items, std::string_view token) {
  std::size_t index = 0;
  const char* const begin = token.data();
  const char* const end = begin + token.size();
  const auto read = std::from_chars(begin, end, index);
  const bool leading_zero = token.size() > 1 && token.front() == '0';
  if (read.ec != std::errc{} || read.ptr != end || leading_zero || index >= items.size()) {
    return std::nullopt;
  }
  return index;
}

FoundNode find_node(const JsonNode& root, std::string_view pointer) {
  const auto tokens = pointer_tokens(pointer);
  if (!tokens) {
    return {.node = &root, .exact = false};
  }
  const JsonNode* node = &root;
  for (const std::string& token : *tokens) {
    const JsonNode* child = node->member(token);
    if (const JsonItems* const items = node->items()) {
      const auto index = item_index(*items, token);
      child = index ? &(*items)[*index] : nullptr;
    }
    if (child == nullptr) {
      return {.node = node, .exact = false};
    }
    node = child;
  }
  return {.node = node, .exact = true};
}

}  // namespace fingers
