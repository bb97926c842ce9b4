// What is hashed of a month, its table, and how two tables are held against each other. Tested by
// tests/agents/digests_test.cpp.
#include "agents/digests.hpp"

#include <algorithm>

#include "agents/world.hpp"
#include "engine/word_hash.hpp"

namespace fingers {

namespace {

constexpr std::string_view kTable = "digests";
constexpr std::string_view kDraws = "draws";

/// Columns of a part one after the other, each after its length: two never run together.
std::vector<std::uint64_t> part_digests(const std::vector<StateField>& state) {
  std::vector<std::uint64_t> digests;
  for (std::size_t part = 0; part < kStateParts.size(); ++part) {
    std::vector<std::uint64_t> words;
    for (const StateField& field : state) {
      if (field.part == part) {
        words.push_back(field.bits.size());
        words.insert(words.end(), field.bits.begin(), field.bits.end());
      }
    }
    digests.push_back(word_hash(words));
  }
  return digests;
}

}  // namespace

void add_digests(MonthDigests& digests, const World& world, std::uint64_t draws) {
  const bool is_first = digests.time.empty();
  digests.time.push_back(world.year());
  const std::uint64_t both = word_hash(std::array{digests.making, draws});
  digests.columns[std::string(kDraws)].push_back(is_first ? both : draws);
  const std::vector<std::uint64_t> parts = part_digests(state_fields(world));
  for (std::size_t part = 0; part < parts.size(); ++part) {
    digests.columns[std::string(kStateParts[part])].push_back(parts[part]);
  }
}

TableDeclaration digest_table() {
  TableDeclaration table{
      .name = std::string(kTable),
      .row = "digest",
      .meaning = "digests of months, by which runs are compared; rows in order of run and month",
      .columns = {
          {"time", ColumnType::f8, "year", "beginning of the month (calendar year)", {}, {}},
          {std::string(kDraws), ColumnType::u8, "1", "hash of the month's draws", {}, {}}}};
  for (const std::string_view part : kStateParts) {
    table.columns.push_back(
        {std::string(part),
         ColumnType::u8,
         "1",
         "hash of the state's part \"" + std::string(part) + "\" at the end of the month",
         {},
         {}});
  }
  return table;
}

std::vector<ColumnData> digest_columns(const MonthDigests& digests) {
  std::vector<ColumnData> columns;
  for (const ColumnDeclaration& column : digest_table().columns) {
    const auto found = digests.columns.find(column.name);
    if (column.type == ColumnType::f8) {
      std::vector<double> rounded;
      for (const double year : digests.time) {
        rounded.push_back(round_time(year));
      }
      columns.emplace_back(std::move(rounded));
    } else {
      columns.emplace_back(found == digests.columns.end() ? std::vector<std::uint64_t>{}
                                                          : found->second);
    }
  }
  return columns;
}

std::optional<MonthDigests> stored_digests(const RecordSchema& schema, const RunRecord& record) {
  const auto table = std::ranges::find(schema.tables, kTable, &TableDeclaration::name);
  if (table == schema.tables.end()) {
    return std::nullopt;
  }
  const auto& columns = record.tables.at(static_cast<std::size_t>(table - schema.tables.begin()));
  MonthDigests digests;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    if (const auto* times = std::get_if<std::vector<double>>(&columns[c])) {
      digests.time = *times;
    } else if (const auto* words = std::get_if<std::vector<std::uint64_t>>(&columns[c])) {
      digests.columns[table->columns[c].name] = *words;
    }
  }
  return digests;
}

std::optional<PartedMonth> first_parted(const MonthDigests& a, const MonthDigests& b) {
  const std::size_t common = std::min(a.time.size(), b.time.size());
  for (std::size_t month = 0; month < common; ++month) {
    PartedMonth parted{
        .month = static_cast<std::uint32_t>(month), .year = a.time[month], .parts = {}};
    for (const auto& [name, digests] : a.columns) {
      const auto other = b.columns.find(name);
      if (other != b.columns.end() && other->second.at(month) != digests.at(month)) {
        parted.parts.push_back(name);
      }
    }
    if (!parted.parts.empty()) {
      return parted;
    }
  }
  if (a.time.size() == b.time.size()) {
    return std::nullopt;
  }
  const std::vector<double>& longer = a.time.size() > common ? a.time : b.time;
  return PartedMonth{
      .month = static_cast<std::uint32_t>(common), .year = longer[common], .parts = {}};
}

}  // namespace fingers
