#include <cmath>

#include "tests/support/policies.hpp"

using namespace fingers;

TEST_CASE("knowing one's customers turns monitoring on with rates of its own") {
  const Rules rules = rules_after(R"({"kind": "know_your_customer", "true_positive_rate": 0.7,
                                     "false_positive_rate": 1e-4, "analysts": 300})");
  CHECK(rules.monitoring.on);
  CHECK(rules.monitoring.true_positive_rate == 0.7);
  CHECK(rules.monitoring.false_positive_rate == 1e-4);
  CHECK(rules.monitoring.analysts == 300);
}

TEST_CASE("knowing one's customers tightens monitoring that is there and never loosens it") {
  const std::string monitoring =
      R"({"kind": "monitoring", "true_positive_rate": 0.9, "false_positive_rate": 1e-6}, )";
  const Rules rules =
      rules_after(monitoring + R"({"kind": "know_your_customer", "true_positive_rate": 0.5,
                                   "false_positive_rate": 1e-5, "analysts": 40})");
  CHECK(rules.monitoring.true_positive_rate == 0.9);
  CHECK(rules.monitoring.false_positive_rate == 1e-5);
  CHECK(rules.monitoring.analysts == 40);
}

TEST_CASE("rates of customer checks that are no shares are refused") {
  CHECK(read_policies_of(R"({"kind": "know_your_customer", "true_positive_rate": 1.5})")
            .mistakes.size() == 1);
}
