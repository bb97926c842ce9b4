#include "tests/support/policies.hpp"

using namespace fingers;

TEST_CASE("defenders first is for defenders and opens nothing else") {
  CHECK(levers_that_differ(Rules{}, rules_after(R"({"kind": "defenders_first"})")) ==
        Names{"access.defenders_first"});
}
