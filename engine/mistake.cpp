// Tested by tests/engine/mistake_test.cpp.
#include "engine/mistake.hpp"

#include <algorithm>

namespace fingers {

namespace {

/// Optimal string alignment: insert, delete, change one byte, or swap two neighbours (L. Boytsov,
/// "Indexing methods for approximate dictionary searching", 2011). Three rows of the table suffice.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> above(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) {
    above[j] = j;
  }
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, change});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    std::swap(before, above);
    std::swap(above, row);
  }
  return above[b.size()];
}

/// Control characters as \u00XX: a key of a config must not be able to steer a terminal.
std::string printable(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string shown;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) {
      shown += "\\u00";
      shown += kHex[byte / 16U];
      shown += kHex[byte % 16U];
    } else {
      shown += c;
    }
  }
  return shown;
}

}  // namespace

std::string to_text(const Mistake& mistake) {
  std::string head = printable(mistake.where.file);
  if (mistake.where.line > 0) {
    head += ":" + std::to_string(mistake.where.line) + ":" + std::to_string(mistake.where.column);
  }
  if (!head.empty() && !mistake.pointer.empty()) {
    head += " ";
  }
  head += printable(mistake.pointer);
  return head.empty() ? printable(mistake.message) : head + ": " + printable(mistake.message);
}

std::string nearest_name(std::string_view name, const std::vector<std::string>& candidates) {
  const std::size_t limit = std::max<std::size_t>(2, name.size() / 3);
  std::string nearest;
  std::size_t least = limit + 1;
  for (const std::string& candidate : candidates) {
    const auto [shorter, longer] = std::minmax({name.size(), candidate.size()});
    if (longer - shorter > limit) {
      continue;  // spares the table of a key that is a megabyte long
    }
    const std::size_t distance = edit_distance(name, candidate);
    const bool shares_something = distance < longer;
    if (distance < least && shares_something) {
      least = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

}  // namespace fingers
