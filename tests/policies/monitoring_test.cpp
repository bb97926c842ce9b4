#include <cmath>

#include "tests/support/policies.hpp"

using namespace fingers;

TEST_CASE("monitoring turns watching on and leaves the rates to the config") {
  const Rules rules = rules_after(R"({"kind": "monitoring"})");
  CHECK(rules.monitoring.on);
  CHECK(std::isnan(rules.monitoring.true_positive_rate));
  CHECK(std::isnan(rules.monitoring.false_positive_rate));
  CHECK(std::isnan(rules.monitoring.analysts));
}

TEST_CASE("monitoring that names a rate holds it, and only that one") {
  const Rules rules = rules_after(R"({"kind": "monitoring", "false_positive_rate": 0.004})");
  CHECK(rules.monitoring.false_positive_rate == 0.004);
  CHECK(std::isnan(rules.monitoring.true_positive_rate));
}

TEST_CASE("a rate of monitoring outside 0 to 1 is refused") {
  CHECK(read_policies_of(R"({"kind": "monitoring", "true_positive_rate": 1.5})").mistakes.size() ==
        1);
  CHECK(read_policies_of(R"({"kind": "monitoring", "analysts": -1})").mistakes.size() == 1);
}
