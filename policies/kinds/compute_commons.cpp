// A public pool of compute multiplies what a community budget can train (model.md M2.5, M5.4, M14).
#include "policies/policy.hpp"

namespace fingers {

namespace {

class ComputeCommonsPolicy final : public Policy {
 public:
  explicit ComputeCommonsPolicy(Parameters& parameters) {
    parameters.number("multiplier", multiplier_,
                      {.unit = "x",
                       .standard = 100,
                       .allowed = {1, 1e9},
                       .belief = {1, 1000},
                       .source = kAssume,
                       .meaning = "times that a community budget is multiplied"});
  }
  void apply(const Situation& /*situation*/, Rules& rules) const override {
    rules.society.compute_commons = multiplier_;
  }

 private:
  double multiplier_ = 1;
};

}  // namespace

PolicyKind compute_commons() {
  return {.name = "compute_commons",
          .summary = "a public pool multiplies what a community budget can train",
          .example = R"({"kind": "compute_commons", "multiplier": 100})",
          .make = [](Parameters& parameters,
                     const PolicyContext& /*context*/) -> std::unique_ptr<Policy> {
            return std::make_unique<ComputeCommonsPolicy>(parameters);
          }};
}

}  // namespace fingers
