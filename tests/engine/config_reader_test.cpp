#include "engine/config_reader.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <csignal>
#include <cstdio>

#include "tests/engine/reading_fixture.hpp"
#include "tests/support/catch.hpp"

using namespace fingers;

namespace {

/// Something of everything, with defaults.
struct Sample {
  double share = -1;
  double shape = -1;
  double extra = -1;
  std::uint64_t count = 0;
  bool on = false;
  std::size_t form = 0;
  std::string title;
  std::vector<std::string> words;
  std::vector<double> numbers;
  std::vector<std::string> labs;
  std::vector<double> budgets;
  std::vector<double> items;

  bool operator==(const Sample&) const = default;
};

void declare(Parameters& p, Sample& x) {
  p.text("title", x.title, {.standard = {}, .meaning = "a title", .optional = true});
  p.begin("inner", "an object");
  p.number("share", x.share, declared(0.5, {0, 1}));
  Declaration shape = declared(INFINITY, {0, 100});
  shape.may_be_infinite = true;
  p.number("shape", x.shape, shape);
  Declaration extra = declared(0);
  extra.optional = true;
  p.number("extra", x.extra, extra);
  p.whole("count", x.count, declared(20000, {1, 1e8}));
  p.flag("on", x.on, declared(1));
  p.choice("form", x.form, kForms, {.standard = "hosted", .meaning = "a form"});
  p.end();
  p.words("words", x.words, {"a", "b"}, "some words");
  p.numbers("numbers", x.numbers, "some numbers");
  x.labs = p.entries("labs", {"*"});
  p.begin("labs", "labs by name");
  for (const std::string& name : x.labs) {
    p.begin(name, "a lab");
    p.number("budget", x.budgets.emplace_back(), declared(kRequired));
    p.end();
  }
  p.end();
  const std::size_t n = p.begin_list("items", "a list");
  for (std::size_t i = 0; i < n; ++i) {
    p.begin_item(i);
    p.number("y", x.items.emplace_back(), declared(3));
    p.end();
  }
  p.end();
}

/// true when `work` breaks a contract, tried in a child because it then aborts.
bool aborts(const std::function<void()>& work) {
  const pid_t child = fork();
  if (child == 0) {
    static_cast<void>(
        std::signal(SIGABRT, SIG_DFL));  // the parent's handler would report a failed test
    static_cast<void>(std::freopen("/dev/null", "w", stderr));
    work();
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

}  // namespace

TEST_CASE("an empty config gives every default") {
  Sample x;
  const Reading reading = read("{}", [&x](Parameters& p) { declare(p, x); });
  CHECK(reading.mistakes.empty());
  CHECK(x.share == 0.5);
  CHECK(std::isinf(x.shape));
  CHECK(x.extra == -1);  // optional: stays what it was
  CHECK(x.count == 20000);
  CHECK(x.on);
  CHECK(x.form == 1);
  CHECK(x.words == Lines{"a", "b"});
  CHECK(x.items.empty());
}

TEST_CASE("a full config is read value by value") {
  Sample x;
  const Reading reading = read(
      R"({"title": "T", "words": ["c"], "numbers": [1, 2.5], "items": [{"y": 1}, {}],
          "labs": {"note": "two labs", "b": {"budget": 2}, "a": {"budget": 1}},
          "inner": {"share": 1, "shape": "infinite", "extra": 7, "count": 1e5, "on": false,
                    "form": "closed"}})",
      [&x](Parameters& p) { declare(p, x); });
  CHECK(reading.mistakes.empty());
  CHECK(x == Sample{.share = 1,
                    .shape = INFINITY,
                    .extra = 7,
                    .count = 100000,
                    .on = false,
                    .form = 0,
                    .title = "T",
                    .words = {"c"},
                    .numbers = {1, 2.5},
                    .labs = {"a", "b"},
                    .budgets = {1, 2},
                    .items = {1, 3}});
}

TEST_CASE("what must be given is missed at the object that lacks it") {
  const Reading reading = read("{\n \"a\": {}}", [](Parameters& p) {
    double x = 0;
    std::string t;
    std::size_t form = 0;
    p.begin("a", "an object");
    p.number("x", x, declared(kRequired));
    p.text("t", t, {.standard = {}, .meaning = "t"});
    p.choice("form", form, kForms, {.standard = {}, .meaning = "f"});
    p.end();
    p.begin("b", "an object");
    p.number("x", x, declared(kRequired));
    p.end();
  });
  CHECK(reading.mistakes == Lines{":1:1 /b/x: must be given", ":2:7 /a/x: must be given",
                                  ":2:7 /a/t: must be given", ":2:7 /a/form: must be given"});
}

TEST_CASE("an unknown key is reported where it stands, with the nearest name") {
  const Reading reading =
      read("{\"developers\": {\n  \"cuont\": 1,\n  \"zzzzzzz\": 2}}", [](Parameters& p) {
        double x = 0;
        p.begin("developers", "d");
        p.number("count", x, declared(1));
        p.number("activity_mean", x, declared(1));
        p.end();
      });
  CHECK(reading.mistakes ==
        Lines{":2:3 /developers/cuont: unknown key; did you mean \"count\"? (known here: count, "
              "activity_mean)",
              ":3:3 /developers/zzzzzzz: unknown key (known here: count, activity_mean)"});
}

TEST_CASE("a long list of known keys is cut after twelve") {
  const Reading reading = read("{\"?\": 1}", [](Parameters& p) {
    double x = 0;
    for (char c = 'a'; c < 'n'; ++c) {
      p.number(std::string(1, c), x, declared(1));
    }
  });
  CHECK(reading.mistakes ==
        Lines{":1:2 /?: unknown key (known here: a, b, c, d, e, f, g, h, i, j, k, l, …)"});
}

TEST_CASE("all mistakes of a config come at once, in its own order") {
  Sample x;
  const Reading reading = read(
      "{\n\"items\": [{\"y\": \"a\"}, 3],\n\"labs\": {\"a\": {}},\n\"words\": [\"a\", 1],\n"
      "\"inner\": {\n \"shape\": \"endless\",\n \"sahre\": 1,\n \"share\": 2},\n\"titel\": 1}",
      [&x](Parameters& p) { declare(p, x); });
  const std::string share = "; did you mean \"share\"?";
  const std::string in_inner = " (known here: share, shape, extra, count, on, form)";
  const std::string title = "; did you mean \"title\"?";
  const std::string in_root = " (known here: title, inner, words, numbers, labs, items)";
  CHECK(reading.mistakes ==
        Lines{":2:17 /items/0/y: expected a number, found the text \"a\"",
              ":2:23 /items/1: expected an object, found the number 3",
              ":3:15 /labs/a/budget: must be given",
              ":4:16 /words/1: expected a text, found the number 1",
              ":6:11 /inner/shape: expected a number or \"infinite\", found the text \"endless\"",
              ":7:2 /inner/sahre: unknown key" + share + in_inner,
              ":8:11 /inner/share: 2 is outside 0 to 1",
              ":9:1 /titel: unknown key" + title + in_root});
}

TEST_CASE("mistakes of a config come before those of its base") {
  const TextSource source = [](const std::string& path, const std::string& /*from*/) {
    return TextAnswer{.text = path == "a" ? "{\"base\": \"b\",\n\"y\": \"?\"}" : R"({"x": "?"})",
                      .path = path,
                      .problem = {}};
  };
  const Loaded loaded = load_document("a", source);
  ParameterReader reader(loaded.document);
  double value = 0;
  reader.number("x", value, declared(1));
  reader.number("y", value, declared(1));
  reader.finish();
  REQUIRE(reader.mistakes().size() == 2);  // and "base" is not an unknown key
  CHECK(to_text(reader.mistakes()[0]).starts_with("a:2:6 /y:"));
  CHECK(to_text(reader.mistakes()[1]).starts_with("b:1:7 /x:"));
}

TEST_CASE("a part of a wrong type is reported once, not for all that it lacks") {
  Sample x;
  const Reading reading = read(R"({"inner": 3, "labs": {"a": "x"}, "items": {}, "numbers": 1})",
                               [&x](Parameters& p) { declare(p, x); });
  CHECK(reading.mistakes ==
        Lines{":1:11 /inner: expected an object, found the number 3",
              ":1:28 /labs/a: expected an object, found the text \"x\"",
              ":1:43 /items: expected a list, found an object",
              ":1:58 /numbers: expected a list of numbers, found the number 1"});
}

TEST_CASE("notes and sources are allowed in any object and kept") {
  Sample x;
  const Reading reading =
      read(R"({"$schema": "s", "note": "n", "inner": {"source": "s"}, "items": [{"note": "i"}]})",
           [&x](Parameters& p) { declare(p, x); });
  CHECK(reading.mistakes.empty());
  const Document resolved = parse_document(reading.resolved, "r").document;
  CHECK(resolved.text_at("/note") == "\"n\"");
  CHECK(resolved.text_at("/inner/source") == "\"s\"");
  CHECK(resolved.text_at("/items/0") == R"({"note":"i","y":3})");
}

TEST_CASE("a note that is no text is refused") {
  const Reading reading = read(R"({"note": 3})", [](Parameters& /*p*/) {});
  CHECK(reading.mistakes == Lines{":1:10 /note: expected a text, found the number 3"});
}

TEST_CASE("a rejected value is reported where it stands, or at its nearest parent") {
  const Reading reading = read(R"({"labs": {"a": {"regime": "x"}}})", [](Parameters& p) {
    std::string regime;
    p.begin("labs", "l");
    p.begin("a", "a");
    p.text("regime", regime, {.standard = {}, .meaning = "r"});
    p.end();
    p.end();
    p.reject("labs/a/regime", "no such regime");
    p.reject("labs/b/regime", "missing");
    p.reject("", "all of it");
  });
  CHECK(reading.mistakes == Lines{":1:1: all of it", ":1:10 /labs/b/regime: missing",
                                  ":1:27 /labs/a/regime: no such regime"});
}

TEST_CASE("has tells exclusive keys apart, and one that is passed over is not ignored") {
  const Visitor either = [](Parameters& p) {
    double x = 0;
    p.number(p.has("seeds") || !p.has("seed") ? "seeds" : "seed", x, declared(1));
  };
  CHECK(read(R"({"seed": 1})", either).mistakes.empty());
  CHECK(read(R"({"seeds": 1})", either).mistakes.empty());
  const Reading both = read(R"({"seed": 1, "other": 2})", [](Parameters& p) {
    double x = 0;
    CHECK(p.has("seed"));
    p.number("other", x, declared(1));
  });
  CHECK(both.mistakes ==
        Lines{":1:2 /seed: has no effect beside the other keys here; leave it out"});
}

TEST_CASE("reading the resolved config gives the same values and no mistakes") {
  const std::string text =
      R"({"title": "T", "inner": {"share": 0.1, "count": 7}, "labs": {"a": {"budget": 1e9}},
          "numbers": [0.1, 1e-9], "items": [{}], "note": "n"})";
  Sample first;
  const Reading once = read(text, [&first](Parameters& p) { declare(p, first); });
  Sample second;
  const Reading twice = read(once.resolved, [&second](Parameters& p) { declare(p, second); });
  CHECK(twice.mistakes.empty());
  CHECK(first == second);
  CHECK(once.resolved == twice.resolved);
  CHECK(once.resolved.find("\"shape\": \"infinite\"") != std::string::npos);
  CHECK(once.resolved.find("extra") == std::string::npos);
}

TEST_CASE("the list of resolved parameters says what came from the config") {
  Sample x;
  const Reading reading =
      read(R"({"inner": {"share": 0.25}})", [&x](Parameters& p) { declare(p, x); });
  REQUIRE(reading.list.size() >= 3);
  CHECK(reading.list[0].pointer == "/inner/share");
  CHECK(reading.list[0].value_text == "0.25");
  CHECK(reading.list[0].from_config);
  CHECK(reading.list[0].where.column == 21);
  CHECK(reading.list[0].declaration.unit == "-");
  CHECK(reading.list[1].pointer == "/inner/shape");
  CHECK(reading.list[1].value_text == "\"infinite\"");
  CHECK_FALSE(reading.list[1].from_config);
}

TEST_CASE("a subtree is read on its own and still points into the file") {
  const Document document =
      parse_document("{\n\"a\": {\"list\": {\"x\": \"?\",\n\"y\": 1}}}", "f").document;
  ParameterReader reader(document);
  reader.begin("a", "a");
  const auto part = reader.subtree("list");
  CHECK_FALSE(reader.subtree("other").has_value());
  reader.end();
  reader.finish();
  CHECK(reader.mistakes().empty());
  CHECK(reader.resolved_text().find("\"y\": 1") != std::string::npos);
  REQUIRE(part.has_value());
  ParameterReader inner(*part);
  double x = 0;
  inner.number("x", x, declared(1));
  inner.finish();
  REQUIRE(inner.mistakes().size() == 2);
  CHECK(to_text(inner.mistakes()[0]) ==
        "f:2:21 /a/list/x: expected a number, found the text \"?\"");
  CHECK(to_text(inner.mistakes()[1]) == "f:3:1 /a/list/y: unknown key (known here: x)");
}

TEST_CASE("slips of a room that declares parameters are contract failures") {
  const Document document = parse_document("{}", "f").document;
  ParameterReader reader(document);
  double x = 0;
  reader.number("x", x, declared(1));
  CHECK_FALSE(aborts([] {}));
  CHECK(aborts([&] { reader.number("x", x, declared(1)); }));          // read twice
  CHECK(aborts([&] { reader.begin("x", "an object"); }));              // read twice
  CHECK(aborts([&] { reader.number("y", x, declared(2, {0, 1})); }));  // default not allowed
  CHECK(aborts([&] { reader.end(); }));                                // nothing is open
  CHECK(aborts([&] {
    reader.begin("a", "left open");
    reader.finish();
  }));
}
