// A user's mistake as a value: where it stands, which part of the config it concerns, and what to
// do. Readers collect them all before anything is refused.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fingers {

/// A place in a text that came from outside. Line and column count from 1; 0 means "no place".
struct Location {
  std::string file;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

/// One mistake: `file:line:column pointer: message` when printed.
struct Mistake {
  Location where;
  std::string pointer;  ///< JSON pointer, e.g. /population/count; may be empty
  std::string message;  ///< what was found, what is allowed, and the nearest valid name
};

using Mistakes = std::vector<Mistake>;

/// `configs/mine.json:12:7 /population/cuont: unknown key; did you mean "count"? …`
std::string to_text(const Mistake& mistake);

/// The candidate nearest to `name` by edit distance (insert, delete, change, swap neighbours), or
/// empty when none is near enough to be a likely slip (distance over a third of the length, at
/// least 2).
std::string nearest_name(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace fingers
