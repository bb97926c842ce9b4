#include "tests/support/policies.hpp"

using namespace fingers;

TEST_CASE("a gate sets its threshold and the lesser form, and leaves the release as it is") {
  const Rules rules = rules_after(R"({"kind": "release", "form": "full_source"},
      {"kind": "gate", "above_oom": 30.5, "form": "gated_weights"})");
  CHECK(rules.release.form == Form::full_source);
  CHECK(rules.release.gate_oom == 30.5);
  CHECK(rules.release.gate_form == Form::gated_weights);
  CHECK(rules.release.gate_rule == GateRule::own);
}

TEST_CASE("without a gate no model is above it") {
  CHECK(rules_after(R"({"kind": "release", "form": "hosted"})").release.gate_oom ==
        std::numeric_limits<double>::infinity());
}

TEST_CASE("a gate takes each of its rules by name") {
  for (std::size_t rule = 0; rule < kGateRuleNames.size(); ++rule) {
    const Rules rules = rules_after(R"({"kind": "release", "form": "open_weights"},
        {"kind": "gate", "form": "hosted", "rule": ")" +
                                    std::string(kGateRuleNames[rule]) + "\"}");
    CHECK(rules.release.gate_rule == static_cast<GateRule>(rule));
  }
}

TEST_CASE("a gate needs its lesser form, and a rule that exists") {
  CHECK(read_policies_of(R"({"kind": "gate", "above_oom": 30})").mistakes.size() == 1);
  CHECK(read_policies_of(R"({"kind": "gate", "form": "hosted", "rule": "majorty"})")
            .mistakes.size() == 1);
}
