#include "tests/support/policies.hpp"

using namespace fingers;

TEST_CASE("liability lowers recklessness and touches no other lever") {
  const Rules rules = rules_after(R"({"kind": "liability", "recklessness_factor": 0.4})");
  CHECK(rules.society.recklessness_factor == 0.4);
  CHECK(levers_that_differ(Rules{}, rules) == Names{"society.recklessness_factor"});
}

TEST_CASE("liability cannot make people more reckless") {
  CHECK(read_policies_of(R"({"kind": "liability", "recklessness_factor": 1.1})").mistakes.size() ==
        1);
}
