// A capability gate: a model that evaluations place above a threshold gets a lesser form (model.md
// M2.3). The estimates are noisy; each decision draws its own. With several labs able to release,
// the rule says whose count: the unilateralist's curse (Bostrom, Douglas & Sandberg 2016), a vote,
// or each being as cautious as the others' power to release asks for.
#include "policies/policy.hpp"

namespace fingers {

namespace {

class GatePolicy final : public Policy {
 public:
  explicit GatePolicy(Parameters& parameters) {
    parameters.number("above_oom", above_oom_,
                      {.unit = "OOM",
                       .standard = 32,
                       .allowed = {0, 100},
                       .belief = {28, 34},
                       .source = kAssume,
                       .meaning = "estimated capability above which the lesser form is used"});
    std::size_t form = 0;
    parameters.choice("form", form, kFormNames, {.standard = {}, .meaning = "the lesser form"});
    form_ = static_cast<Form>(form);
    std::size_t rule = 0;
    parameters.choice("rule", rule, kGateRuleNames,
                      {.standard = "own", .meaning = "whose estimate decides"});
    rule_ = static_cast<GateRule>(rule);
  }
  void apply(const Situation& /*situation*/, Rules& rules) const override {
    rules.release.gate_oom = above_oom_;
    rules.release.gate_form = form_;
    rules.release.gate_rule = rule_;
  }

 private:
  double above_oom_ = 0;
  Form form_ = Form::internal;
  GateRule rule_ = GateRule::own;
};

}  // namespace

PolicyKind gate() {
  return {.name = "gate",
          .summary = "models that evaluations place above a threshold get a lesser form",
          .example = R"({"kind": "gate", "above_oom": 32, "form": "hosted", "rule": "own"})",
          .make = [](Parameters& parameters, const PolicyContext& /*context*/)
              -> std::unique_ptr<Policy> { return std::make_unique<GatePolicy>(parameters); }};
}

}  // namespace fingers
