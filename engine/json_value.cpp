// Tested by tests/engine/config_values_test.cpp.
#include "engine/json_value.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "engine/contract.hpp"
#include "engine/mistake.hpp"

namespace fingers {

namespace {

constexpr std::string_view kInfinite = "infinite";

/// The first `kShown` bytes of a text, not cutting a code point in two.
std::string shortened(const std::string& text) {
  constexpr std::size_t kShown = 60;
  if (text.size() <= kShown) {
    return text;
  }
  std::size_t end = kShown;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
    --end;
  }
  return text.substr(0, end) + "…";
}

std::optional<double> number_of(const JsonNode& node) {
  if (const auto* const number = std::get_if<double>(&node.value)) {
    return *number;
  }
  if (const auto* const whole = std::get_if<std::uint64_t>(&node.value)) {
    return static_cast<double>(*whole);
  }
  if (const auto* const whole = std::get_if<std::int64_t>(&node.value)) {
    return static_cast<double>(*whole);
  }
  return std::nullopt;
}

/// A bound of a range, which may be infinite.
std::string bound_text(double bound) {
  return std::isfinite(bound) ? number_text(bound) : std::string(kInfinite);
}

std::string range_problem(const JsonNode& node, double x, const Range& allowed) {
  if (x >= allowed.low && x <= allowed.high) {
    return {};
  }
  const std::string found = compact_text(node);
  if (std::isinf(allowed.high)) {
    return found + " is below " + bound_text(allowed.low) + ", the least that is allowed";
  }
  if (std::isinf(allowed.low)) {
    return found + " is above " + bound_text(allowed.high) + ", the most that is allowed";
  }
  return found + " is outside " + bound_text(allowed.low) + " to " + bound_text(allowed.high);
}

}  // namespace

std::string shown_text(const JsonNode& node) {
  if (node.text() != nullptr) {
    return "the text " + json_quoted(shortened(*node.text()));
  }
  if (node.items() != nullptr) {
    return "a list";
  }
  if (node.members() != nullptr) {
    return "an object";
  }
  return number_of(node) ? "the number " + compact_text(node) : compact_text(node);
}

std::string listed(const std::vector<std::string>& names) {
  constexpr std::size_t kShown = 12;
  std::string text;
  for (std::size_t i = 0; i < std::min(kShown, names.size()); ++i) {
    text += (i == 0 ? "" : ", ") + names[i];
  }
  return names.size() > kShown ? text + ", …" : text;
}

std::string suggestion(std::string_view name, const std::vector<std::string>& names) {
  const std::string nearest = nearest_name(name, names);
  return nearest.empty() ? "" : "; did you mean " + json_quoted(nearest) + "?";
}

std::string read_number(const JsonNode& node, const Declaration& declaration, double& value) {
  if (declaration.may_be_infinite && node.text() != nullptr && *node.text() == kInfinite) {
    value = std::numeric_limits<double>::infinity();
    return {};
  }
  const auto number = number_of(node);
  if (!number) {
    return std::string("expected a number") +
           (declaration.may_be_infinite ? " or \"infinite\"" : "") + ", found " + shown_text(node);
  }
  std::string problem = range_problem(node, *number, declaration.allowed);
  if (problem.empty()) {
    value = *number;
  }
  return problem;
}

std::string read_whole(const JsonNode& node, const Declaration& declaration, std::uint64_t& value) {
  constexpr double kBeyond = 18446744073709551616.0;  // 2^64
  const auto number = number_of(node);
  if (!number) {
    return "expected a whole number, found " + shown_text(node);
  }
  if (std::trunc(*number) != *number) {
    return "expected a whole number, found " + compact_text(node);
  }
  std::string problem = range_problem(node, *number, declaration.allowed);
  if (!problem.empty()) {
    return problem;
  }
  const auto* const exact = std::get_if<std::uint64_t>(&node.value);
  if (exact != nullptr) {
    value = *exact;
  } else if (*number >= 0 && *number < kBeyond) {
    value = static_cast<std::uint64_t>(*number);
  } else {
    return compact_text(node) + " is outside 0 to 18446744073709551615";
  }
  return {};
}

std::string read_flag(const JsonNode& node, bool& value) {
  const auto* const flag = std::get_if<bool>(&node.value);
  if (flag == nullptr) {
    return "expected true or false, found " + shown_text(node);
  }
  value = *flag;
  return {};
}

std::string read_choice(const JsonNode& node, std::span<const std::string_view> names,
                        std::size_t& index) {
  const std::vector<std::string> allowed(names.begin(), names.end());
  if (node.text() == nullptr) {
    return "expected one of the words " + listed(allowed) + "; found " + shown_text(node);
  }
  const auto found = std::ranges::find(names, *node.text());
  if (found == names.end()) {
    return "unknown word " + json_quoted(shortened(*node.text())) +
           suggestion(*node.text(), allowed) + " (allowed here: " + listed(allowed) + ")";
  }
  index = static_cast<std::size_t>(found - names.begin());
  return {};
}

std::string read_text(const JsonNode& node, std::string& value) {
  if (node.text() == nullptr) {
    return "expected a text, found " + shown_text(node);
  }
  value = *node.text();
  return {};
}

std::string read_cell(const JsonNode& node, Cell& value) {
  if (const auto number = number_of(node)) {
    value = *number;
  } else if (const auto* const flag = std::get_if<bool>(&node.value)) {
    value = *flag;
  } else if (node.text() != nullptr) {
    value = *node.text();
  } else {
    return "expected a number, a text, true or false; found " + shown_text(node);
  }
  return {};
}

void check_declaration(const Declaration& declaration) {
  const double standard = declaration.standard;
  if (declaration.optional || std::isnan(standard)) {
    return;
  }
  const bool is_allowed =
      standard >= declaration.allowed.low && standard <= declaration.allowed.high;
  EXPECT_CONTRACT(std::isinf(standard) ? declaration.may_be_infinite && standard > 0 : is_allowed);
}

JsonNode list_node(const std::vector<std::string>& words) {
  JsonItems items;
  for (const std::string& word : words) {
    items.push_back(json_node(word));
  }
  return json_node(std::move(items));
}

JsonNode list_node(const std::vector<double>& numbers) {
  JsonItems items;
  for (const double number : numbers) {
    items.push_back(number_node(number));
  }
  return json_node(std::move(items));
}

Declaration meaning_only(std::string_view meaning) {
  return {.unit = {}, .standard = 0, .allowed = {}, .belief = {}, .source = {}, .meaning = meaning};
}

Declaration declaration_of(const TextDeclaration& declaration) {
  return {.unit = {},
          .standard = declaration.standard.empty() ? kRequired : 0,
          .allowed = {},
          .belief = {},
          .source = {},
          .meaning = declaration.meaning,
          .may_be_infinite = false,
          .optional = declaration.optional};
}

bool is_required(const Declaration& declaration) {
  return std::isnan(declaration.standard) && !declaration.optional;
}

}  // namespace fingers
