#include "engine/json_parser.hpp"

#include <chrono>

#include "engine/config_reader.hpp"
#include "tests/support/catch.hpp"

using namespace fingers;

namespace {

/// The mistakes of a text as they are printed, without the name of the file.
std::vector<std::string> mistakes_of(const std::string& text) {
  std::vector<std::string> lines;
  for (const Mistake& mistake : parse_document(text, "f").mistakes) {
    lines.push_back(to_text(mistake).substr(1));
  }
  return lines;
}

/// The only mistake of a text.
std::string mistake_of(const std::string& text) {
  const auto lines = mistakes_of(text);
  CHECK(lines.size() == 1);
  return lines.empty() ? "" : lines.front();
}

std::string place_of(const Document& document, const std::string& pointer) {
  const Location where = document.location(pointer);
  return std::to_string(where.line) + ":" + std::to_string(where.column);
}

}  // namespace

TEST_CASE("a missing comma is reported where the next key stands") {
  CHECK(mistake_of("{\n  \"a\": 1\n  \"b\": 2\n}") == ":3:3 /a: expected ',' or '}', found '\"'");
  CHECK(mistake_of("{\"a\": [null1]}") == ":1:12 /a/0: expected ',' or ']', found '1'");
  CHECK(mistake_of("{\"a\": [1 2]}") == ":1:10 /a/0: expected ',' or ']', found '2'");
}

TEST_CASE("a comma too many is named") {
  CHECK(mistake_of("{\"a\": 1,\n}") ==
        ":2:1 /a: expected a key between double quotes, found '}'; there is a ',' too many before "
        "it");
  CHECK(mistake_of("{\"a\": [1,]}") ==
        ":1:10 /a/0: expected a value, found ']'; there is a ',' too many before it");
  CHECK(mistake_of("{\"a\": [1,,2]}") == ":1:10 /a/0: expected a value, found ','");
}

TEST_CASE("a text that ends too early says what was still expected") {
  CHECK(mistake_of("") == ":1:1: expected '{', found the end of the text");
  CHECK(mistake_of("{") ==
        ":1:2: expected a key between double quotes or '}', found the end of the text");
  CHECK(mistake_of("{\"a\"") == ":1:5 /a: expected ':', found the end of the text");
  CHECK(mistake_of("{\"a\":\n") == ":2:1 /a: expected a value, found the end of the text");
  CHECK(mistake_of("{\"a\": 1") == ":1:8 /a: expected ',' or '}', found the end of the text");
  CHECK(mistake_of("{\"a\": [") == ":1:8 /a/0: expected a value or ']', found the end of the text");
}

TEST_CASE("text after the end is refused") {
  CHECK(mistake_of("{}\n{}") == ":2:1: expected the end of the text, found '{'");
  CHECK(mistake_of("{} \"x\"") == ":1:4: expected the end of the text, found '\"'");
}

TEST_CASE("the root must be an object") {
  CHECK(mistake_of("\n [1]") == ":2:2: expected an object: the text must begin with '{'");
  CHECK(mistake_of("3") == ":1:1: expected an object: the text must begin with '{'");
}

TEST_CASE("words that are not JSON get the advice they need") {
  CHECK(
      mistake_of("{\"a\": NaN}") ==
      ":1:7 /a: NaN is not a number in JSON; where there is no limit, \"infinite\" may be allowed");
  CHECK(mistake_of("{\"a\": -Infinity}") ==
        ":1:7 /a: -Infinity is not a number in JSON; where there is no limit, \"infinite\" may be "
        "allowed");
  CHECK(
      mistake_of("{\"a\": True}") ==
      ":1:7 /a: expected a value, found 'True'; JSON writes true, false and null in small letters");
  CHECK(mistake_of("{\"a\": closed}") ==
        ":1:7 /a: expected a value, found 'closed'; a text needs double quotes");
  CHECK(mistake_of("{a: 1}") ==
        ":1:2: expected a key between double quotes or '}', found 'a'; a "
        "text needs double quotes");
  CHECK(mistake_of("{'a': 1}") ==
        ":1:2: expected a key between double quotes or '}', found '''; "
        "texts stand between double quotes");
  CHECK(
      mistake_of("{\n // why\n}") ==
      ":2:2: expected a key between double quotes or '}', found '/'; JSON has no comments, but any "
      "object may have a \"note\"");
}

TEST_CASE("numbers beyond double and half-written numbers are refused") {
  CHECK(mistake_of("{\"a\": 1e999}") == ":1:7 /a: 1e999 is too large; at most about 1.8e308");
  CHECK(mistake_of("{\"a\": [0, -1e999]}") ==
        ":1:11 /a/0: -1e999 is too large; at most about 1.8e308");
  CHECK(mistake_of("{\"a\": 01}") == ":1:8 /a: expected ',' or '}', found '1'");
  CHECK(mistake_of("{\"a\": 1.}") == ":1:7 /a: expected a value, found '1.'");
  CHECK(mistake_of("{\"a\": +1}") == ":1:7 /a: expected a value, found '+1'");
  CHECK(mistake_of("{\"a\": .5}") == ":1:7 /a: expected a value, found '.5'");
}

TEST_CASE("a text without closing quote is reported at its beginning") {
  CHECK(mistake_of("{\"a\": \"x,\n \"b\": 1}") ==
        ":1:7 /a: this text has no closing '\"' on its line");
  CHECK(mistake_of("{\"a\": \"x") == ":1:7 /a: this text has no closing '\"' on its line");
}

TEST_CASE("wrong bytes within a text are reported where they stand") {
  CHECK(mistake_of("{\"a\": \"x\xFFy\"}") ==
        ":1:9 /a: the bytes up to the byte 0xFF are not valid UTF-8");
  CHECK(mistake_of("{\"a\": \"x\ty\"}") ==
        ":1:9 /a: a control character must be written with a '\\'");
  CHECK(mistake_of("{\"a\": \"UTF-8 \\x\"}").substr(0, 5) == ":1:15");
  CHECK(mistake_of("{\"a\": \"\\ud800\"}").find("pairs") != std::string::npos);
}

TEST_CASE("a byte order mark, UTF-16 and zero bytes are refused") {
  CHECK(mistake_of("\xEF\xBB\xBF{}") ==
        ":1:1: begins with a byte order mark; save it as UTF-8 without");
  CHECK(mistake_of(std::string("\xFF\xFE{\0}\0", 6)) == ":1:1: is UTF-16; save it as UTF-8");
  CHECK(mistake_of(std::string("{}\0 garbage", 11)) == ":1:3: a zero byte; this is not a text");
}

TEST_CASE("a key that is written twice is reported with both places") {
  CHECK(mistake_of("{\n \"a\": 1,\n \"b\": {},\n \"a\": 2}") ==
        ":4:2 /a: key \"a\" is written twice in this object; first at 2:2");
  CHECK(mistakes_of("{\"a\": {\"x\": 1, \"x\": 2}, \"a\": 3}") ==
        std::vector<std::string>{
            ":1:16 /a/x: key \"x\" is written twice in this object; first at 1:8",
            ":1:25 /a: key \"a\" is written twice in this object; first at 1:2"});
  CHECK(mistakes_of("{\"a\": {\"x\": 1}, \"b\": {\"x\": 2}}").empty());
}

TEST_CASE("duplicate keys are still reported where the text breaks off later") {
  CHECK(mistakes_of("{\"a\": 1, \"a\": 2,").size() == 2);
}

TEST_CASE("sixty-four levels are read and sixty-five are not") {
  const auto nested = [](std::size_t levels) {
    return "{\"a\": " + std::string(levels - 1, '[') + std::string(levels - 1, ']') + "}";
  };
  CHECK(mistakes_of(nested(64)).empty());
  CHECK(mistake_of(nested(65)).substr(0, 8) == ":1:70 /a");
  CHECK(mistake_of(nested(65)).find("nested more deeply than 64 levels") != std::string::npos);
}

TEST_CASE("ten megabytes of brackets are refused at once") {
  const std::string brackets(10'000'000, '[');
  const auto start = std::chrono::steady_clock::now();
  CHECK(mistake_of(brackets).find("nested more deeply") != std::string::npos);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(1));
}

TEST_CASE("a text over the size limit is refused before it is parsed") {
  CHECK(mistake_of(std::string(kMaxConfigBytes + 1, ' ')) == ":1:1: larger than 64 MB");
}

TEST_CASE("more values than any config needs are refused") {
  std::string text = "{\"a\": [0";
  for (std::size_t i = 0; i < kMaxConfigValues; ++i) {
    text += ",0";
  }
  CHECK(mistake_of(text + "]}").find("more than 2000000 values") != std::string::npos);
}

TEST_CASE("every value knows its line and column") {
  const Loaded loaded = parse_document(
      "{\n  \"a\": [1.5e3, -2,\n    {\"b\" : \"x\\\"}\"}],\n  \"c\": true , \"d\":{ }, \"e\":0}",
      "f");
  REQUIRE(loaded.mistakes.empty());
  CHECK(place_of(loaded.document, "") == "1:1");
  CHECK(place_of(loaded.document, "/a") == "2:8");
  CHECK(place_of(loaded.document, "/a/0") == "2:9");
  CHECK(place_of(loaded.document, "/a/1") == "2:16");
  CHECK(place_of(loaded.document, "/a/2") == "3:5");
  CHECK(place_of(loaded.document, "/a/2/b") == "3:12");
  CHECK(place_of(loaded.document, "/c") == "4:8");
  CHECK(place_of(loaded.document, "/d") == "4:19");
  CHECK(place_of(loaded.document, "/e") == "4:28");
}

TEST_CASE("columns count code points, not bytes") {
  const Loaded loaded = parse_document("{\"ä\": \"€\", \"b\": 1}", "f");
  CHECK(place_of(loaded.document, "/b") == "1:17");
}

TEST_CASE("Windows line ends count as one line end") {
  CHECK(place_of(parse_document("{\r\n\"a\": 1}", "f").document, "/a") == "2:6");
}

TEST_CASE("whole numbers keep all their digits") {
  const std::string text = R"({"a":18446744073709551615,"b":-9223372036854775808,"c":1e20})";
  const Document document = parse_document(text, "f").document;
  CHECK(document.text_at("") == text);
}

TEST_CASE("every double that is printed reads back as itself") {
  for (const double x : {0.1, 1e-300, 5e-324, 1.7976931348623157e308, -0.0, 123456789.0, 1e9,
                         2.5e10, 1.0 / 3.0, -12345.678}) {
    const Document document = parse_document("{\"x\":" + number_text(x) + "}", "f").document;
    const auto* const read = std::get_if<double>(&document.tree().root.member("x")->value);
    CHECK(document.text_at("/x") == number_text(x));
    CHECK((read == nullptr || (*read == x && std::signbit(*read) == std::signbit(x))));
  }
  CHECK(number_text(1e8) == "100000000");
  CHECK(number_text(1e12) == "1e12");
  CHECK(number_text(1e-5) == "1e-5");
  CHECK(number_text(1e100) == "1e100");
}

TEST_CASE("texts come back as they were written") {
  const std::string text = R"({"a":"tab\t, line\n, \"quoted\", \\, \u0001, ä€𝄞"})";
  CHECK(parse_document(text, "f").document.text_at("") == text);
}
