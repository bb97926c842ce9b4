#include "policies/regime.hpp"

#include <algorithm>

#include "policies/builtin.hpp"
#include "tests/support/policies.hpp"

using namespace fingers;

namespace {

const Names kNamedRegimes = {"adaptive-ratchet",
                             "closed",
                             "full-source",
                             "full-source-compute-commons",
                             "gated-weights",
                             "hosted",
                             "hosted-finetune-monitored",
                             "hosted-monitored",
                             "open-weights-community-licence",
                             "open-weights-permissive",
                             "selective-defence",
                             "slow-down",
                             "staged-release",
                             "structured-access"};

Rules builtin_rules(const std::string& name, double months_since_release = 0) {
  const RegimesRead read = read_regimes_of("{}", {name});
  REQUIRE(read.mistakes.empty());
  return rules_of(read.named(name), {.year = 2025,
                                     .months_since_release = months_since_release,
                                     .frontier_oom = 26,
                                     .incidents_last_year = 0});
}

Names names_of(const RegimesRead& read) {
  Names names;
  for (const Regime& regime : read.regimes) {
    names.push_back(regime.name);
  }
  return names;
}

}  // namespace

TEST_CASE("the fourteen regimes of M2.5 are built in") {
  const Names builtin = builtin_regime_names();
  CHECK(kNamedRegimes.size() == 14);
  for (const std::string& name : kNamedRegimes) {
    INFO(name);
    CHECK(std::ranges::count(builtin, name) == 1);
  }
}

TEST_CASE("every built-in regime reads without mistakes, has a title and rules in range") {
  for (const std::string& name : builtin_regime_names()) {
    INFO(name);
    const RegimesRead read = read_regimes_of("{}", {name});
    CHECK(read.mistakes.empty());
    CHECK(read.named(name).title.size() > 3);
    for (const auto& [lever, value] : levers_of(rules_of(read.named(name), {}))) {
      INFO(lever << " " << value.value);
      CHECK((value.may_be_nan ||
             (value.value >= value.allowed.low && value.value <= value.allowed.high)));
    }
  }
}

TEST_CASE("the named regimes release what their names say") {
  CHECK(builtin_rules("closed").release.form == Form::internal);
  CHECK(builtin_rules("hosted").release.form == Form::hosted);
  CHECK_FALSE(builtin_rules("hosted").monitoring.on);
  CHECK(builtin_rules("hosted-monitored").monitoring.on);
  CHECK(builtin_rules("hosted-finetune-monitored").release.form == Form::hosted_finetune);
  CHECK(builtin_rules("structured-access").access.structured);
  CHECK(builtin_rules("gated-weights").release.form == Form::gated_weights);
  CHECK(builtin_rules("open-weights-community-licence").licence.naming_duty);
  CHECK(builtin_rules("open-weights-permissive").release.form == Form::open_weights);
  CHECK(builtin_rules("full-source").release.form == Form::full_source);
  CHECK(builtin_rules("full-source-compute-commons").society.compute_commons > 1);
  CHECK(builtin_rules("slow-down").society.pace < 1);
  CHECK(builtin_rules("adaptive-ratchet").response.after_incidents > 0);
}

TEST_CASE("staged regimes open later and not at once") {
  CHECK(builtin_rules("staged-release", 0).release.form == Form::hosted);
  CHECK(builtin_rules("staged-release", 12).release.form == Form::open_weights);
  CHECK(builtin_rules("selective-defence", 17).release.form == Form::hosted);
  CHECK(builtin_rules("selective-defence", 18).release.form == Form::open_weights);
  CHECK(builtin_rules("selective-defence").access.defenders_first);
  CHECK(builtin_rules("selective-defence").society.defence_share > 0);
}

TEST_CASE("a regime's own policies come after those it builds on") {
  const RegimesRead read = read_regimes_of(R"({
      "child": {"builds_on": "parent", "policies": [{"kind": "release", "form": "open_weights"}]},
      "grandchild": {"builds_on": "child", "policies": [{"kind": "security"}]},
      "parent": {"policies": [{"kind": "release", "form": "hosted"}, {"kind": "monitoring"}]}})");
  REQUIRE(read.mistakes.empty());
  const Rules rules = rules_of(read.named("grandchild"), {});
  CHECK(rules.release.form == Form::open_weights);
  CHECK(rules.monitoring.on);
  CHECK(rules.security.extra_levels == 1);
  CHECK(read.named("grandchild").policies.size() == 4);
  CHECK(rules_of(read.named("parent"), {}).release.form == Form::hosted);
}

TEST_CASE("regimes that build on each other in a circle are refused, those outside it are not") {
  const RegimesRead read = read_regimes_of(R"({
      "a": {"builds_on": "b", "policies": []},
      "b": {"builds_on": "c", "policies": []},
      "c": {"builds_on": "a", "policies": []},
      "on-the-circle": {"builds_on": "a", "policies": []},
      "self": {"builds_on": "self", "policies": []}})");
  CHECK(read.mistakes == Names{"/regimes/a/builds_on: builds on itself through \"c\"",
                               "/regimes/b/builds_on: builds on itself through \"a\"",
                               "/regimes/c/builds_on: builds on itself through \"b\"",
                               "/regimes/self/builds_on: builds on itself through \"self\""});
}

TEST_CASE("a regime that builds on one that does not exist is refused with the nearest name") {
  const RegimesRead read =
      read_regimes_of(R"({"mine": {"builds_on": "ful-source", "policies": []}})");
  CHECK(read.mistakes == Names{"/regimes/mine/builds_on: there is no regime \"ful-source\"; did "
                               "you mean \"full-source\"?"});
  const RegimesRead far = read_regimes_of(R"({"mine": {"builds_on": "xyz", "policies": []}})");
  CHECK(far.mistakes == Names{"/regimes/mine/builds_on: there is no regime \"xyz\"; `fingers "
                              "regimes` lists them"});
}

TEST_CASE("a kind of policy that does not exist is refused with the nearest") {
  const RegimesRead read = read_policies_of(R"({"kind": "monitorng"})");
  REQUIRE(!read.mistakes.empty());
  CHECK(read.mistakes.front().find("monitoring") != std::string::npos);
}

TEST_CASE("built-in regimes bring what they build on and what they switch to") {
  CHECK(names_of(read_regimes_of("{}", {"adaptive-ratchet"})) ==
        Names{"adaptive-ratchet", "adaptive-ratchet-tightened", "hosted", "hosted-monitored",
              "open-weights-permissive", "staged-release"});
  CHECK(names_of(read_regimes_of("{}", {"closed"})) == Names{"closed"});
  CHECK(names_of(read_regimes_of("{}", {"no-such-regime"})).empty());
}

TEST_CASE("a config's own regime of a built-in name stands in its place") {
  const RegimesRead read = read_regimes_of(
      R"({"hosted": {"policies": [{"kind": "release", "form": "hosted_finetune"}]}})",
      {"hosted-monitored"});
  REQUIRE(read.mistakes.empty());
  CHECK(rules_of(read.named("hosted-monitored"), {}).release.form == Form::hosted_finetune);
}

TEST_CASE("a built-in config is found by its name, an unknown one is empty") {
  CHECK(!builtin_config("baseline").empty());
  CHECK(!builtin_config("regimes/closed").empty());
  CHECK(builtin_config("regimes/none").empty());
}
