// Auditors get structured access to models that are not out: more than a hosted interface shows,
// less than weights in hand (model.md M2.2, M6.2).
#include "policies/policy.hpp"

namespace fingers {

namespace {

class StructuredAccessPolicy final : public Policy {
 public:
  void apply(const Situation& /*situation*/, Rules& rules) const override {
    rules.access.structured = true;
  }
};

}  // namespace

PolicyKind structured_access() {
  return {.name = "structured_access",
          .summary = "auditors see more of a hosted model than its users do",
          .example = R"({"kind": "structured_access"})",
          .make = [](Parameters& /*parameters*/, const PolicyContext& /*context*/)
              -> std::unique_ptr<Policy> { return std::make_unique<StructuredAccessPolicy>(); }};
}

}  // namespace fingers
