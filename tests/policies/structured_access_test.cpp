#include "tests/support/policies.hpp"

using namespace fingers;

TEST_CASE("structured access is for auditors and opens nothing else") {
  CHECK(levers_that_differ(Rules{}, rules_after(R"({"kind": "structured_access"})")) ==
        Names{"access.structured"});
}
