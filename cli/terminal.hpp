// Results go to standard output, everything else to standard error, both as whole texts.
#pragma once

#include <string>
#include <string_view>

namespace fingers {

/// Columns that a line of text may take.
inline constexpr std::size_t kTextColumns = 100;

/// Of what belongs to the line above it.
inline constexpr std::size_t kIndent = 4;

/// Writes a result. A reader who has seen enough (a closed pipe) is no mistake: the rest is
/// dropped. Throws OutputError for anything else, such as a full disk.
void write_result(std::string_view text);

/// Writes to standard error; never fails.
void write_note(std::string_view text);

/// Says why something that was asked for is not done, and answers kWrongInput.
int refuse(const std::string& why);

/// Columns of a UTF-8 text on a terminal: its code points.
std::size_t columns_of(std::string_view text);

/// The text with spaces up to `columns`.
std::string padded(std::string_view text, std::size_t columns);

/// Breaks a text at spaces into lines of at most kTextColumns, each indented and ended.
std::string wrapped(std::string_view text, std::size_t indent);

}  // namespace fingers
