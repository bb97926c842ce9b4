#include <map>

#include "engine/config_reader.hpp"
#include "tests/support/catch.hpp"

using namespace fingers;

namespace {

/// A source of texts that lie in memory, each under its own path.
TextSource texts(std::map<std::string, std::string> by_path) {
  return [by_path = std::move(by_path)](const std::string& path, const std::string& /*from*/) {
    const auto found = by_path.find(path);
    return found == by_path.end() ? TextAnswer{.text = {}, .path = path, .problem = "no such file"}
                                  : TextAnswer{.text = found->second, .path = path, .problem = {}};
  };
}

std::vector<std::string> lines_of(const Mistakes& mistakes) {
  std::vector<std::string> lines;
  for (const Mistake& mistake : mistakes) {
    lines.push_back(to_text(mistake));
  }
  return lines;
}

using Lines = std::vector<std::string>;

Document document_of(const std::string& text) {
  const Loaded loaded = parse_document(text, "f");
  CHECK(lines_of(loaded.mistakes).empty());
  return loaded.document;
}

const Location kSet{.file = "--set", .line = 0, .column = 0};

std::string set_problem(Document& document, const std::string& pointer, const std::string& value) {
  const auto mistake = document.set(pointer, value, kSet);
  return mistake ? to_text(*mistake) : "";
}

}  // namespace

TEST_CASE("a config says how it differs from its base") {
  const auto source =
      texts({{"base", R"({"title": "base", "a": {"x": 1, "y": [1, 2, 3]}, "gone": {"z": 1}})"},
             {"mine", R"({"title": "mine", "base": "base", "a": {"y": [4]}, "gone": null})"}});
  const Loaded loaded = load_document("mine", source);
  CHECK(lines_of(loaded.mistakes).empty());
  CHECK(loaded.document.text_at("") == R"({"a":{"x":1,"y":[4]},"title":"mine"})");
}

TEST_CASE("a base has a base, and the nearest config wins") {
  const auto source = texts({{"c", R"({"a": 1, "b": 1, "c": 1})"},
                             {"b", R"({"base": "c", "a": 2, "b": 2})"},
                             {"a", R"({"base": "b", "a": 3})"}});
  CHECK(load_document("a", source).document.text_at("") == R"({"a":3,"b":2,"c":1})");
}

TEST_CASE("a null in a base's child can delete what a grandchild gives again") {
  const auto source = texts({{"c", R"({"a": {"x": 1, "y": 1}})"},
                             {"b", R"({"base": "c", "a": null})"},
                             {"a", R"({"base": "b", "a": {"y": 2}})"}});
  CHECK(load_document("a", source).document.text_at("") == R"({"a":{"y":2}})");
}

TEST_CASE("after a merge each value points to the file that it came from") {
  const auto source = texts({{"base", "{\n \"a\": {\"x\": 1, \"y\": 2},\n \"l\": [1, 2]}"},
                             {"mine", "{\"base\": \"base\",\n \"a\": {\n  \"y\": 3}}"}});
  const Document document = load_document("mine", source).document;
  const auto place = [&document](const std::string& pointer) {
    return to_text({.where = document.location(pointer), .pointer = "", .message = ""});
  };
  CHECK(place("/a/x") == "base:2:13: ");
  CHECK(place("/a/y") == "mine:3:8: ");
  CHECK(place("/a") == "mine:2:7: ");
  CHECK(place("/l/1") == "base:3:11: ");
  CHECK(place("/a/missing/deeper") == "mine:2:7: ");
  CHECK(place("not a pointer") == "mine:1:1: ");
}

TEST_CASE("the source is told which config names the base") {
  Lines asked;
  const TextSource source = [&asked](const std::string& path, const std::string& from) {
    asked.push_back(from + " > " + path);
    return TextAnswer{.text = path == "mine" ? R"({"base": "../b"})" : "{}",
                      .path = "/configs/" + path,
                      .problem = {}};
  };
  load_document("mine", source);
  CHECK(asked == Lines{" > mine", "/configs/mine > ../b"});
}

TEST_CASE("a config that is not there is reported by its path") {
  CHECK(lines_of(load_document("mine.json", texts({})).mistakes) ==
        Lines{"mine.json: no such file"});
}

TEST_CASE("a missing base is reported where it is named") {
  const auto source = texts({{"mine", "{\n  \"base\": \"nowhere\"}"}});
  CHECK(lines_of(load_document("mine", source).mistakes) ==
        Lines{"mine:2:11 /base: nowhere: no such file"});
}

TEST_CASE("a config that builds on itself is refused with the circle") {
  CHECK(lines_of(load_document("a", texts({{"a", R"({"base": "a"})"}})).mistakes) ==
        Lines{"a:1:10 /base: a config cannot build on itself: a → a"});
  const auto three = texts({{"start", R"({"base": "a"})"},
                            {"a", R"({"base": "b"})"},
                            {"b", R"({"base": "c"})"},
                            {"c", R"({"base": "a"})"}});
  CHECK(lines_of(load_document("start", three).mistakes) ==
        Lines{"c:1:10 /base: a config cannot build on itself: a → b → c → a"});
}

TEST_CASE("a circle that changes its names ends too") {
  const TextSource endless = [](const std::string& path, const std::string& from) {
    return TextAnswer{.text = R"({"base": "x"})", .path = from + path, .problem = {}};
  };
  const auto lines = lines_of(load_document("x", endless).mistakes);
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].find("more than 64 configs build on each other") != std::string::npos);
}

TEST_CASE("a document says whether all of its texts were read") {
  CHECK(load_document("a", texts({{"a", R"({"x": 1, "x": 2})"}})).whole);
  CHECK_FALSE(load_document("a", texts({{"a", "{"}})).whole);
  CHECK_FALSE(load_document("a", texts({{"a", R"({"base": "b"})"}})).whole);
  CHECK_FALSE(load_document("a", texts({{"a", R"({"base": 3})"}})).whole);
  CHECK(parse_document("{}", "f").whole);
  CHECK_FALSE(parse_document("[]", "f").whole);
}

TEST_CASE("a base must be the path of a config") {
  CHECK(lines_of(load_document("a", texts({{"a", R"({"base": 3})"}})).mistakes) ==
        Lines{"a:1:10 /base: expected the path of a config, found the number 3"});
  CHECK(load_document("a", texts({{"a", R"({"base": null, "x": 1})"}})).document.text_at("") ==
        R"({"x":1})");
}

TEST_CASE("mistakes of a config and of its base are reported together") {
  const auto source =
      texts({{"base", "{\"x\": 1,}"}, {"mine", R"({"base": "base", "y": 1, "y": 2})"}});
  const auto lines = lines_of(load_document("mine", source).mistakes);
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].starts_with("mine:1:26 /y: key \"y\" is written twice"));
  CHECK(lines[1].starts_with("base:1:9 /x: expected a key"));
}

TEST_CASE("values are found by their pointer") {
  const Document document = document_of(R"({"a/b": {"c~d": [true, {"": 5}]}, "z": {}})");
  CHECK(document.text_at("/a~1b/c~0d/0") == "true");
  CHECK(document.text_at("/a~1b/c~0d/1/") == "5");
  CHECK(document.text_at("/a~1b/c~0d/2") == std::nullopt);
  CHECK(document.text_at("/a~1b/c~0d/00") == std::nullopt);
  CHECK(document.text_at("/a~1b/c~0d/-1") == std::nullopt);
  CHECK(document.text_at("/a~2b") == std::nullopt);
  CHECK(document.names_at("") == Lines{"a/b", "z"});
  CHECK(document.names_at("/z").empty());
  CHECK(document.names_at("/a~1b/c~0d").empty());
}

TEST_CASE("a document prints itself with sorted keys") {
  CHECK(document_of(R"({"b": [1, {}], "a": {"x": "y"}})").text() ==
        "{\n  \"a\": {\n    \"x\": \"y\"\n  },\n  \"b\": [\n    1,\n    {}\n  ]\n}\n");
}

TEST_CASE("a copy of a document is independent") {
  const Document document = document_of(R"({"a": 1})");
  Document copy = document;
  CHECK(set_problem(copy, "/a", "2").empty());
  CHECK(document.text_at("/a") == "1");
  CHECK(copy.text_at("/a") == "2");
}

TEST_CASE("a value is set from JSON or from a bare word") {
  Document document = document_of(R"({"a": {"x": 1}, "l": [1, 2]})");
  CHECK(set_problem(document, "/a/x", "2.5").empty());
  CHECK(set_problem(document, "/title", "Two words").empty());
  CHECK(set_problem(document, "/date", "2024-07").empty());
  CHECK(set_problem(document, "/on", "true").empty());
  CHECK(set_problem(document, "/new/deep/x", R"({"y": [1], "z": null})").empty());
  CHECK(set_problem(document, "/l/1", "7").empty());
  CHECK(set_problem(document, "/empty", "").empty());
  CHECK(document.text_at("") ==
        R"({"a":{"x":2.5},"date":"2024-07","empty":"","l":[1,7],"new":{"deep":{"x":{"y":[1]}}},)"
        R"("on":true,"title":"Two words"})");
  CHECK(document.location("/new/deep").file == "--set");
  CHECK(document.location("/a").file == "f");
}

TEST_CASE("setting null takes a member away") {
  Document document = document_of(R"({"a": {"x": 1, "y": 2}, "l": [1]})");
  CHECK(set_problem(document, "/a/x", "null").empty());
  CHECK(set_problem(document, "/not/there", "null").empty());
  CHECK(document.text_at("") == R"({"a":{"y":2},"l":[1]})");
  CHECK(set_problem(document, "/l/0", "null").find("only be replaced whole") != std::string::npos);
}

TEST_CASE("a value that cannot be set says why and changes nothing") {
  Document document = document_of(R"({"a": "text", "l": [1]})");
  const std::string before = document.text();
  CHECK(set_problem(document, "a", "1").starts_with("--set a: expected a JSON pointer"));
  CHECK(set_problem(document, "", "1").starts_with("--set: expected a JSON pointer"));
  CHECK(set_problem(document, "/a~x", "1").starts_with("--set /a~x: expected a JSON pointer"));
  CHECK(set_problem(document, "/a/b", "1") ==
        "--set /a/b: /a is the text \"text\", it holds no \"b\"");
  CHECK(set_problem(document, "/l/1", "1") ==
        "--set /l/1: /l is a list of 1, it has no item \"1\"");
  CHECK(set_problem(document, "/x", "[1,") ==
        "--set /x/0: expected a value, found the end of the text");
  CHECK(set_problem(document, "/x", "\xFF").find("not valid UTF-8") != std::string::npos);
  std::string deep;
  for (int level = 0; level < 100'000; ++level) {
    deep += "/x";
  }
  CHECK(set_problem(document, deep, "1").find("nested more deeply") != std::string::npos);
  CHECK(document.text() == before);
}

TEST_CASE("a whole text that is set keeps its own lines") {
  Document document = document_of("{}");
  const Location start{.file = "built-in", .line = 1, .column = 1};
  CHECK_FALSE(document.set("/regime", "{\n  \"kind\": \"gate\"}", start).has_value());
  CHECK(document.location("/regime/kind").line == 2);
  CHECK(document.location("/regime/kind").column == 11);
  CHECK(document.location("/regime/kind").file == "built-in");
}
