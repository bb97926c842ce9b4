#include "engine/json_edit.hpp"

#include "tests/support/catch.hpp"

using namespace fingers;

namespace {

const std::string kConfig =
    "{\n"
    "  \"title\": \"Zoë, {not} an object\",\n"
    "\n"
    "  \"coin\": {\"heads\": 5.0e-1, \"side\" : \"a\"},\n"
    "  \"list\": [ 1, {\"deep\": [true]}, 3 ]\n"
    "}\n";

JsonEdit edit() { return {kConfig, "mine.json"}; }

/// kConfig with one piece of text in the place of another.
std::string with(const std::string& old_text, const std::string& new_text) {
  std::string text = kConfig;
  return text.replace(text.find(old_text), old_text.size(), new_text);
}

TEST_CASE("values are told as they are written") {
  const JsonEdit config = edit();
  CHECK(config.mistakes().empty());
  CHECK(config.text_at("/coin/heads") == "5.0e-1");
  CHECK(config.text_at("/coin") == "{\"heads\": 5.0e-1, \"side\" : \"a\"}");
  CHECK(config.text_at("/list") == "[ 1, {\"deep\": [true]}, 3 ]");
  CHECK(config.string_at("/title") == "Zoë, {not} an object");
  CHECK_FALSE(config.string_at("/coin/heads"));
  CHECK_FALSE(config.text_at("/coin/tails"));
  CHECK(config.names_at("") == std::vector<std::string>{"title", "coin", "list"});
  CHECK(config.names_at("/coin") == std::vector<std::string>{"heads", "side"});
  CHECK(config.size_at("/list") == 3);
  CHECK(config.size_at("/coin") == 0);
  CHECK(config.location("/coin/heads").line == 4);
}

TEST_CASE("a text that is no object says so") {
  CHECK(JsonEdit("[1]", "mine.json").mistakes().size() == 1);
  CHECK(JsonEdit("{\"a\": 1,}", "mine.json").mistakes().size() == 1);
  CHECK(JsonEdit("{\"a\": 1, \"a\": 2}", "mine.json").mistakes().size() == 1);
}

TEST_CASE("a change touches nothing else") {
  JsonEdit renamed = edit();
  renamed.rename("/coin/heads", "chance \"p\"");
  CHECK(renamed.text() == with("\"heads\"", "\"chance \\\"p\\\"\""));
  JsonEdit replaced = edit();
  replaced.replace("/list/1", "null");
  CHECK(replaced.text() == with("{\"deep\": [true]}", "null"));
  JsonEdit split = edit();
  split.split("/coin/heads", {{"low", "0.4"}, {"high", "0.6"}});
  CHECK(split.text() == with("\"heads\": 5.0e-1", "\"low\": 0.4, \"high\": 0.6"));
  JsonEdit split_lines = edit();
  split_lines.split("/coin", {{"a", "1"}, {"b", "2"}});
  CHECK(split_lines.text() ==
        with("\"coin\": {\"heads\": 5.0e-1, \"side\" : \"a\"}", "\"a\": 1,\n  \"b\": 2"));
}

TEST_CASE("a new member stands as the others do") {
  JsonEdit first = edit();
  first.add_first("", "version", "1");
  CHECK(first.text() == with("{\n  \"title\"", "{\n  \"version\": 1,\n  \"title\""));
  JsonEdit last = edit();
  last.add_last("", "version", "1");
  CHECK(last.text() == with("3 ]\n}", "3 ],\n  \"version\": 1\n}"));
  JsonEdit inline_first = edit();
  inline_first.add_first("/coin", "n", "1");
  CHECK(inline_first.text() == with("{\"heads\"", "{\"n\": 1, \"heads\""));
  JsonEdit inline_last = edit();
  inline_last.add_last("/coin", "n", "1");
  CHECK(inline_last.text() == with("\"a\"}", "\"a\", \"n\": 1}"));
}

TEST_CASE("members come into objects that are empty, tight or in Windows lines") {
  const auto added = [](const std::string& text) {
    JsonEdit config(text, "mine.json");
    config.add_first("", "v", "1");
    JsonEdit other(text, "mine.json");
    other.add_last("", "v", "1");
    return config.text() + " " + other.text();
  };
  CHECK(added("{}") == "{\"v\": 1} {\"v\": 1}");
  CHECK(added("{\"a\":2}") == "{\"v\":1, \"a\":2} {\"a\":2, \"v\":1}");
  CHECK(added("{ \"a\": 2 }") == "{ \"v\": 1, \"a\": 2 } { \"a\": 2, \"v\": 1 }");
  CHECK(added("{\r\n\t\"a\": 2\r\n}") ==
        "{\r\n\t\"v\": 1,\r\n\t\"a\": 2\r\n} {\r\n\t\"a\": 2,\r\n\t\"v\": 1\r\n}");
}

TEST_CASE("a member goes with its comma") {
  JsonEdit first = edit();
  first.remove("/coin/heads");
  CHECK(first.text() == with("\"heads\": 5.0e-1, ", ""));
  JsonEdit last = edit();
  last.remove("/coin/side");
  CHECK(last.text() == with(", \"side\" : \"a\"", ""));
  last.remove("/coin/heads");
  CHECK(last.text() == with("\"heads\": 5.0e-1, \"side\" : \"a\"", ""));
  JsonEdit line = edit();
  line.remove("/list");
  CHECK(line.text() == with(",\n  \"list\": [ 1, {\"deep\": [true]}, 3 ]", ""));
}

TEST_CASE("changes name the lines of the text as it was given") {
  JsonEdit config = edit();
  config.add_first("", "version", "1");
  config.split("/coin", {{"a", "1"}, {"b", "2"}, {"c", "3"}});
  config.replace("/c", "4");
  config.rename("/list", "items");
  const std::vector<JsonChange> changes = config.take_changes();
  REQUIRE(changes.size() == 4);
  CHECK(changes[0].line == 1);
  CHECK(changes[0].pointer == "/version");
  CHECK(changes[0].what == "added: 1");
  CHECK(changes[1].line == 4);
  CHECK(changes[1].what ==
        "{\"heads\": 5.0e-1, \"side\" : \"a\"} became \"a\": 1, \"b\": 2, \"c\": 3");
  CHECK(changes[2].line == 4);
  CHECK(changes[2].what == "3 became 4");
  CHECK(changes[3].line == 5);
  CHECK(changes[3].what == "renamed to \"items\"");
  CHECK(config.take_changes().empty());
}

TEST_CASE("long values are cut where changes are told, between characters") {
  std::string text = "{\"a\": \"";
  for (int i = 0; i < 100; ++i) {
    text += "é";
  }
  JsonEdit config(text + "\"}", "mine.json");
  config.replace("/a", "1");
  const std::string what = config.take_changes().front().what;
  CHECK(what.ends_with("é… became 1"));
  CHECK(what.size() < 90);
}

}  // namespace
