#include "tests/support/policies.hpp"

using namespace fingers;

TEST_CASE("a compute commons multiplies budgets and never divides them") {
  const Rules rules = rules_after(R"({"kind": "compute_commons", "multiplier": 1000})");
  CHECK(rules.society.compute_commons == 1000);
  CHECK(levers_that_differ(Rules{}, rules) == Names{"society.compute_commons"});
  CHECK(read_policies_of(R"({"kind": "compute_commons", "multiplier": 0.5})").mistakes.size() == 1);
}
