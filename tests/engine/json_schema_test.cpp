#include <array>
#include <cmath>

#include "engine/config_reader.hpp"
#include "tests/support/catch.hpp"

using namespace fingers;

namespace {

constexpr std::array<std::string_view, 2> kReleaseForms{"closed", "open"};

Declaration rate_of(double standard, Range allowed, Range belief = {}) {
  return {.unit = "1/yr",
          .standard = standard,
          .allowed = allowed,
          .belief = belief,
          .source = kAssume,
          .meaning = "a rate"};
}

/// The schema of what `visit` declares, as a document that can be asked.
template <typename Visit>
Document schema_of(const Visit& visit) {
  ParameterCatalogue catalogue;
  visit(catalogue);
  Loaded loaded = parse_document(json_schema(catalogue, "Test"), "schema");
  CHECK(loaded.mistakes.empty());
  return std::move(loaded.document);
}

}  // namespace

TEST_CASE("a schema says all that is declared of a number") {
  const Document schema = schema_of([](Parameters& p) {
    double x = 0;
    p.number("rate", x, rate_of(0.5, {0, 10}, {0.1, 2}));
    p.number("open_ended", x, rate_of(kRequired, {1, INFINITY}));
  });
  CHECK(schema.text_at("/properties/rate") ==
        R"({"default":0.5,"description":"a rate","maximum":10,"minimum":0,)"
        R"("type":["number","null"],"x-belief":[0.1,2],"x-source":"assume","x-unit":"1/yr"})");
  CHECK(schema.text_at("/properties/open_ended") ==
        R"({"description":"a rate","minimum":1,"type":["number","null"],"x-source":"assume",)"
        R"("x-unit":"1/yr"})");
}

TEST_CASE("a schema knows each type") {
  const Document schema = schema_of([](Parameters& p) {
    double x = 0;
    std::uint64_t n = 0;
    bool on = false;
    std::size_t form = 0;
    std::string title;
    std::vector<std::string> words;
    std::vector<double> numbers;
    Declaration infinite = rate_of(INFINITY, {0, 1});
    infinite.may_be_infinite = true;
    p.number("shape", x, infinite);
    p.whole("count", n, rate_of(1, {}));
    p.flag("on", on, rate_of(0, {}));
    p.choice("form", form, kReleaseForms, {.standard = "open", .meaning = "m"});
    p.text("title", title, {.standard = {}, .meaning = "m", .optional = true});
    p.words("words", words, {"a"}, "m");
    p.numbers("numbers", numbers, "m");
    std::vector<std::vector<Cell>> rows;
    p.rows("rows", rows, "m");
  });
  CHECK(schema.text_at("/properties/shape/type") == R"(["number","string","null"])");
  CHECK(schema.text_at("/properties/shape/pattern") == R"("^infinite$")");
  CHECK(schema.text_at("/properties/shape/default") == R"("infinite")");
  CHECK(schema.text_at("/properties/count/type") == R"(["integer","null"])");
  CHECK(schema.text_at("/properties/count/minimum") == "0");
  CHECK(schema.text_at("/properties/on/default") == "false");
  CHECK(schema.text_at("/properties/form/enum") == R"(["closed","open",null])");
  CHECK(schema.text_at("/properties/form/default") == R"("open")");
  CHECK(schema.text_at("/properties/title/type") == R"(["string","null"])");
  CHECK(schema.text_at("/properties/words/items/type") == R"("string")");
  CHECK(schema.text_at("/properties/numbers/items/type") == R"("number")");
  CHECK(schema.text_at("/properties/rows/type") == R"(["array","null"])");
  CHECK(schema.text_at("/properties/rows/items") ==
        R"({"items":{"type":["number","string","boolean"]},"type":"array"})");
}

TEST_CASE("the root of a schema allows what any config may have, and nothing undeclared") {
  const Document schema = schema_of([](Parameters& p) {
    double x = 0;
    p.number("rate", x, rate_of(1, {}));
  });
  CHECK(schema.text_at("/$schema") == R"("https://json-schema.org/draft/2020-12/schema")");
  CHECK(schema.text_at("/title") == R"("Test")");
  CHECK(schema.text_at("/type") == R"("object")");
  CHECK(schema.text_at("/additionalProperties") == "false");
  CHECK(schema.names_at("/properties") ==
        std::vector<std::string>{"$schema", "base", "note", "rate", "source"});
}

TEST_CASE("objects are closed, maps are open, lists describe their items") {
  const Document schema = schema_of([](Parameters& p) {
    double x = 0;
    p.begin("inner", "an object");
    p.number("x", x, rate_of(1, {}));
    p.end();
    p.begin("free", "read elsewhere");
    p.end();
    const auto names = p.entries("map", {"*"});
    p.begin("map", "a map");
    p.begin(names.front(), "an entry");
    p.number("x", x, rate_of(1, {}));
    p.end();
    p.end();
    p.begin_list("list", "a list");
    p.begin_item(0);
    p.number("x", x, rate_of(1, {}));
    p.end();
    p.end();
  });
  CHECK(schema.text_at("/properties/inner/additionalProperties") == "false");
  CHECK(schema.text_at("/properties/inner/description") == R"("an object")");
  CHECK(schema.text_at("/properties/inner/properties/note/type") == R"("string")");
  CHECK(schema.text_at("/properties/free/additionalProperties") == "true");
  CHECK(schema.text_at("/properties/map/additionalProperties/properties/x/default") == "1");
  CHECK(schema.text_at("/properties/list/items/properties/x/type") == R"("number")");
  CHECK(schema.text_at("/properties/list/items/type") == R"("object")");
}

TEST_CASE("a name of the user's own has the types of an example, but not its defaults") {
  const Document schema = schema_of([](Parameters& p) {
    double x = 0;
    const auto names = p.entries("labs", {"frontier", "rest"});
    p.begin("labs", "groups");
    for (const std::string& name : names) {
      p.begin(name, "a group");
      p.number("count", x, rate_of(name == "rest" ? 3 : 5, {0, 9}));
      p.end();
    }
    p.end();
  });
  CHECK(schema.text_at("/properties/labs/properties/rest/properties/count/default") == "3");
  CHECK(schema.text_at("/properties/labs/properties/frontier/properties/count/default") == "5");
  const std::string own = "/properties/labs/additionalProperties/properties/count";
  CHECK(schema.text_at(own + "/maximum") == "9");
  CHECK_FALSE(schema.text_at(own + "/default").has_value());
}

TEST_CASE("a key that kinds of policy share may be any of theirs") {
  const Document schema = schema_of([](Parameters& p) {
    double x = 0;
    p.number("x", x, rate_of(1, {0, 1}));
    p.number("x", x, rate_of(1, {0, 2}));
  });
  CHECK(schema.text_at("/properties/x/anyOf/0/maximum") == "1");
  CHECK(schema.text_at("/properties/x/anyOf/1/maximum") == "2");
}
