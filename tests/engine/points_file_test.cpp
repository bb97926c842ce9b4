// Points in a file of their own: what counts as a value, and what is said where of what is wrong.
#include "engine/points_file.hpp"

#include <string>
#include <vector>

#include "tests/support/catch.hpp"
#include "tests/support/says.hpp"

namespace fingers {
namespace {

constexpr const char* kConfig = R"({"it": {"design": "csv",
  "points_file": "p.csv"}})";

/// What a config with this file of points comes to.
struct Taken {
  Document document;
  std::vector<std::string> mistakes;
  std::string asked_from;
};

Taken take(const TextAnswer& answer, const std::string& config = kConfig) {
  Loaded loaded = parse_document(config, "dir/config.json");
  REQUIRE(loaded.mistakes.empty());
  Taken taken;
  const Mistakes mistakes = take_in_points_file(
      loaded.document, "/it", [&](const std::string& path, const std::string& from) {
        CHECK(path == "p.csv");
        taken.asked_from = from;
        return answer;
      });
  for (const Mistake& mistake : mistakes) {
    taken.mistakes.push_back(to_text(mistake));
  }
  taken.document = loaded.document;
  return taken;
}

Taken take(const std::string& text) {
  return take(TextAnswer{.text = text, .path = "dir/p.csv", .problem = {}});
}

std::string table_of(const std::string& text) {
  const Taken taken = take(text);
  for (const std::string& mistake : taken.mistakes) {
    UNSCOPED_INFO(mistake);
  }
  CHECK(taken.mistakes.empty());
  CHECK(!taken.document.text_at("/it/points_file"));
  return taken.document.text_at("/it/columns").value_or("") + " " +
         taken.document.text_at("/it/points").value_or("");
}

/// The only mistake, from its place on.
std::string fault(const std::string& text) {
  const Taken taken = take(text);
  REQUIRE(taken.mistakes.size() == 1);
  return taken.mistakes.front();
}

TEST_CASE("a table becomes columns and points of the config", "[points_file]") {
  CHECK(table_of("/a/b,regime\n1,closed\n-2.5e-3,open\n") ==
        R"(["/a/b","regime"] [[1,"closed"],[-0.0025,"open"]])");
  CHECK(take("/a\n1\n").asked_from == "dir/config.json");
}

TEST_CASE("spaces, quotes, line ends of all systems and a byte order mark are taken as meant",
          "[points_file]") {
  CHECK(table_of("\xEF\xBB\xBF/a , /b\r\n 1 ,\t2\r\n\r\n") == R"(["/a","/b"] [[1,2]])");
  CHECK(table_of("\"/a,b\",\"/say \"\"x\"\"\"\n\"1\",\"2\"") == R"(["/a,b","/say \"x\""] [[1,2]])");
  CHECK(table_of("/a\r1\r2") == R"(["/a"] [[1],[2]])");
  CHECK(table_of("name\n\"two\nlines\"\n") == R"(["name"] [["two\nlines"]])");
}

TEST_CASE("what reads as a JSON number or a switch is one, all else is text", "[points_file]") {
  CHECK(table_of("a,b,c,d\n0,-0.5,1E3,18446744073709551615\n") ==
        R"(["a","b","c","d"] [[0,-0.5,1000,18446744073709551615]])");
  CHECK(table_of("a,b,c,d\ntrue,FALSE,True,false\n") ==
        R"(["a","b","c","d"] [[true,false,true,false]])");
  CHECK(table_of("a,b,c,d,e\n.5,007,1 000,NaN,\n") ==
        R"(["a","b","c","d","e"] [[".5","007","1 000","NaN",""]])");
  CHECK(table_of("a,b\n[1],1e999\n") == R"(["a","b"] [["[1]","1e999"]])");
}

TEST_CASE("a value knows its line and column in the file", "[points_file]") {
  const Document document = take("/a,\"/b\nc\",d\n1,\"ä\", 3\n").document;
  const auto place = [&](const std::string& pointer) {
    const Location where = document.location("/it" + pointer);
    return where.file + ":" + std::to_string(where.line) + ":" + std::to_string(where.column);
  };
  CHECK(place("/columns/1") == "dir/p.csv:1:4");
  CHECK(place("/columns/2") == "dir/p.csv:2:4");
  CHECK(place("/points/0") == "dir/p.csv:3:1");
  CHECK(place("/points/0/2") == "dir/p.csv:3:7");
  const Document old = take("/a,/b\r1,2\r").document;
  CHECK(old.location("/it/points/0/1").line == 2);
  CHECK(old.location("/it/points/0/1").column == 3);
  CHECK(place("/columns") == "dir/config.json:2:18");  // where the file is named
}

TEST_CASE("a file that is no table is refused, with the place", "[points_file]") {
  const std::string at = " /it/points_file: ";
  CHECK(says(fault(""), "dir/p.csv:1:1" + at + "expected a first row that names the columns"));
  CHECK(says(fault("\n\n"), "expected a first row"));
  CHECK(says(fault("a,b\n1,\"2\n3"), "dir/p.csv:2:3" + at + "this quotation mark is not closed"));
  CHECK(says(fault("a,b\n1,2\"\n"), "dir/p.csv:2:4" + at + "a quotation mark within a field"));
  CHECK(says(fault("a,b\n\"1\"2,3\n"), "dir/p.csv:2:4" + at + "after the closing quotation mark"));
  CHECK(says(fault("a,,b\n1,2,3\n"), "dir/p.csv:1:3" + at + "the column has no name"));
  CHECK(says(fault("a;b\n1;2\n"), "dir/p.csv:1:1" + at + "columns must be separated by commas"));
  CHECK(says(fault("a\tb\n1\t2\n"), "separated by commas"));
  CHECK(says(fault("a\n\xFF\n"), "dir/p.csv:2:1" + at + "is not UTF-8 text"));
  CHECK(says(fault("a\xFF\n1\n"), "dir/p.csv:1:1" + at + "is not UTF-8 text"));
}

TEST_CASE("a file that is not there, or not alone, or too large, is refused where it is named",
          "[points_file]") {
  const auto refused = [](const TextAnswer& answer, const std::string& config) {
    const Taken taken = take(answer, config);
    REQUIRE(taken.mistakes.size() == 1);
    CHECK(taken.document.text() == parse_document(config, "").document.text());
    return taken.mistakes.front();
  };
  const std::string named = "dir/config.json:2:18 /it/points_file: ";
  CHECK(refused({.text = {}, .path = "dir/p.csv", .problem = "no such file"}, kConfig) ==
        named + "dir/p.csv: no such file");
  CHECK(refused({.text = std::string(kMaxPointsFileBytes + 1, ' '), .path = {}, .problem = {}},
                kConfig) == named + "p.csv: is larger than 32 MB");
  const TextAnswer fine{.text = "a\n1\n", .path = {}, .problem = {}};
  CHECK(says(refused(fine, R"({"it": {"points_file": "p.csv", "points": []}})"),
             "give one of the two"));
  CHECK(says(refused(fine, R"({"it": {"points_file": 3}})"),
             "expected the path of a file, found the number 3"));
}

TEST_CASE("more values than a config can hold are refused", "[points_file]") {
  std::string text = "a,b,c,d\n";
  for (std::size_t row = 0; row <= kMaxPointsFileCells / 4; ++row) {
    text += "1,2,3,4\n";
  }
  CHECK(says(fault(text), "dir/p.csv:250002:1 /it/points_file: more than 1000000 values"));
}

TEST_CASE("without a file of points nothing changes", "[points_file]") {
  for (const char* const config : {R"({"it": {"design": "csv"}})", R"({"it": 3})", "{}"}) {
    Document document = parse_document(config, "f").document;
    const std::string before = document.text();
    const auto source = [](const std::string&, const std::string&) -> TextAnswer {
      FAIL("nothing is to be read");
      return {};
    };
    CHECK(take_in_points_file(document, "/it", source).empty());
    CHECK(document.text() == before);
  }
}

}  // namespace
}  // namespace fingers
