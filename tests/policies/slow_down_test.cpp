#include "tests/support/policies.hpp"

using namespace fingers;

TEST_CASE("a slow-down brakes the pace and multiplies the safety share") {
  const Rules rules = rules_after(R"({"kind": "slow_down", "pace": 0.25, "safety_factor": 3})");
  CHECK(rules.society.pace == 0.25);
  CHECK(rules.society.safety_factor == 3);
  CHECK(levers_that_differ(Rules{}, rules) == Names{"society.pace", "society.safety_factor"});
  CHECK(read_policies_of(R"({"kind": "slow_down", "pace": 1.1})").mistakes.size() == 1);
}
