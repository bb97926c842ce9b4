// Tested by tests/engine/store_test.cpp and memory_dataset_test.cpp.
#include "engine/declared_columns.hpp"

#include <algorithm>

#include "engine/contract.hpp"

namespace fingers {

namespace {

ColumnDeclaration counted(const std::string& name, ColumnType type, const std::string& meaning) {
  return {
      .name = name, .type = type, .unit = "1", .meaning = meaning, .dictionary = {}, .flags = {}};
}

/// "/coin/heads" → "coin.heads".
std::string column_of_pointer(const std::string& pointer) {
  std::string name = pointer.substr(pointer.starts_with('/') ? 1 : 0);
  std::ranges::replace(name, '/', '.');
  return name;
}

/// A number of each point.
template <class Value>
ColumnData of_points(const Design& design, const Value& value) {
  std::vector<std::uint32_t> values;
  values.reserve(design.points.size());
  for (const DesignPoint& point : design.points) {
    values.push_back(value(point));
  }
  return values;
}

DesignColumn factor_column(const Design& design, std::size_t factor) {
  const Factor& about = design.factors[factor];
  std::vector<double> values;
  values.reserve(design.points.size());
  for (const DesignPoint& point : design.points) {
    EXPECT_CONTRACT(point.values.size() == design.factors.size());
    values.push_back(point.values[factor]);
  }
  ColumnDeclaration declaration =
      counted(column_of_pointer(about.pointer), ColumnType::f8, "value of " + about.pointer);
  declaration.unit = about.unit;
  return {
      .declaration = std::move(declaration), .pointer = about.pointer, .values = std::move(values)};
}

}  // namespace

ColumnDeclaration run_column() { return counted("run", ColumnType::u4, "row of the run in /runs"); }

ColumnDeclaration time_column() {
  ColumnDeclaration time =
      counted("time", ColumnType::f8, "calendar year at the beginning of the step");
  time.unit = "yr";
  return time;
}

std::vector<ColumnDeclaration> leading_run_columns() {
  return {run_column(), counted("point", ColumnType::u4, "row of the design point in /design"),
          counted("replicate", ColumnType::u4, "number of the replicate of its point, from 0"),
          counted("identity", ColumnType::u8,
                  "hash of what decides the run: results version, the point's model parameters, "
                  "seeds, replicate"),
          counted("status", ColumnType::u1, "whether the run finished")};
}

std::vector<ColumnDeclaration> ragged_run_columns(const TableDeclaration& table) {
  return {
      counted(table.row + "_start", ColumnType::u8, "first row of the run in /" + table.name),
      counted(table.row + "_count", ColumnType::u4, "number of rows of the run in /" + table.name)};
}

ColumnDeclaration hash_run_column() {
  return counted("content_xxh3", ColumnType::u8, "XXH3 of all that the run recorded");
}

std::vector<ColumnDeclaration> run_columns(const RecordSchema& schema) {
  std::vector<ColumnDeclaration> columns = leading_run_columns();
  for (const TableDeclaration& table : schema.tables) {
    std::ranges::copy(ragged_run_columns(table), std::back_inserter(columns));
  }
  columns.push_back(hash_run_column());
  for (const ColumnDeclaration& outcome : schema.outcomes) {
    columns.push_back(outcome);
    columns.back().type = ColumnType::f8;
  }
  return columns;
}

const std::vector<std::string>& status_names() {
  static const std::vector<std::string> names = {"done", "missing", "failed"};
  return names;
}

const std::vector<std::string>& names_of(const RecordSchema& schema,
                                         const ColumnDeclaration& column) {
  static const std::vector<std::string> none;
  if (column.dictionary.empty()) {
    return none;
  }
  const auto found = std::ranges::find(schema.dictionaries, column.dictionary, &Dictionary::name);
  EXPECT_CONTRACT(found != schema.dictionaries.end());
  return found->names;
}

std::vector<DesignColumn> design_columns(const Design& design) {
  std::vector<DesignColumn> columns;
  std::vector<std::uint32_t> numbers(design.points.size());
  for (std::uint32_t p = 0; p < numbers.size(); ++p) {
    numbers[p] = p;
  }
  columns.push_back({.declaration = counted("point", ColumnType::u4, "number of the design point"),
                     .pointer = {},
                     .values = std::move(numbers)});
  if (has_blocks(design.kind)) {
    columns.push_back(
        {.declaration = counted("base_row", ColumnType::u4,
                                "row of the base sample, or trajectory, that the point belongs to"),
         .pointer = {},
         .values = of_points(design, [](const auto& point) { return point.block.base_row; })});
    columns.push_back(
        {.declaration = counted("step", ColumnType::u4,
                                "step along the trajectory, from 0; 0 in other designs"),
         .pointer = {},
         .values = of_points(design, [](const auto& point) { return point.block.step; })});
  }
  for (std::size_t f = 0; f < design.factors.size(); ++f) {
    columns.push_back(factor_column(design, f));
  }
  return columns;
}

}  // namespace fingers
