// Whoever tunes and runs models answers for the harm they do, so people are less reckless. The
// idea: Weil 2024, "Tort law as a tool for mitigating catastrophic risk from artificial
// intelligence", SSRN 4694006 (recalled). It multiplies how reckless community developers are when
// they press (model.md M5.3); it does not reach those who have nothing to lose, so the factor is a
// mean.
#include "policies/policy.hpp"

namespace fingers {

namespace {

class LiabilityPolicy final : public Policy {
 public:
  explicit LiabilityPolicy(Parameters& parameters) {
    parameters.number("recklessness_factor", recklessness_factor_,
                      {.unit = "x",
                       .standard = 0.7,
                       .allowed = {0, 1},
                       .belief = {0.2, 1},
                       .source = kAssume,
                       .meaning = "what liability leaves of developers' recklessness"});
  }
  void apply(const Situation& /*situation*/, Rules& rules) const override {
    rules.society.recklessness_factor = recklessness_factor_;
  }

 private:
  double recklessness_factor_ = 1;
};

}  // namespace

PolicyKind liability() {
  return {.name = "liability",
          .summary = "developers answer for harm and are less reckless",
          .example = R"({"kind": "liability", "recklessness_factor": 0.7})",
          .make = [](Parameters& parameters, const PolicyContext& /*context*/)
              -> std::unique_ptr<Policy> { return std::make_unique<LiabilityPolicy>(parameters); }};
}

}  // namespace fingers
