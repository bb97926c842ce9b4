#include "tests/support/policies.hpp"

using namespace fingers;

TEST_CASE("security adds levels to what labs have, one when none is named") {
  CHECK(rules_after(R"({"kind": "security"})").security.extra_levels == 1);
  CHECK(rules_after(R"({"kind": "security", "extra_levels": 2.5})").security.extra_levels == 2.5);
  CHECK(read_policies_of(R"({"kind": "security", "extra_levels": 5})").mistakes.size() == 1);
}
