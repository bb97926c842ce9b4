// What a world hands over: columns of events, series of quantities and outcomes, all declared once.
// The store, the data dictionary and the Python loader take names, types, units and meanings from
// these declarations; nothing else lists a column.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace fingers {

enum class ColumnType : std::uint8_t { u1, u4, u8, f4, f8 };

/// "Not there" in an identity column.
inline constexpr std::uint32_t kNone = 0xFFFFFFFFU;

/// Measured floats are rounded to this many bits of mantissa (after the leading 1: an error of at
/// most 2^-13 of the number) when recorded (docs/data-dictionary.md: 14 instead of 24 bytes an
/// event).
inline constexpr int kRecordedBits = 12;

struct ColumnDeclaration {
  std::string name;
  ColumnType type = ColumnType::f8;
  std::string unit;  ///< "1" for a pure number
  std::string meaning;
  std::string dictionary;          ///< the dictionary that names its codes; empty for a quantity
  std::vector<std::string> flags;  ///< names of bits 1, 2, 4, …, for a column of flags
};

/// A ragged table: any number of rows a run.
struct TableDeclaration {
  std::string name;  ///< plural: "events"
  std::string row;   ///< singular, the name of its dimension: "event"
  std::string meaning;
  std::vector<ColumnDeclaration> columns;
};

/// The names behind the codes of a category, in order of code.
struct Dictionary {
  std::string name;
  std::vector<std::string> names;
};

/// Everything a model records.
struct RecordSchema {
  std::string name;  ///< what wrote it: "enough-fingers"
  std::uint32_t version = 1;
  std::vector<TableDeclaration> tables;
  std::vector<ColumnDeclaration> series;    ///< quantities over time (f4)
  std::vector<ColumnDeclaration> outcomes;  ///< one number a run (f8)
  std::vector<Dictionary> dictionaries;
};

using ColumnData =
    std::variant<std::vector<std::uint8_t>, std::vector<std::uint32_t>, std::vector<std::uint64_t>,
                 std::vector<float>, std::vector<double>>;

enum class RunStatus : std::uint8_t { done, missing, failed };

/// One finished run.
struct RunRecord {
  std::uint32_t point = 0;
  std::uint32_t replicate = 0;
  RunStatus status = RunStatus::done;
  std::string failure;                          ///< why, when status is failed
  std::vector<std::vector<ColumnData>> tables;  ///< [table][column], columns of equal length
  std::vector<float> series;                    ///< [quantity][time], quantity-major
  std::vector<double> outcomes;                 ///< in schema order
};

/// "u1", "u4", "u8", "f4", "f8".
std::string_view type_name(ColumnType type);

/// An empty column of the declared type.
ColumnData empty_column(ColumnType type);
std::size_t column_length(const ColumnData& column);
/// Memory that a run takes [bytes], but for spare room.
std::uint64_t bytes_of_record(const RunRecord& record);

/// x with its mantissa rounded to nearest, ties to even, at kRecordedBits bits; NaN and infinities
/// stay.
float round_recorded(double x);

/// A 64-bit XXH3 hash of all that a run recorded (type codes, lengths, values; little-endian; every
/// NaN as the same one). Point, replicate and status are not in it.
std::uint64_t content_hash(const RunRecord& record);

/// The schema as JSON: the data dictionary that is stored in the file and printed in the docs.
std::string schema_text(const RecordSchema& schema);

/// Contract: the record has the tables, columns, types and lengths that the schema declares; one
/// that is not done may be empty, and a failed one says why.
void check_record(const RecordSchema& schema, const RunRecord& record, std::size_t n_times);

}  // namespace fingers
