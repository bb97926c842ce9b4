#include "tests/support/policies.hpp"

using namespace fingers;

TEST_CASE("release sets the form of new models and nothing else") {
  for (std::size_t form = 0; form < kFormNames.size(); ++form) {
    const std::string policy =
        R"({"kind": "release", "form": ")" + std::string(kFormNames[form]) + "\"}";
    const Rules rules = rules_after(policy);
    CHECK(rules.release.form == static_cast<Form>(form));
    CHECK(levers_that_differ(Rules{}, rules) ==
          (form == 0 ? Names{} : Names{"release.form"}));  // "no rule" keeps models internal
  }
}

TEST_CASE("the form of a release must be given and known") {
  CHECK(read_policies_of(R"({"kind": "release"})").mistakes.size() == 1);
  const RegimesRead read = read_policies_of(R"({"kind": "release", "form": "open_wieghts"})");
  REQUIRE(read.mistakes.size() == 1);
  CHECK(read.mistakes.front().find("open_weights") != std::string::npos);
}

TEST_CASE("of two releases the later one in the list holds") {
  CHECK(rules_after(R"({"kind": "release", "form": "full_source"},
                       {"kind": "release", "form": "hosted"})")
            .release.form == Form::hosted);
}
