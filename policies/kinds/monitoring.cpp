// Hosts filter what their models answer and watch how they are used (model.md M8). Detection rates
// that are not given here are the config's own (mechanisms/monitoring), so that a sweep moves all
// regimes alike.
#include "policies/policy.hpp"

namespace fingers {

namespace {

class MonitoringPolicy final : public Policy {
 public:
  explicit MonitoringPolicy(Parameters& parameters) {
    parameters.number("true_positive_rate", rules_.true_positive_rate,
                      {.unit = "share",
                       .standard = kRequired,
                       .allowed = {0, 1},
                       .belief = {},
                       .source = "policy",
                       .meaning = "chance that a misuse try is flagged",
                       .optional = true});
    parameters.number("false_positive_rate", rules_.false_positive_rate,
                      {.unit = "1/use",
                       .standard = kRequired,
                       .allowed = {0, 1},
                       .belief = {},
                       .source = "policy",
                       .meaning = "chance that an honest use is flagged",
                       .optional = true});
    parameters.number("analysts", rules_.analysts,
                      {.unit = "people/host",
                       .standard = kRequired,
                       .allowed = {0, 1e9},
                       .belief = {},
                       .source = "policy",
                       .meaning = "people who review flags at each host",
                       .optional = true});
    rules_.on = true;
  }
  void apply(const Situation& /*situation*/, Rules& rules) const override {
    rules.monitoring = rules_;
  }

 private:
  MonitoringRules rules_;
};

}  // namespace

PolicyKind monitoring() {
  return {.name = "monitoring",
          .summary = "hosts filter answers, watch use, review flags and ban",
          .example = R"({"kind": "monitoring", "true_positive_rate": 0.6})",
          .make = [](Parameters& parameters,
                     const PolicyContext& /*context*/) -> std::unique_ptr<Policy> {
            return std::make_unique<MonitoringPolicy>(parameters);
          }};
}

}  // namespace fingers
