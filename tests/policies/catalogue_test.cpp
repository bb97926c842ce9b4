// What every kind of policy owes, asked of the whole catalogue: a new kind is tested before its
// author writes a test.
#include <algorithm>
#include <filesystem>
#include <set>

#include "tests/support/policies.hpp"

using namespace fingers;

namespace {

/// Situations in which policies are asked.
std::vector<Situation> situations() {
  return {
      {},
      {.year = 2024.5, .months_since_release = 0, .frontier_oom = 25.6, .incidents_last_year = 0},
      {.year = 2034, .months_since_release = 120, .frontier_oom = 33, .incidents_last_year = 500}};
}

/// Rules that are nowhere at their defaults.
Rules strange_rules() {
  Rules r;
  r.release = {.form = Form::gated_weights,
               .gate_oom = 28.5,
               .gate_form = Form::hosted_finetune,
               .gate_rule = GateRule::own};
  r.access = {.structured = true, .defenders_first = true};
  r.monitoring = {
      .on = true, .true_positive_rate = 0.11, .false_positive_rate = 0.012, .analysts = 13};
  r.licence = {.forbidden_share = 0.14,
               .revocable = true,
               .terms_by_reference = true,
               .redistribution = false,
               .derivatives = false,
               .naming_duty = true,
               .user_cap = 15};
  r.security = {.extra_levels = 1.6};
  r.society = {.defence_share = 0.17,
               .pace = 0.18,
               .safety_factor = 1.9,
               .compute_commons = 2.1,
               .recklessness_factor = 0.21};
  r.response = {.after_incidents = 22,
                .at_least_musd = 23,
                .within_months = 24,
                .lag_months = 25,
                .to_regime = 26,
                .freeze = true};
  return r;
}

std::string with_key(std::string_view object, const std::string& member) {
  std::string text(object);
  return text.insert(text.rfind('}'), ", " + member);
}

std::string room_of(const std::string& lever) { return lever.substr(0, lever.find('.')); }

}  // namespace

TEST_CASE("the catalogue holds the kinds of policies/kinds/, sorted by name") {
  const auto& catalogue = policy_catalogue();
  CHECK(std::ranges::is_sorted(catalogue, {}, &PolicyKind::name));
  Names names;
  for (const PolicyKind& kind : catalogue) {
    names.emplace_back(kind.name);
  }
  Names files;
  const std::filesystem::path kinds = std::filesystem::path(FINGERS_SOURCE_DIR) / "policies/kinds";
  for (const auto& file : std::filesystem::directory_iterator(kinds)) {
    files.push_back(file.path().stem().string());
  }
  std::ranges::sort(files);
  CHECK(names == files);
}

TEST_CASE("every kind says in one plain sentence what it does") {
  for (const PolicyKind& kind : policy_catalogue()) {
    INFO(kind.name);
    CHECK(kind.summary.size() >= 15);
    CHECK(kind.summary.size() <= 100);
    CHECK(kind.summary.find('\n') == std::string_view::npos);
    CHECK(kind.summary.back() != '.');
  }
}

TEST_CASE("the example of every kind is of this kind and builds one policy") {
  for (const PolicyKind& kind : policy_catalogue()) {
    INFO(kind.name);
    CHECK(kind.example.find("\"kind\": \"" + std::string(kind.name) + "\"") != std::string::npos);
    const RegimesRead read = read_policies_of(std::string(kind.example));
    CHECK(read.mistakes.empty());
    CHECK(read.named("test").policies.size() == 1);
  }
}

TEST_CASE("every kind refuses a key that it does not know") {
  for (const PolicyKind& kind : policy_catalogue()) {
    INFO(kind.name);
    const RegimesRead read = read_policies_of(with_key(kind.example, "\"no_such_lever\": 1"));
    REQUIRE(read.mistakes.size() == 1);
    CHECK(read.mistakes.front().find("/regimes/test/policies/0") == 0);
    CHECK(read.mistakes.front().find("no_such_lever") != std::string::npos);
  }
}

TEST_CASE("every kind allows a note and a source") {
  for (const PolicyKind& kind : policy_catalogue()) {
    INFO(kind.name);
    CHECK(read_policies_of(with_key(kind.example, R"("note": "why", "source": "who")"))
              .mistakes.empty());
  }
}

TEST_CASE("a policy applied twice does what it did once") {
  for (const PolicyKind& kind : policy_catalogue()) {
    INFO(kind.name);
    const std::string example(kind.example);
    for (const Situation& situation : situations()) {
      for (const Rules& start : {Rules{}, strange_rules()}) {
        const Rules once = moved_by(example, start, situation);
        CHECK(levers_that_differ(once, moved_by(example, once, situation)).empty());
        CHECK(levers_that_differ(once, moved_by(example, start, situation)).empty());
      }
    }
  }
}

TEST_CASE("levers stay in range whatever the situation") {
  for (const PolicyKind& kind : policy_catalogue()) {
    for (const Situation& situation : situations()) {
      for (const auto& [name, lever] :
           levers_of(rules_after(std::string(kind.example), situation))) {
        INFO(kind.name << " " << name << " " << lever.value);
        const bool in_range = lever.value >= lever.allowed.low && lever.value <= lever.allowed.high;
        CHECK((in_range || (lever.may_be_nan && lever.value != lever.value)));
      }
    }
  }
}

TEST_CASE("a policy moves the levers of one room and leaves the others alone") {
  for (const PolicyKind& kind : policy_catalogue()) {
    INFO(kind.name);
    std::set<std::string> rooms;
    for (const Situation& situation : situations()) {
      for (const Rules& start : {Rules{}, strange_rules()}) {
        for (const std::string& name :
             levers_that_differ(start, moved_by(std::string(kind.example), start, situation))) {
          rooms.insert(room_of(name));
        }
      }
    }
    CHECK(rooms.size() == 1);
  }
}

TEST_CASE("the list of levers in the tests is whole") {
  // A lever that is added to the rules belongs into levers_of (tests/support/policies.hpp), too.
  CHECK(sizeof(ReleaseRules) == 3 * sizeof(double));
  CHECK(sizeof(AccessRules) == 2);
  CHECK(sizeof(MonitoringRules) == 4 * sizeof(double));
  CHECK(sizeof(Licence) == 3 * sizeof(double));
  CHECK(sizeof(SecurityRules) == sizeof(double));
  CHECK(sizeof(SocietyRules) == 5 * sizeof(double));
  CHECK(sizeof(ResponseRules) == 5 * sizeof(double));
  CHECK(levers_of(Rules{}).size() == 29);
}
