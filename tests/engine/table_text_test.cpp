#include "engine/table_text.hpp"

#include <bit>
#include <charconv>
#include <cmath>
#include <limits>

#include "engine/arithmetic.hpp"
#include "engine/random.hpp"
#include "engine/records.hpp"
#include "tests/support/catch.hpp"

using namespace fingers;

namespace {

TableColumn column(const std::string& name, CellKind kind, std::size_t values = 0) {
  TableColumn made;
  made.name = name;
  made.kind = kind;
  made.values = values;
  return made;
}

/// The rows of a table of one column.
std::string text_of(TableFormat format, const TableColumn& about, const CellValues& values) {
  RowBlock block;
  block.rows = std::visit([](const auto& cells) { return cells.size(); }, values);
  block.values.push_back(values);
  std::string text;
  TableText(format, {about}).append(block, 0, block.rows, text);
  return text;
}

std::string csv(CellKind kind, const CellValues& values) {
  return text_of(TableFormat::csv, column("x", kind), values);
}

std::string json(CellKind kind, const CellValues& values) {
  return text_of(TableFormat::json, column("x", kind), values);
}

using Texts = std::vector<std::string>;
using Floats = std::vector<float>;
using Doubles = std::vector<double>;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

TEST_CASE("a table is a header and rows, in lines that end as RFC 4180 wants") {
  const std::vector<TableColumn> columns = {column("run", CellKind::number, 1),
                                            column("a, b", CellKind::text, 0)};
  const RowBlock block{.rows = 2,
                       .values = {Texts{"one", "two"}, std::vector<std::uint32_t>{7, kNone}}};
  const TableText table(TableFormat::csv, columns);
  std::string text = table.header();
  table.append(block, 0, 2, text);
  CHECK(text == "run,\"a, b\"\r\n7,one\r\n,two\r\n");
}

TEST_CASE("a row of JSON is an object on a line") {
  const std::vector<TableColumn> columns = {column("run", CellKind::number, 1),
                                            column("say \"x\"", CellKind::text, 0)};
  const RowBlock block{.rows = 2,
                       .values = {Texts{"one", "two"}, std::vector<std::uint32_t>{7, kNone}}};
  const TableText table(TableFormat::json, columns);
  CHECK(table.header().empty());
  std::string text;
  table.append(block, 1, 1, text);
  CHECK(text == "{\"run\":null,\"say \\\"x\\\"\":\"two\"}\n");
}

TEST_CASE("fields with commas, quotes and line breaks are quoted") {
  CHECK(csv(CellKind::text, Texts{"a,b"}) == "\"a,b\"\r\n");
  CHECK(csv(CellKind::text, Texts{"say \"no\""}) == "\"say \"\"no\"\"\"\r\n");
  CHECK(csv(CellKind::text, Texts{"two\nlines"}) == "\"two\nlines\"\r\n");
  CHECK(csv(CellKind::text, Texts{" schön; 'so' "}) == " schön; 'so' \r\n");
  CHECK(csv(CellKind::text, Texts{""}) == "\r\n");
  CHECK(json(CellKind::text, Texts{"a\t\"\n"}) == "{\"x\":\"a\\t\\\"\\n\"}\n");
}

TEST_CASE("categories are names, marks are true or false") {
  TableColumn kind = column("kind", CellKind::category);
  kind.names = {"heads up", "a,b"};
  CHECK(text_of(TableFormat::csv, kind, std::vector<std::uint8_t>{1, 0}) ==
        "\"a,b\"\r\nheads up\r\n");
  CHECK(text_of(TableFormat::json, kind, std::vector<std::uint32_t>{0}) ==
        "{\"kind\":\"heads up\"}\n");
  TableColumn mark = column("late", CellKind::flag);
  mark.mask = 4;
  CHECK(text_of(TableFormat::csv, mark, std::vector<std::uint8_t>{4, 3, 255}) ==
        "true\r\nfalse\r\ntrue\r\n");
  CHECK(text_of(TableFormat::json, mark, std::vector<std::uint8_t>{3}) == "{\"late\":false}\n");
}

TEST_CASE("what is not there is an empty cell, and null in JSON") {
  CHECK(csv(CellKind::number, Doubles{kNaN, 1}) == "\r\n1\r\n");
  CHECK(json(CellKind::number, Floats{std::numeric_limits<float>::quiet_NaN()}) ==
        "{\"x\":null}\n");
  CHECK(csv(CellKind::number, std::vector<std::uint32_t>{kNone, kNone - 1}) ==
        "\r\n4294967294\r\n");
  CHECK(csv(CellKind::number, std::vector<std::uint64_t>{kNone}) == "4294967295\r\n");
  CHECK(csv(CellKind::number, std::vector<std::uint8_t>{255}) == "255\r\n");
}

TEST_CASE("infinities are said, and the sign of a zero is kept") {
  CHECK(csv(CellKind::number, Doubles{kInfinity, -kInfinity, -0.0, 0.0}) ==
        "inf\r\n-inf\r\n-0.0\r\n0\r\n");
  CHECK(json(CellKind::number, Doubles{-kInfinity}) == "{\"x\":\"-inf\"}\n");
}

TEST_CASE("numbers are as short as their type allows") {
  CHECK(csv(CellKind::number, Floats{0.1F, 1e-7F}) == "0.1\r\n1e-07\r\n");
  CHECK(csv(CellKind::number, Doubles{0.1, 2024.25, 1e300}) == "0.1\r\n2024.25\r\n1e+300\r\n");
  CHECK(csv(CellKind::number, Doubles{static_cast<double>(0.1F)}) == "0.10000000149011612\r\n");
  CHECK(csv(CellKind::number, std::vector<std::uint64_t>{18446744073709551615U}) ==
        "18446744073709551615\r\n");
}

TEST_CASE("any number reads back as the same bits") {
  for (std::uint64_t i = 0; i < 20000; ++i) {
    Stream stream(StreamKey{}, {.identity = i, .step = 0, .process = 1, .draw = 0});
    const auto bits = static_cast<std::uint64_t>(uniform(stream) * 18446744073709551616.0);
    const auto x = std::bit_cast<double>(bits);
    const auto y = std::bit_cast<float>(static_cast<std::uint32_t>(bits >> 32U));
    double x_read = 0;
    float y_read = 0;
    const std::string x_text = csv(CellKind::number, Doubles{x});
    const std::string y_text = csv(CellKind::number, Floats{y});
    std::from_chars(x_text.data(), x_text.data() + x_text.size(), x_read);
    std::from_chars(y_text.data(), y_text.data() + y_text.size(), y_read);
    if (std::isfinite(x)) {
      REQUIRE(std::bit_cast<std::uint64_t>(x_read) == bits);
    }
    if (std::isfinite(y)) {
      REQUIRE(std::bit_cast<std::uint32_t>(y_read) == static_cast<std::uint32_t>(bits >> 32U));
    }
  }
}

TEST_CASE("a cell of JSON stands as it is, and in CSV in quotes") {
  CHECK(json(CellKind::json, Texts{"[\"a\", 1]", ""}) == "{\"x\":[\"a\", 1]}\n{\"x\":null}\n");
  CHECK(csv(CellKind::json, Texts{"[\"a\", 1]", "0.5", ""}) == "\"[\"\"a\"\", 1]\"\r\n0.5\r\n\r\n");
}

}  // namespace
