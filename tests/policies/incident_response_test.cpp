#include "tests/support/policies.hpp"

using namespace fingers;

namespace {

std::string response_to(const std::string& target) {
  return R"({"kind": "incident_response", "after_incidents": 4, "at_least_musd": 250,
             "within_months": 18, "lag_months": 2, "freeze": true, "to": ")" +
         target + "\"}";
}

}  // namespace

TEST_CASE("an incident response names how many incidents of what size lead where, and when") {
  const RegimesRead read = read_policies_of(response_to("closed"));
  REQUIRE(read.mistakes.empty());
  const ResponseRules response = rules_of(read.named("test"), {}).response;
  CHECK(response.after_incidents == 4);
  CHECK(response.at_least_musd == 250);
  CHECK(response.within_months == 18);
  CHECK(response.lag_months == 2);
  CHECK(response.freeze);
  REQUIRE(response.to_regime < read.regimes.size());
  CHECK(read.regimes[response.to_regime].name == "closed");
}

TEST_CASE("a response to a regime that does not exist is refused with the nearest name") {
  const RegimesRead read = read_policies_of(response_to("hosted-monitred"));
  REQUIRE(read.mistakes.size() == 1);
  CHECK(read.mistakes.front() ==
        "/regimes/test/policies/0/to: there is no regime \"hosted-monitred\"; did you mean "
        "\"hosted-monitored\"?");
}

TEST_CASE("a response without its target, or to no incidents at all, is refused") {
  CHECK(read_policies_of(R"({"kind": "incident_response"})").mistakes.size() == 1);
  CHECK(read_policies_of(R"({"kind": "incident_response", "after_incidents": 0, "to": "closed"})")
            .mistakes.size() == 1);
}

TEST_CASE("without a response no number of incidents switches") {
  CHECK(Rules{}.response.after_incidents == 0);
  CHECK(Rules{}.response.to_regime == kNoRegime);
}
