// Rows of a table as text: CSV (RFC 4180) or JSON, one object a line. How values look:
// docs/exports.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace fingers {

enum class TableFormat : std::uint8_t { csv, json };

/// `events.csv`, `events.jsonl`: the file of a table.
std::string file_name(const std::string& table, TableFormat format);

/// How the values of a column become cells.
enum class CellKind : std::uint8_t {
  number,    ///< NaN, and kNone among u4, is an empty cell
  category,  ///< a code by its name
  flag,      ///< a bit as true or false
  text,
  json  ///< a text that is JSON already; an empty one is an empty cell
};

struct TableColumn {
  std::string name;
  CellKind kind = CellKind::number;
  std::string type;  ///< as the dictionary says it: "f4", "category", …
  std::string unit;
  std::string meaning;
  std::vector<std::string> names;  ///< of the codes of a category
  std::uint64_t mask = 0;          ///< of a flag
  std::size_t values = 0;          ///< which values of a block are its own; flags share them
};

/// Values of a column over some rows.
using CellValues =
    std::variant<std::vector<std::uint8_t>, std::vector<std::uint32_t>, std::vector<std::uint64_t>,
                 std::vector<float>, std::vector<double>, std::vector<std::string>>;

/// Some rows of a table, column by column.
struct RowBlock {
  std::size_t rows = 0;
  std::vector<CellValues> values;  ///< each of length `rows`
};

/// Writes rows of one table. Contract: values have the types that their kinds need, and codes have
/// names.
class TableText {
 public:
  TableText(TableFormat format, const std::vector<TableColumn>& columns);

  /// The line before the first row; empty where a format has none.
  [[nodiscard]] std::string header() const;
  /// Appends rows [first, first + n) of a block to a text. From many threads at once.
  void append(const RowBlock& block, std::size_t first, std::size_t n, std::string& text) const;

 private:
  /// A column, with all of its text that does not depend on the row.
  struct Column {
    CellKind kind;
    std::size_t values;
    std::uint64_t mask;
    std::string before;  ///< separator, and in JSON the key
    std::vector<std::string> names;
  };
  void append_cell(const Column& column, const CellValues& values, std::size_t row,
                   std::string& text) const;
  void append_value(const Column& column, const std::string& value, std::string& text) const;
  template <class T>
  void append_value(const Column& column, T value, std::string& text) const;
  /// A number that is not spelt by its digits; false for any other.
  bool append_special(double value, std::string& text) const;
  [[nodiscard]] std::string quoted(std::string_view text) const;

  TableFormat format_;
  std::string header_;
  std::vector<Column> columns_;
  std::string_view nothing_;  ///< an empty cell
  std::string_view end_;      ///< of a row
};

}  // namespace fingers
