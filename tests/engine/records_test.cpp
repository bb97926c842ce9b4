// Records in memory: columns, rounding, content hash, data dictionary, and the check of a record.
#include "engine/records.hpp"

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "engine/random.hpp"
#include "tests/support/breaks_contract.hpp"
#include "tests/support/catch.hpp"

namespace fingers {
namespace {

constexpr float kNanF = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinityF = std::numeric_limits<float>::infinity();
constexpr std::size_t kTimes = 3;

/// A column whose description does not matter here.
ColumnDeclaration column(const std::string& name, ColumnType type) {
  return {.name = name,
          .type = type,
          .unit = "1",
          .meaning = "the " + name,
          .dictionary = {},
          .flags = {}};
}

RecordSchema tosses_schema() {
  RecordSchema schema;
  schema.name = "tosses";
  schema.tables = {{.name = "tosses",
                    .row = "toss",
                    .meaning = "coins that fell",
                    .columns = {column("coin", ColumnType::u4), column("height", ColumnType::f4)}}};
  schema.series = {column("heads", ColumnType::f4), column("tails", ColumnType::f4)};
  schema.outcomes = {column("share", ColumnType::f8)};
  return schema;
}

RunRecord tosses_record() {
  RunRecord record;
  record.tables = {{std::vector<std::uint32_t>{1, 2}, std::vector<float>{0.5F, 1.5F}}};
  record.series = {0, 1, 1, 0, 0, 1};
  record.outcomes = {0.5};
  return record;
}

bool is_accepted(const RunRecord& record) {
  return !breaks_contract([&record] { check_record(tosses_schema(), record, kTimes); });
}

TEST_CASE("an empty column has the declared type and no length", "[records]") {
  CHECK(std::holds_alternative<std::vector<std::uint8_t>>(empty_column(ColumnType::u1)));
  CHECK(std::holds_alternative<std::vector<std::uint32_t>>(empty_column(ColumnType::u4)));
  CHECK(std::holds_alternative<std::vector<std::uint64_t>>(empty_column(ColumnType::u8)));
  CHECK(std::holds_alternative<std::vector<float>>(empty_column(ColumnType::f4)));
  CHECK(std::holds_alternative<std::vector<double>>(empty_column(ColumnType::f8)));
  CHECK(column_length(empty_column(ColumnType::f8)) == 0);
  CHECK(column_length(std::vector<float>{1, 2, 3}) == 3);
}

TEST_CASE("recorded numbers keep 12 bits, ties to even", "[records]") {
  CHECK(round_recorded(0) == 0);
  CHECK(round_recorded(1) == 1);
  CHECK(round_recorded(-4095) == -4095);
  CHECK(round_recorded(1 + 0x1p-12) == 1 + 0x1p-12F);
  CHECK(round_recorded(1 + 0x1p-13) == 1);                       // tie, down to even
  CHECK(round_recorded(1 + 0x3p-13) == 1 + 0x1p-11F);            // tie, up to even
  CHECK(round_recorded(1 + 0x1p-13 + 0x1p-52) == 1 + 0x1p-12F);  // by float first: a false tie
  CHECK(round_recorded(-(1 + 0x3p-13)) == -(1 + 0x1p-11F));
  CHECK(round_recorded(2 - 0x1p-30) == 2);  // carries into the exponent
}

TEST_CASE("what is no ordinary number is recorded as it is", "[records]") {
  CHECK(std::isnan(round_recorded(std::nan(""))));
  CHECK(round_recorded(kInfinityF) == kInfinityF);
  CHECK(round_recorded(-kInfinityF) == -kInfinityF);
  CHECK(round_recorded(1e300) == kInfinityF);
  CHECK(round_recorded(std::numeric_limits<float>::max()) == kInfinityF);  // rounds up to 2^128
  CHECK(std::signbit(round_recorded(-0.0)));
}

TEST_CASE("rounding moves a number by at most 2^-13 of itself, and only once", "[records]") {
  const StreamKey key = make_key(1, StreamKind::design, 0);
  double worst = 0;
  bool is_settled = true;
  for (std::uint64_t i = 0; i < 100'000; ++i) {
    const double x = std::exp2(200 * uniform_of_word(random_block(key, {.identity = i})[0]) - 100);
    const float rounded = round_recorded(x);
    worst = std::max(worst, std::fabs(double{rounded} - x) / x);
    is_settled = is_settled && round_recorded(double{rounded}) == rounded &&
                 (std::bit_cast<std::uint32_t>(rounded) & 0x7FF) == 0;
  }
  CHECK(worst <= 0x1p-13);
  CHECK(is_settled);
}

TEST_CASE("the content hash knows every value, length, type and place", "[records]") {
  const RunRecord record = tosses_record();
  const std::uint64_t hash = content_hash(record);
  CHECK(content_hash(tosses_record()) == hash);

  RunRecord changed = record;
  std::get<std::vector<std::uint32_t>>(changed.tables[0][0])[1] = 3;
  CHECK(content_hash(changed) != hash);
  changed = record;
  changed.tables[0][0] = std::vector<std::uint64_t>{1, 2};
  CHECK(content_hash(changed) != hash);
  changed = record;
  changed.tables.emplace_back();
  CHECK(content_hash(changed) != hash);
  changed = record;
  changed.series[5] = 2;
  CHECK(content_hash(changed) != hash);
  changed = record;
  changed.outcomes.push_back(0);
  CHECK(content_hash(changed) != hash);

  RunRecord left = record;
  RunRecord right = record;  // the same values, cut elsewhere
  left.tables[0] = {std::vector<float>{1, 2}, std::vector<float>{3}};
  right.tables[0] = {std::vector<float>{1}, std::vector<float>{2, 3}};
  CHECK(content_hash(left) != content_hash(right));
}

TEST_CASE("the content hash takes every NaN for the same", "[records]") {
  RunRecord record = tosses_record();
  record.series.assign(2000, 1);
  record.series[1500] = kNanF;
  RunRecord other = record;
  other.series[1500] = std::bit_cast<float>(0xFFC00001U);
  CHECK(content_hash(record) == content_hash(other));
  other.series[1500] = 1;
  CHECK(content_hash(record) != content_hash(other));
}

TEST_CASE("the content hash says what was recorded, not where it belongs", "[records]") {
  RunRecord record = tosses_record();
  record.point = 3;
  record.replicate = 4;
  CHECK(content_hash(record) == content_hash(tosses_record()));
}

TEST_CASE("the content hash keeps its number", "[records]") {
  CHECK(content_hash(tosses_record()) == 0x17B5C8E33EBF1C22);
}

TEST_CASE("the schema reads as JSON", "[records]") {
  RecordSchema schema = tosses_schema();
  schema.tables[0].columns[0].dictionary = "coin";
  schema.tables[0].columns[1].flags = {"rolled", "lost"};
  schema.dictionaries = {{.name = "coin", .names = {"penny", "dime"}}};
  CHECK(schema_text(schema) == R"({
  "name": "tosses",
  "version": 1,
  "tables": [
    {"name": "tosses", "row": "toss", "meaning": "coins that fell",
     "columns": [
       {"name": "coin", "type": "u4", "unit": "1", "meaning": "the coin", "dictionary": "coin"},
       {"name": "height", "type": "f4", "unit": "1", "meaning": "the height", "flags": ["rolled", "lost"]}]}],
  "series": [
    {"name": "heads", "type": "f4", "unit": "1", "meaning": "the heads"},
    {"name": "tails", "type": "f4", "unit": "1", "meaning": "the tails"}],
  "outcomes": [
    {"name": "share", "type": "f8", "unit": "1", "meaning": "the share"}],
  "dictionaries": [
    {"name": "coin", "names": ["penny", "dime"]}]
}
)");
}

TEST_CASE("an empty schema is JSON too", "[records]") {
  CHECK(schema_text({}) ==
        "{\n  \"name\": \"\",\n  \"version\": 1,\n  \"tables\": [],\n  \"series\": [],\n"
        "  \"outcomes\": [],\n  \"dictionaries\": []\n}\n");
}

TEST_CASE("texts are escaped where JSON asks for it", "[records]") {
  RecordSchema schema;
  schema.name = "a \"quoted\" \\ back\nline\ttab \x01 σ";
  CHECK(schema_text(schema).find(R"("name": "a \"quoted\" \\ back\nline\ttab \u0001 σ",)") !=
        std::string::npos);
}

TEST_CASE("a record is held to its schema", "[records]") {
  CHECK(is_accepted(tosses_record()));
  RunRecord record = tosses_record();
  record.tables.clear();
  CHECK_FALSE(is_accepted(record));
  record = tosses_record();
  record.tables[0].pop_back();
  CHECK_FALSE(is_accepted(record));
  record = tosses_record();
  record.tables[0][1] = std::vector<double>{0.5, 1.5};
  CHECK_FALSE(is_accepted(record));
  record = tosses_record();
  record.tables[0][1] = std::vector<float>{0.5F};
  CHECK_FALSE(is_accepted(record));
  record = tosses_record();
  record.series.pop_back();
  CHECK_FALSE(is_accepted(record));
  record = tosses_record();
  record.outcomes.clear();
  CHECK_FALSE(is_accepted(record));
}

TEST_CASE("a run that failed says why and need not hold anything", "[records]") {
  RunRecord record;
  record.status = RunStatus::failed;
  CHECK_FALSE(is_accepted(record));
  record.failure = "ran out of coins";
  CHECK(is_accepted(record));
}

}  // namespace
}  // namespace fingers
