// Tested by tests/engine/run_set_test.cpp.
#include "engine/run_set.hpp"

#include <algorithm>
#include <charconv>

#include "engine/contract.hpp"

namespace fingers {

bool RunSet::add(std::uint64_t run) {
  if (run >= bits_.size()) {
    bits_.resize(run + 1, false);
  }
  if (bits_[run]) {
    return false;
  }
  bits_[run] = true;
  ++size_;
  return true;
}

void RunSet::remove(std::uint64_t run) {
  if (has(run)) {
    bits_[run] = false;
    --size_;
  }
}

std::uint64_t RunSet::size_below(std::uint64_t n) const {
  if (n >= bits_.size()) {
    return size_;
  }
  return static_cast<std::uint64_t>(
      std::count(bits_.begin(), bits_.begin() + static_cast<std::ptrdiff_t>(n), true));
}

void extend(std::vector<NumberSpan>& spans, std::uint64_t number) {
  if (spans.empty() || number > spans.back().second + 1) {
    spans.emplace_back(number, number);
    return;
  }
  EXPECT_CONTRACT(number >= spans.back().second);
  spans.back().second = number;
}

std::string spans_text(const std::vector<NumberSpan>& spans) {
  std::string text;
  for (const auto& [first, last] : spans) {
    text += (text.empty() ? "" : ",") + std::to_string(first);
    text += first == last ? "" : "-" + std::to_string(last);
  }
  return text.empty() ? "-" : text;
}

namespace {

/// Takes a number off the front of a text.
std::optional<std::uint64_t> take_number(std::string_view& text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) {
    return std::nullopt;
  }
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

bool take(std::string_view& text, char sign) {
  const bool found = text.starts_with(sign);
  text.remove_prefix(found ? 1 : 0);
  return found;
}

}  // namespace

std::optional<std::vector<NumberSpan>> read_spans(std::string_view text) {
  std::vector<NumberSpan> spans;
  if (text == "-") {
    return spans;
  }
  do {
    const auto first = take_number(text);
    const auto last = first && take(text, '-') ? take_number(text) : first;
    if (!first || !last || *last < *first || (!spans.empty() && *first <= spans.back().second)) {
      return std::nullopt;
    }
    spans.emplace_back(*first, *last);
  } while (take(text, ','));
  return text.empty() ? std::optional(spans) : std::nullopt;
}

}  // namespace fingers
