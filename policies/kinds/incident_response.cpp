// After enough seen incidents the regime gives way to another (model.md M12.2). What is out stays
// out.
#include "policies/policy.hpp"

namespace fingers {

namespace {

class IncidentResponsePolicy final : public Policy {
 public:
  IncidentResponsePolicy(Parameters& parameters, const PolicyContext& context) {
    std::uint64_t incidents = 1;
    parameters.whole("after_incidents", incidents,
                     policy("incidents", 3, {1, 1e6}, "how many seen incidents"));
    rules_.after_incidents = static_cast<std::uint32_t>(incidents);
    parameters.number("at_least_musd", rules_.at_least_musd,
                      policy("M$", 1000, {0, 1e15}, "smallest harm of an incident that counts"));
    parameters.number("within_months", rules_.within_months,
                      policy("month", 12, {0, 1200}, "all within so many months"));
    parameters.number("lag_months", rules_.lag_months,
                      policy("month", 6, {0, 1200}, "months from the decision to the switch"));
    std::string to;
    parameters.text("to", to, {.standard = {}, .meaning = "the regime that follows"});
    parameters.flag("freeze", rules_.freeze,
                    policy("", 0, {0, 1}, "staged clocks stand still after the switch"));
    rules_.to_regime = context.regime_named(to);
    if (parameters.is_reading() && !to.empty() && rules_.to_regime == kNoRegime) {
      parameters.reject("to", context.no_such_regime(to));
    }
  }
  void apply(const Situation& /*situation*/, Rules& rules) const override {
    rules.response = rules_;
  }

 private:
  static Declaration policy(std::string_view unit, double standard, Range allowed,
                            std::string_view meaning) {
    return {.unit = unit,
            .standard = standard,
            .allowed = allowed,
            .belief = {},
            .source = "policy",
            .meaning = meaning};
  }

  ResponseRules rules_;
};

}  // namespace

PolicyKind incident_response() {
  return {
      .name = "incident_response",
      .summary = "after enough seen incidents another regime follows",
      .example = R"({"kind": "incident_response", "after_incidents": 3, "to": "closed"})",
      .make = [](Parameters& parameters, const PolicyContext& context) -> std::unique_ptr<Policy> {
        return std::make_unique<IncidentResponsePolicy>(parameters, context);
      }};
}

}  // namespace fingers
