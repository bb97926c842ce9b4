// Points of a design that stand in a file of their own: a table of comma-separated values (RFC
// 4180) whose first row names the columns. It is put into the config that names it, so that
// everything after knows one form only, the config that a dataset keeps can be run without the
// file, and a mistake in a value is said at the file's own line and column.
#pragma once

#include <string>

#include "engine/config_reader.hpp"

namespace fingers {

inline constexpr std::size_t kMaxPointsFileBytes = 32U << 20U;
/// Half of what a config may hold, so that it can be read with the points in it.
inline constexpr std::size_t kMaxPointsFileCells = 1'000'000;

/// Where the object at the pointer `object` names a file as "points_file", puts its table there
/// instead: the names of columns as "columns", the rows as "points". Values that are JSON numbers
/// become numbers, true and false (in any case) switches, all else texts. The file is sought
/// through `source`, from the config that names it. Mistakes: a missing or too large file, quotes
/// that are not closed, text that is not UTF-8, columns that are separated by something else,
/// points that are given in the config too.
Mistakes take_in_points_file(Document& document, const std::string& object,
                             const TextSource& source);

}  // namespace fingers
