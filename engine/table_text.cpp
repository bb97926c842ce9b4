// Tested by tests/engine/table_text_test.cpp.
#include "engine/table_text.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <type_traits>

#include "engine/config_reader.hpp"
#include "engine/contract.hpp"
#include "engine/records.hpp"

namespace fingers {

namespace {

/// A field of CSV, in quotes where it needs them.
std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
    return std::string(text);
  }
  std::string field = "\"";
  for (const char c : text) {
    field += c == '"' ? std::string("\"\"") : std::string(1, c);
  }
  return field + '"';
}

}  // namespace

std::string file_name(const std::string& table, TableFormat format) {
  return table + (format == TableFormat::csv ? ".csv" : ".jsonl");
}

TableText::TableText(TableFormat format, const std::vector<TableColumn>& columns)
    : format_(format),
      nothing_(format == TableFormat::csv ? "" : "null"),
      end_(format == TableFormat::csv ? "\r\n" : "}\n") {
  for (const TableColumn& column : columns) {
    const bool is_first = columns_.empty();
    Column& made = columns_.emplace_back(Column{.kind = column.kind,
                                                .values = column.values,
                                                .mask = column.mask,
                                                .before = is_first ? "" : ",",
                                                .names = {}});
    if (format == TableFormat::csv) {
      header_ += made.before + quoted(column.name);
    } else {
      made.before = (is_first ? "{" : ",") + quoted(column.name) + ":";
    }
    for (const std::string& name : column.names) {
      made.names.push_back(quoted(name));
    }
  }
  header_ += format == TableFormat::csv ? end_ : "";
}

std::string TableText::header() const { return header_; }

void TableText::append(const RowBlock& block, std::size_t first, std::size_t n,
                       std::string& text) const {
  EXPECT_CONTRACT(first + n <= block.rows);
  for (std::size_t row = first; row < first + n; ++row) {
    for (const Column& column : columns_) {
      text += column.before;
      append_cell(column, block.values[column.values], row, text);
    }
    text += end_;
  }
}

void TableText::append_cell(const Column& column, const CellValues& values, std::size_t row,
                            std::string& text) const {
  std::visit([&](const auto& cells) { append_value(column, cells[row], text); }, values);
}

void TableText::append_value(const Column& column, const std::string& value,
                             std::string& text) const {
  if (column.kind == CellKind::json && value.empty()) {
    text += nothing_;
  } else if (column.kind == CellKind::json && format_ == TableFormat::json) {
    text += value;
  } else {
    text += quoted(value);
  }
}

template <class T>
void TableText::append_value(const Column& column, T value, std::string& text) const {
  if constexpr (std::is_floating_point_v<T>) {
    if (append_special(static_cast<double>(value), text)) {
      return;
    }
  } else if (column.kind == CellKind::category) {
    EXPECT_CONTRACT(value < column.names.size());
    text += column.names[static_cast<std::size_t>(value)];
    return;
  } else if (column.kind == CellKind::flag) {
    text += (value & column.mask) != 0 ? "true" : "false";
    return;
  }
  if constexpr (std::is_same_v<T, std::uint32_t>) {
    if (value == kNone) {
      text += nothing_;
      return;
    }
  }
  std::array<char, 32> digits{};
  const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  text.append(digits.data(), written.ptr);
}

bool TableText::append_special(double value, std::string& text) const {
  if (std::isnan(value)) {
    text += nothing_;
  } else if (std::isinf(value)) {
    text += quoted(value > 0 ? "inf" : "-inf");
  } else if (value == 0) {
    text += std::signbit(value) ? "-0.0" : "0";  // "-0" would read back as the whole number 0
  } else {
    return false;
  }
  return true;
}

std::string TableText::quoted(std::string_view text) const {
  return format_ == TableFormat::csv ? csv_field(text) : json_quoted(text);
}

}  // namespace fingers
