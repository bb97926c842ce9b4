#include "tests/support/policies.hpp"

using namespace fingers;

TEST_CASE("defence effort sets the share that goes to defence") {
  const Rules rules = rules_after(R"({"kind": "defence_effort", "share": 0.2})");
  CHECK(rules.society.defence_share == 0.2);
  CHECK(levers_that_differ(Rules{}, rules) == Names{"society.defence_share"});
}
