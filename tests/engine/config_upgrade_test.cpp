#include "engine/config_upgrade.hpp"

#include "tests/support/catch.hpp"

using namespace fingers;

namespace {

/// Three versions that never were: a key gets another name, a value becomes two, a default is said.
const std::vector<UpgradeStep>& steps() {
  static const std::vector<UpgradeStep> all = {
      {.from = 0,
       .what = "coins are tossed, not thrown",
       .changes =
           [](JsonEdit& config) {
             if (config.has("/coin/throws")) {
               config.rename("/coin/throws", "tosses");
             }
           }},
      {.from = 1,
       .what = "a range has two ends",
       .changes =
           [](JsonEdit& config) {
             for (const std::string& name : config.names_at("/ranges")) {
               const std::string pointer = "/ranges/" + name;
               if (config.size_at(pointer) == 2) {
                 config.replace(pointer, "{\"low\": " + *config.text_at(pointer + "/0") +
                                             ", \"high\": " + *config.text_at(pointer + "/1") +
                                             "}");
               }
             }
           }},
      {.from = 2,
       .what = "who gave no seed had 7",
       .changes =
           [](JsonEdit& config) {
             if (!config.has("/seed")) {
               config.add_last("", "seed", "7");
             }
           }},
  };
  return all;
}

UpgradedConfig upgrade(const std::string& text) {
  return upgrade_config(text, "mine.json", steps());
}

TEST_CASE("a config goes through every step, and keeps its layout") {
  const UpgradedConfig upgraded = upgrade(
      "{\n"
      "    \"coin\": {\"throws\" : 1e2},\n"
      "    \"ranges\": {\n"
      "        \"a\": [0.10, 1],\n"
      "        \"b\": 5\n"
      "    }\n"
      "}");
  CHECK(upgraded.mistakes.empty());
  CHECK(upgraded.text ==
        "{\n"
        "    \"schema_version\": 3,\n"
        "    \"coin\": {\"tosses\" : 1e2},\n"
        "    \"ranges\": {\n"
        "        \"a\": {\"low\": 0.10, \"high\": 1},\n"
        "        \"b\": 5\n"
        "    },\n"
        "    \"seed\": 7\n"
        "}");
  REQUIRE(upgraded.steps.size() == 3);
  CHECK(upgraded.steps[0].from == 0);
  CHECK(upgraded.steps[0].what == "coins are tossed, not thrown");
  REQUIRE(upgraded.steps[0].changes.size() == 2);
  CHECK(upgraded.steps[0].changes[0].line == 2);
  CHECK(upgraded.steps[0].changes[0].pointer == "/coin/throws");
  CHECK(upgraded.steps[0].changes[1].pointer == "/schema_version");
  CHECK(upgraded.steps[1].changes[0].line == 4);
  CHECK(upgraded.steps[2].changes[0].pointer == "/seed");
  CHECK(upgraded.steps[2].changes[0].line == 6);
}

TEST_CASE("a config begins at its own version") {
  const UpgradedConfig upgraded = upgrade(
      "{\"coin\": {\"throws\": 1}, \"ranges\": {\"a\": [1, 2]}, \"schema_version\": 2, \"seed\": "
      "4}");
  CHECK(upgraded.text ==
        "{\"coin\": {\"throws\": 1}, \"ranges\": {\"a\": [1, 2]}, \"schema_version\": 3, \"seed\": "
        "4}");
  REQUIRE(upgraded.steps.size() == 1);
  CHECK(upgraded.steps[0].changes.size() == 1);
}

TEST_CASE("the newest config is left alone, and so is one that was upgraded") {
  const std::string newest = "{ \"schema_version\":3,\n\"x\" : 1e0 }";
  CHECK(upgrade(newest).steps.empty());
  CHECK(upgrade(newest).text == newest);
  const UpgradedConfig once = upgrade("{\"a\": 1}");
  CHECK(upgrade(once.text).steps.empty());
}

TEST_CASE("a version that is null counts as none") {
  CHECK(upgrade("{\"schema_version\": null}").text == "{\"schema_version\": 3, \"seed\": 7}");
}

TEST_CASE("what cannot be upgraded is a mistake with its place") {
  const UpgradedConfig newer = upgrade("{\n \"schema_version\": 4}");
  REQUIRE(newer.mistakes.size() == 1);
  CHECK(to_text(newer.mistakes[0]) ==
        "mine.json:2:20 /schema_version: the config is of version 4, and this program knows "
        "versions up to 3; use a newer program");
  for (const std::string version :
       {"\"1\"", "1.5", "-1", "true", "[0]", "1e0", "99999999999999999999"}) {
    const UpgradedConfig wrong = upgrade("{\"schema_version\": " + version + "}");
    REQUIRE(wrong.mistakes.size() == 1);
    CHECK(wrong.mistakes[0].pointer == "/schema_version");
    CHECK(wrong.mistakes[0].where.line == 1);
  }
  CHECK(upgrade("{\"a\": }").mistakes.size() == 1);
  CHECK(upgrade("[]").mistakes.size() == 1);
}

TEST_CASE("the head of a config says its version and its base") {
  const ConfigHead none = read_config_head("{\"base\": \"a/b.json\"}", "mine.json");
  CHECK(none.version == 0);
  CHECK_FALSE(none.says_version);
  CHECK(none.base == "a/b.json");
  const ConfigHead some = read_config_head("{\"base\": null, \"schema_version\": 0}", "mine.json");
  CHECK(some.says_version);
  CHECK(some.where.column == 34);
  CHECK_FALSE(some.base);
}

}  // namespace
