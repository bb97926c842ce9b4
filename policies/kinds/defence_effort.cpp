// A share of effort goes to defence, which then grows faster (model.md M9): advance selectively
// what makes society robust.
#include "policies/policy.hpp"

namespace fingers {

namespace {

class DefenceEffortPolicy final : public Policy {
 public:
  explicit DefenceEffortPolicy(Parameters& parameters) {
    parameters.number("share", share_,
                      {.unit = "share",
                       .standard = 0.3,
                       .allowed = {0, 1},
                       .belief = {},
                       .source = "policy",
                       .meaning = "share of effort that goes to defence"});
  }
  void apply(const Situation& /*situation*/, Rules& rules) const override {
    rules.society.defence_share = share_;
  }

 private:
  double share_ = 0;
};

}  // namespace

PolicyKind defence_effort() {
  return {.name = "defence_effort",
          .summary = "a share of effort goes to defence",
          .example = R"({"kind": "defence_effort", "share": 0.3})",
          .make = [](Parameters& parameters,
                     const PolicyContext& /*context*/) -> std::unique_ptr<Policy> {
            return std::make_unique<DefenceEffortPolicy>(parameters);
          }};
}

}  // namespace fingers
