// Labs raise the security of their weights by some levels (model.md M3.1, M3.2; levels SL1 to SL5
// of Nevo et al. 2024, RAND RRA2849-1).
#include "policies/policy.hpp"

namespace fingers {

namespace {

class SecurityPolicy final : public Policy {
 public:
  explicit SecurityPolicy(Parameters& parameters) {
    parameters.number("extra_levels", extra_levels_,
                      {.unit = "SL",
                       .standard = 1,
                       .allowed = {0, 4},
                       .belief = {},
                       .source = "policy",
                       .meaning = "levels added to a lab's own security level"});
  }
  void apply(const Situation& /*situation*/, Rules& rules) const override {
    rules.security.extra_levels = extra_levels_;
  }

 private:
  double extra_levels_ = 0;
};

}  // namespace

PolicyKind security() {
  return {.name = "security",
          .summary = "labs raise the security of their weights",
          .example = R"({"kind": "security", "extra_levels": 1})",
          .make = [](Parameters& parameters, const PolicyContext& /*context*/)
              -> std::unique_ptr<Policy> { return std::make_unique<SecurityPolicy>(parameters); }};
}

}  // namespace fingers
