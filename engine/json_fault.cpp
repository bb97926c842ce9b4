// Says why a text is not JSON, in words for people who edit it by hand: the library tells only
// which of its internal tokens it wanted. Tested by tests/engine/json_parser_test.cpp.
#include <algorithm>

#include "engine/json_parser.hpp"

namespace fingers {

namespace {

constexpr std::string_view kWhitespace = " \t\r\n";
constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kWordBytes =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.+-";

std::size_t skip(std::string_view text, std::size_t from, std::string_view bytes) {
  const std::size_t found = text.find_first_not_of(bytes, from);
  return found == std::string_view::npos ? text.size() : found;
}

std::size_t string_end(std::string_view text, std::size_t start) {
  std::size_t i = start + 1;
  while (i < text.size() && text[i] != '"') {
    i += text[i] == '\\' ? 2 : 1;
  }
  return std::min(i + 1, text.size());
}

/// By the grammar and not by the look: in `01` the number ends after the 0.
std::size_t number_end(std::string_view text, std::size_t start) {
  std::size_t i = text[start] == '-' ? start + 1 : start;
  i = text.substr(i).starts_with('0') ? i + 1 : skip(text, i, kDigits);
  if (text.substr(i).starts_with('.')) {
    i = skip(text, i + 1, kDigits);
  }
  if (text.substr(i).starts_with('e') || text.substr(i).starts_with('E')) {
    const bool is_signed =
        text.substr(i + 1).starts_with('+') || text.substr(i + 1).starts_with('-');
    i = skip(text, i + (is_signed ? 2 : 1), kDigits);
  }
  return i;
}

/// The run of letters, digits and signs at `at`, cut where it is too long to show.
std::string word_at(std::string_view text, std::size_t at) {
  constexpr std::size_t kShown = 40;
  const std::string_view word = text.substr(at, skip(text, at, kWordBytes) - at);
  return word.size() <= kShown ? std::string(word) : std::string(word.substr(0, kShown)) + "…";
}

std::string byte_text(std::string_view text, std::size_t at) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(text[at]);
  if (byte >= 0x20 && byte < 0x7F) {
    return "'" + std::string(1, text[at]) + "'";
  }
  return std::string("the byte 0x") + kHex[byte / 16U] + kHex[byte % 16U];
}

std::string found_text(std::string_view text, std::size_t at) {
  if (at >= text.size()) {
    return "the end of the text";
  }
  const std::string word = word_at(text, at);
  return word.empty() ? byte_text(text, at) : "'" + word + "'";
}

Fault string_fault(std::string_view text, std::size_t start, std::size_t stopped_at,
                   std::string_view reason) {
  const bool at_end = stopped_at >= text.size();
  if (at_end || text[stopped_at] == '\n' || text[stopped_at] == '\r') {
    return {.offset = start, .message = "this text has no closing '\"' on its line"};
  }
  if (reason.find("UTF-8") != std::string_view::npos) {
    return {.offset = stopped_at,
            .message = "the bytes up to " + byte_text(text, stopped_at) + " are not valid UTF-8"};
  }
  if (reason.find("control character") != std::string_view::npos) {
    return {.offset = stopped_at, .message = "a control character must be written with a '\\'"};
  }
  if (reason.find("surrogate") != std::string_view::npos) {
    return {.offset = stopped_at, .message = "\\uD800 to \\uDFFF must come in pairs"};
  }
  return {
      .offset = stopped_at,
      .message = "after '\\' only one of \" \\ / b f n r t or u with four hex digits may stand"};
}

/// The place should hold a value and holds something that looks like one but is not.
Fault word_fault(std::string_view text, std::size_t at, const std::string& expected) {
  const std::string word = word_at(text, at);
  std::string lower = word.substr(word.find_first_not_of("+-") == 1 ? 1 : 0);
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  std::string message = "expected " + expected + ", found " + found_text(text, at);
  if (lower == "nan" || lower == "inf" || lower == "infinity") {
    message =
        word + " is not a number in JSON; where there is no limit, \"infinite\" may be allowed";
  } else if (lower == "true" || lower == "false" || lower == "null" || lower == "none") {
    message += "; JSON writes true, false and null in small letters";
  } else if (text.substr(at).starts_with("//") || text.substr(at).starts_with("/*")) {
    message += "; JSON has no comments, but any object may have a \"note\"";
  } else if (text[at] == '\'') {
    message += "; texts stand between double quotes";
  } else if (!lower.empty() && lower.front() >= 'a' && lower.front() <= 'z') {
    message += "; a text needs double quotes";
  }
  return {.offset = at, .message = std::move(message)};
}

/// What may stand at a place, and which of a separator must come before it.
struct Expectation {
  char separator;            ///< 0: none
  std::string_view instead;  ///< what may stand there instead of the separator
  std::string_view then;
};

Expectation expectation(ParseState state) {
  switch (state) {
    case ParseState::at_start:
      return {.separator = 0, .instead = {}, .then = "'{'"};
    case ParseState::object_opened:
      return {.separator = 0, .instead = {}, .then = "a key between double quotes or '}'"};
    case ParseState::after_key:
      return {.separator = ':', .instead = "':'", .then = "a value"};
    case ParseState::after_member:
      return {.separator = ',', .instead = "',' or '}'", .then = "a key between double quotes"};
    case ParseState::list_opened:
      return {.separator = 0, .instead = {}, .then = "a value or ']'"};
    case ParseState::after_item:
      return {.separator = ',', .instead = "',' or ']'", .then = "a value"};
    case ParseState::at_end:
      break;
  }
  return {.separator = 0, .instead = {}, .then = "the end of the text"};
}

}  // namespace

std::size_t token_end(std::string_view text, std::size_t start) {
  const char first = text[start];
  if (first == '"') {
    return string_end(text, start);
  }
  if (first == '-' || kDigits.find(first) != std::string_view::npos) {
    return number_end(text, start);
  }
  for (const std::string_view literal : {"true", "false", "null"}) {
    if (first == literal.front()) {
      return start + literal.size();
    }
  }
  return start + 1;  // a bracket
}

Fault describe_fault(std::string_view text, std::size_t end, ParseState state,
                     std::size_t stopped_at, std::string_view said) {
  // What follows quotes the text itself, which may hold any word.
  const std::string_view reason = said.substr(0, said.find("; last read"));
  const Expectation next = expectation(state);
  std::size_t at = skip(text, end, kWhitespace);
  if (next.separator != 0) {
    if (at >= text.size() || text[at] != next.separator) {
      return {
          .offset = at,
          .message = "expected " + std::string(next.instead) + ", found " + found_text(text, at)};
    }
    at = skip(text, at + 1, kWhitespace);
  }
  const std::string expected(next.then);
  if (at >= text.size()) {
    return {.offset = at, .message = "expected " + expected + ", found the end of the text"};
  }
  if (text[at] == '"' && state != ParseState::at_end) {
    return string_fault(text, at, stopped_at, reason);
  }
  if (reason.find("number overflow") != std::string_view::npos) {
    return {.offset = at, .message = word_at(text, at) + " is too large; at most about 1.8e308"};
  }
  if (next.separator == ',' && (text[at] == '}' || text[at] == ']')) {
    return {.offset = at,
            .message = "expected " + expected + ", found " + byte_text(text, at) +
                       "; there is a ',' too many before it"};
  }
  return word_fault(text, at, expected);
}

}  // namespace fingers
