// Defender organisations use a model from the day it is trained, before any public release
// (model.md M2.5, M9).
#include "policies/policy.hpp"

namespace fingers {

namespace {

class DefendersFirstPolicy final : public Policy {
 public:
  void apply(const Situation& /*situation*/, Rules& rules) const override {
    rules.access.defenders_first = true;
  }
};

}  // namespace

PolicyKind defenders_first() {
  return {.name = "defenders_first",
          .summary = "defender organisations use a model before the public does",
          .example = R"({"kind": "defenders_first"})",
          .make = [](Parameters& /*parameters*/, const PolicyContext& /*context*/)
              -> std::unique_ptr<Policy> { return std::make_unique<DefendersFirstPolicy>(); }};
}

}  // namespace fingers
