#include <cmath>

#include "tests/engine/reading_fixture.hpp"

using namespace fingers;

namespace {

/// The mistake in {"x": value}, read as one number.
std::string number_mistake(const std::string& value, const Declaration& declaration) {
  double x = 0;
  const Reading reading =
      read("{\"x\": " + value + "}", [&](Parameters& p) { p.number("x", x, declaration); });
  return reading.mistakes.empty() ? "" : reading.mistakes.front();
}

/// {"x": value} read as a whole number, or its mistake.
std::string whole(const std::string& value, Range allowed = {0, 1e20}) {
  std::uint64_t x = 0;
  const Reading reading =
      read("{\"x\": " + value + "}", [&](Parameters& p) { p.whole("x", x, declared(1, allowed)); });
  return reading.mistakes.empty() ? std::to_string(x) : reading.mistakes.front();
}

}  // namespace

TEST_CASE("a number of a wrong type or range is refused in words") {
  CHECK(number_mistake("1.5", declared(0, {0, 1})) == ":1:7 /x: 1.5 is outside 0 to 1");
  CHECK(number_mistake("-1", declared(0, {0, INFINITY})) ==
        ":1:7 /x: -1 is below 0, the least that is allowed");
  CHECK(number_mistake("2", declared(0, {-INFINITY, 1})) ==
        ":1:7 /x: 2 is above 1, the most that is allowed");
  CHECK(number_mistake("\"many\"", declared(0)) ==
        ":1:7 /x: expected a number, found the text \"many\"");
  CHECK(number_mistake("[1]", declared(0)) == ":1:7 /x: expected a number, found a list");
  CHECK(number_mistake("{}", declared(0)) == ":1:7 /x: expected a number, found an object");
  CHECK(number_mistake("true", declared(0)) == ":1:7 /x: expected a number, found true");
  CHECK(number_mistake("\"infinite\"", declared(0)) ==
        ":1:7 /x: expected a number, found the text \"infinite\"");
  CHECK(number_mistake("1", declared(0, {0, 1})).empty());
  CHECK(number_mistake("0", declared(0, {0, 1})).empty());
}

TEST_CASE("a long text is shortened in a message without cutting a letter") {
  std::string text;
  for (int i = 0; i < 100; ++i) {
    text += "ä";
  }
  const std::string mistake = number_mistake("\"x" + text + "\"", declared(0));
  CHECK(mistake.size() < 120);
  CHECK(mistake.ends_with("ä…\""));
}

TEST_CASE("whole numbers are whole however they are written") {
  CHECK(whole("100000") == "100000");
  CHECK(whole("1e5") == "100000");
  CHECK(whole("100000.0") == "100000");
  CHECK(whole("-0") == "0");
  CHECK(whole("18446744073709551615") == "18446744073709551615");
  CHECK(whole("2.5") == ":1:7 /x: expected a whole number, found 2.5");
  CHECK(whole("\"2\"") == ":1:7 /x: expected a whole number, found the text \"2\"");
  CHECK(whole("-3") == ":1:7 /x: -3 is outside 0 to 1e20");
  CHECK(whole("1e20") == ":1:7 /x: 1e20 is outside 0 to 18446744073709551615");
  CHECK(whole("-3", {-10, 10}) == ":1:7 /x: -3 is outside 0 to 18446744073709551615");
}

TEST_CASE("flags, choices and texts say what they expect") {
  bool on = false;
  std::size_t form = 9;
  std::string title;
  const Reading reading =
      read(R"({"on": 1, "form": "opne_weights", "title": 3, "other": 2})", [&](Parameters& p) {
        p.flag("on", on, declared(1));
        p.choice("form", form, kForms, {.standard = {}, .meaning = "f"});
        p.text("title", title, {.standard = "t", .meaning = "t"});
        p.choice("other", form, kForms, {.standard = {}, .meaning = "f"});
      });
  CHECK(
      reading.mistakes ==
      Lines{
          ":1:8 /on: expected true or false, found the number 1",
          ":1:19 /form: unknown word \"opne_weights\"; did you mean \"open_weights\"? (allowed "
          "here: closed, hosted, open_weights)",
          ":1:44 /title: expected a text, found the number 3",
          ":1:56 /other: expected one of the words closed, hosted, open_weights; found the number "
          "2"});
  CHECK(form == 9);
  CHECK(on);  // the default, so that later checks see a sensible value
}

TEST_CASE("rows hold numbers, switches and texts, stay as they are written, and are no parameter") {
  std::vector<std::vector<Cell>> rows;
  const auto visit = [&](Parameters& p) { p.rows("x", rows, "a table"); };
  const std::string text = R"({"x": [[1, 2.5e-3, true], ["a"], []]})";
  const Reading reading = read(text, visit);
  CHECK(reading.mistakes.empty());
  CHECK(rows == std::vector<std::vector<Cell>>{{1.0, 2.5e-3, true}, {std::string("a")}, {}});
  CHECK(reading.list.empty());
  const std::string resolved = reading.resolved;
  CHECK(read(resolved, visit).resolved == resolved);
  CHECK(read("{}", visit).resolved == "{}\n");
  CHECK(rows.empty());
}

TEST_CASE("what is no row and no value of one is refused at its place") {
  std::vector<std::vector<Cell>> rows;
  const auto mistakes = [&](const std::string& text) {
    return read(text, [&](Parameters& p) { p.rows("x", rows, "a table"); }).mistakes;
  };
  CHECK(mistakes(R"({"x": 3})") == Lines{":1:7 /x: expected a list of rows, found the number 3"});
  CHECK(mistakes(R"({"x": [[1], 3]})") ==
        Lines{":1:13 /x/1: expected a list of cells, found the number 3"});
  CHECK(mistakes(R"({"x": [[1, null], [{}]]})") ==
        Lines{":1:12 /x/0/1: expected a number, a text, true or false; found null",
              ":1:20 /x/1/0: expected a number, a text, true or false; found an object"});
}
