// A brake on budgets and algorithms, with more safety work in what is still trained (model.md M1.2,
// M1.3, M1.5).
#include "policies/policy.hpp"

namespace fingers {

namespace {

class SlowDownPolicy final : public Policy {
 public:
  explicit SlowDownPolicy(Parameters& parameters) {
    parameters.number("pace", pace_,
                      {.unit = "share",
                       .standard = 0.5,
                       .allowed = {0, 1},
                       .belief = {},
                       .source = "policy",
                       .meaning = "pace of budgets and algorithms; 1: no brake"});
    parameters.number("safety_factor", safety_factor_,
                      {.unit = "-",
                       .standard = 2,
                       .allowed = {0, 100},
                       .belief = {},
                       .source = "policy",
                       .meaning = "multiplies the safety share of labs"});
  }
  void apply(const Situation& /*situation*/, Rules& rules) const override {
    rules.society.pace = pace_;
    rules.society.safety_factor = safety_factor_;
  }

 private:
  double pace_ = 1;
  double safety_factor_ = 1;
};

}  // namespace

PolicyKind slow_down() {
  return {.name = "slow_down",
          .summary = "a brake on progress, with more safety work in what is trained",
          .example = R"({"kind": "slow_down", "pace": 0.5, "safety_factor": 2})",
          .make = [](Parameters& parameters, const PolicyContext& /*context*/)
              -> std::unique_ptr<Policy> { return std::make_unique<SlowDownPolicy>(parameters); }};
}

}  // namespace fingers
