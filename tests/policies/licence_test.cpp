#include "policies/licence.hpp"

#include "tests/support/policies.hpp"

using namespace fingers;

TEST_CASE("the permissive licence grants everything to everybody for ever") {
  const Licence licence = named_licence(0);
  CHECK(kLicenceNames[0] == "permissive");
  CHECK(licence.forbidden_share == 0);
  CHECK_FALSE(licence.revocable);
  CHECK(licence.redistribution);
  CHECK(licence.derivatives);
  CHECK_FALSE(licence.naming_duty);
  CHECK(licence.user_cap == std::numeric_limits<double>::infinity());
}

TEST_CASE("the community licence has the Llama 3.1 terms") {
  const Licence licence = named_licence(1);
  CHECK(kLicenceNames[1] == "community");
  CHECK(licence.forbidden_share > 0);
  CHECK(licence.terms_by_reference);
  CHECK(licence.redistribution);
  CHECK(licence.derivatives);
  CHECK(licence.naming_duty);
  CHECK(licence.user_cap == 7e8);
}

TEST_CASE("terms of a service grant neither copies nor derivatives and can be ended") {
  const Licence licence = named_licence(2);
  CHECK(kLicenceNames[2] == "service_terms");
  CHECK(licence.revocable);
  CHECK_FALSE(licence.redistribution);
  CHECK_FALSE(licence.derivatives);
}

TEST_CASE("a licence starts from a named one and differs where the policy says so") {
  const Rules rules = rules_after(
      R"({"kind": "licence", "named": "community", "forbidden_share": 0.1, "redistribution": false})");
  CHECK(rules.licence.forbidden_share == 0.1);
  CHECK_FALSE(rules.licence.redistribution);
  CHECK(rules.licence.derivatives);
  CHECK(rules.licence.naming_duty);
}

TEST_CASE("a licence without a name is the permissive one, and a licence replaces the one before") {
  CHECK(levers_that_differ(Rules{}, rules_after(R"({"kind": "licence"})")).empty());
  CHECK(levers_that_differ(Rules{}, rules_after(R"({"kind": "licence", "named": "service_terms"},
                                          {"kind": "licence", "named": "permissive"})"))
            .empty());
}

TEST_CASE("a licence that nobody knows is refused with the nearest") {
  const RegimesRead read = read_policies_of(R"({"kind": "licence", "named": "permisive"})");
  REQUIRE(read.mistakes.size() == 1);
  CHECK(read.mistakes.front().find("permissive") != std::string::npos);
}

TEST_CASE("every term of a licence can be set on its own") {
  const Rules rules = rules_after(R"({"kind": "licence", "revocable": true,
      "terms_by_reference": true, "naming_duty": true, "user_cap": 1e6})");
  CHECK(rules.licence.revocable);
  CHECK(rules.licence.terms_by_reference);
  CHECK(rules.licence.naming_duty);
  CHECK(rules.licence.user_cap == 1e6);
  const Rules freed = rules_after(R"({"kind": "licence", "named": "community",
      "terms_by_reference": false, "naming_duty": false, "user_cap": "infinite"})");
  CHECK_FALSE(freed.licence.terms_by_reference);
  CHECK_FALSE(freed.licence.naming_duty);
  CHECK(freed.licence.user_cap == std::numeric_limits<double>::infinity());
}

TEST_CASE("terms that cannot be are refused where they stand") {
  const RegimesRead read = read_policies_of(
      R"({"kind": "licence", "user_cap": -1}, {"kind": "licence", "naming_duty": "yes"},
         {"kind": "licence", "terms_by_referense": true})");
  REQUIRE(read.mistakes.size() == 3);
  CHECK(read.mistakes[0].find("/policies/0/user_cap") != std::string::npos);
  CHECK(read.mistakes[1].find("/policies/1/naming_duty") != std::string::npos);
  CHECK(read.mistakes[2].find("terms_by_reference") != std::string::npos);
}
