// Records in memory: their columns, their rounding, their hash (XXH3, Y. Collet) and the data
// dictionary. Tested by tests/engine/records_test.cpp.
#include "engine/records.hpp"

#include <xxhash.h>

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <memory>
#include <type_traits>

#include "engine/config_reader.hpp"
#include "engine/contract.hpp"

static_assert(std::endian::native == std::endian::little,
              "values are hashed as they lie in memory");

namespace fingers {

std::string_view type_name(ColumnType type) {
  constexpr std::array<std::string_view, 5> kNames = {"u1", "u4", "u8", "f4", "f8"};
  return kNames[static_cast<std::size_t>(type)];
}

ColumnData empty_column(ColumnType type) {
  switch (type) {
    case ColumnType::u1:
      return std::vector<std::uint8_t>{};
    case ColumnType::u4:
      return std::vector<std::uint32_t>{};
    case ColumnType::u8:
      return std::vector<std::uint64_t>{};
    case ColumnType::f4:
      return std::vector<float>{};
    case ColumnType::f8:
      return std::vector<double>{};
  }
  fail_contract("a column type", __FILE__, __LINE__);
}

std::size_t column_length(const ColumnData& column) {
  return std::visit([](const auto& values) { return values.size(); }, column);
}

std::uint64_t bytes_of_record(const RunRecord& record) {
  std::uint64_t bytes = sizeof(record) + record.series.size() * sizeof(float) +
                        record.outcomes.size() * sizeof(double) + record.failure.size();
  for (const std::vector<ColumnData>& table : record.tables) {
    for (const ColumnData& column : table) {
      bytes += sizeof(column) +
               std::visit([](const auto& values) { return values.size() * sizeof(values.front()); },
                          column);
    }
  }
  return bytes;
}

float round_recorded(double x) {
  constexpr int kDropped = 52 - kRecordedBits;
  constexpr std::uint64_t kLastKept = std::uint64_t{1} << kDropped;
  constexpr double kLargest = std::numeric_limits<float>::max();
  if (!(x >= -kLargest && x <= kLargest)) {
    return x != x ? std::numeric_limits<float>::quiet_NaN()
                  : (x > 0 ? 1.0F : -1.0F) * std::numeric_limits<float>::infinity();
  }
  // On the bits of the double, so that it is rounded once only. A carry into the exponent is right.
  auto bits = std::bit_cast<std::uint64_t>(x);
  const std::uint64_t is_odd = (bits >> kDropped) & 1;
  bits = (bits + (kLastKept / 2 - 1) + is_odd) & ~(kLastKept - 1);
  const auto rounded = std::bit_cast<double>(bits);
  return rounded > kLargest || rounded < -kLargest
             ? (x > 0 ? 1.0F : -1.0F) * std::numeric_limits<float>::infinity()
             : static_cast<float>(rounded);
}

// ---- Hash
// ----------------------------------------------------------------------------------------

namespace {

struct FreeState {
  void operator()(XXH3_state_t* state) const { XXH3_freeState(state); }
};

class ContentHash {
 public:
  ContentHash() : state_(XXH3_createState()) {
    EXPECT_CONTRACT(state_ != nullptr && XXH3_64bits_reset(state_.get()) == XXH_OK);
  }

  void add(std::uint64_t number) { add_bytes(&number, sizeof number); }

  template <class T>
  void add(const std::vector<T>& values) {
    add(std::uint64_t{values.size()});
    if constexpr (std::is_floating_point_v<T>) {
      add_numbers(values);
    } else {
      add_bytes(values.data(), values.size() * sizeof(T));
    }
  }

  [[nodiscard]] std::uint64_t value() const { return XXH3_64bits_digest(state_.get()); }

 private:
  void add_bytes(const void* bytes, std::size_t n) {
    EXPECT_CONTRACT(XXH3_64bits_update(state_.get(), bytes, n) == XXH_OK);
  }

  /// Every NaN as the same one: machines differ in the sign and payload that they make.
  template <class T>
  void add_numbers(const std::vector<T>& values) {
    std::array<T, 512> block{};
    for (std::size_t start = 0; start < values.size(); start += block.size()) {
      const std::size_t n = std::min(block.size(), values.size() - start);
      for (std::size_t i = 0; i < n; ++i) {
        const T x = values[start + i];
        block[i] = x == x ? x : std::numeric_limits<T>::quiet_NaN();
      }
      add_bytes(block.data(), n * sizeof(T));
    }
  }

  std::unique_ptr<XXH3_state_t, FreeState> state_;
};

}  // namespace

std::uint64_t content_hash(const RunRecord& record) {
  ContentHash hash;
  hash.add(std::uint64_t{record.tables.size()});
  for (const std::vector<ColumnData>& table : record.tables) {
    hash.add(std::uint64_t{table.size()});
    for (const ColumnData& column : table) {
      hash.add(std::uint64_t{column.index()});
      std::visit([&hash](const auto& values) { hash.add(values); }, column);
    }
  }
  hash.add(record.series);
  hash.add(record.outcomes);
  return hash.value();
}

// ---- The data dictionary
// -------------------------------------------------------------------------

namespace {

/// `[a, b]`, each entry on a line of its own after `indent` where there is one.
template <class T, class F>
std::string list_text(const std::vector<T>& entries, std::string_view indent, const F& text_of) {
  std::string out = "[";
  for (std::size_t i = 0; i < entries.size(); ++i) {
    out += i == 0 ? "" : (indent.empty() ? ", " : ",");
    out += indent;
    out += text_of(entries[i]);
  }
  return out + "]";
}

std::string names_text(const std::vector<std::string>& names) {
  return list_text(names, "", [](const std::string& name) { return json_quoted(name); });
}

std::string column_text(const ColumnDeclaration& column) {
  std::string out = "{\"name\": " + json_quoted(column.name);
  out += ", \"type\": " + json_quoted(type_name(column.type));
  out += ", \"unit\": " + json_quoted(column.unit);
  out += ", \"meaning\": " + json_quoted(column.meaning);
  if (!column.dictionary.empty()) {
    out += ", \"dictionary\": " + json_quoted(column.dictionary);
  }
  if (!column.flags.empty()) {
    out += ", \"flags\": " + names_text(column.flags);
  }
  return out + "}";
}

std::string table_text(const TableDeclaration& table) {
  return "{\"name\": " + json_quoted(table.name) + ", \"row\": " + json_quoted(table.row) +
         ", \"meaning\": " + json_quoted(table.meaning) +
         ",\n     \"columns\": " + list_text(table.columns, "\n       ", column_text) + "}";
}

std::string dictionary_text(const Dictionary& dictionary) {
  return "{\"name\": " + json_quoted(dictionary.name) +
         ", \"names\": " + names_text(dictionary.names) + "}";
}

}  // namespace

std::string schema_text(const RecordSchema& schema) {
  constexpr std::string_view kIndent = "\n    ";
  return "{\n  \"name\": " + json_quoted(schema.name) +
         ",\n  \"version\": " + std::to_string(schema.version) +
         ",\n  \"tables\": " + list_text(schema.tables, kIndent, table_text) +
         ",\n  \"series\": " + list_text(schema.series, kIndent, column_text) +
         ",\n  \"outcomes\": " + list_text(schema.outcomes, kIndent, column_text) +
         ",\n  \"dictionaries\": " + list_text(schema.dictionaries, kIndent, dictionary_text) +
         "\n}\n";
}

// ---- Check
// ---------------------------------------------------------------------------------------

void check_record(const RecordSchema& schema, const RunRecord& record, std::size_t n_times) {
  EXPECT_CONTRACT((record.status == RunStatus::failed) == !record.failure.empty());
  if (record.status != RunStatus::done) {
    return;
  }
  EXPECT_CONTRACT(record.tables.size() == schema.tables.size());
  for (std::size_t t = 0; t < schema.tables.size(); ++t) {
    const std::vector<ColumnDeclaration>& declared = schema.tables[t].columns;
    const std::vector<ColumnData>& columns = record.tables[t];
    EXPECT_CONTRACT(columns.size() == declared.size());
    for (std::size_t c = 0; c < columns.size(); ++c) {
      EXPECT_CONTRACT(columns[c].index() == static_cast<std::size_t>(declared[c].type));
      EXPECT_CONTRACT(column_length(columns[c]) == column_length(columns[0]));
    }
  }
  EXPECT_CONTRACT(record.series.size() == schema.series.size() * n_times);
  EXPECT_CONTRACT(record.outcomes.size() == schema.outcomes.size());
}

}  // namespace fingers
