// Hosts check who their customers are before they serve them, as banks have to. The idea: Egan and
// Heim 2023, "Oversight for frontier AI through a know-your-customer scheme for compute providers",
// arXiv:2310.13625 (recalled; there for compute). Accounts that stand for a person make misuse
// easier to see, and more honest customers are stopped on the way (model.md M8). It tightens what
// the regime's monitoring does already and never loosens it, so that it can come after any policy.
#include <algorithm>
#include <cmath>

#include "policies/policy.hpp"

namespace fingers {

namespace {

/// The stricter of a rate that is in force (NaN: the config's own, which gives way) and ours.
double at_least(double in_force, double ours) {
  return std::isnan(in_force) ? ours : std::max(in_force, ours);
}

class KnowYourCustomerPolicy final : public Policy {
 public:
  explicit KnowYourCustomerPolicy(Parameters& parameters) {
    parameters.number("true_positive_rate", true_positive_rate_,
                      {.unit = "share",
                       .standard = 0.6,
                       .allowed = {0, 1},
                       .belief = {0.4, 0.95},
                       .source = kAssume,
                       .meaning = "chance that a misuse try is flagged where customers are known"});
    parameters.number("false_positive_rate", false_positive_rate_,
                      {.unit = "1/use",
                       .standard = 4e-5,
                       .allowed = {0, 1},
                       .belief = {5e-6, 1e-3},
                       .source = kAssume,
                       .meaning = "chance that an honest use is flagged by these checks"});
    parameters.number("analysts", analysts_,
                      {.unit = "people/host",
                       .standard = 200,
                       .allowed = {0, 1e9},
                       .belief = {10, 2000},
                       .source = kAssume,
                       .meaning = "people who review flags and check customers at each host"});
  }
  void apply(const Situation& /*situation*/, Rules& rules) const override {
    rules.monitoring.on = true;
    rules.monitoring.true_positive_rate =
        at_least(rules.monitoring.true_positive_rate, true_positive_rate_);
    rules.monitoring.false_positive_rate =
        at_least(rules.monitoring.false_positive_rate, false_positive_rate_);
    rules.monitoring.analysts = at_least(rules.monitoring.analysts, analysts_);
  }

 private:
  double true_positive_rate_ = 0;
  double false_positive_rate_ = 0;
  double analysts_ = 0;
};

}  // namespace

PolicyKind know_your_customer() {
  return {.name = "know_your_customer",
          .summary = "hosts check who their customers are, on top of any monitoring",
          .example = R"({"kind": "know_your_customer", "true_positive_rate": 0.6})",
          .make = [](Parameters& parameters,
                     const PolicyContext& /*context*/) -> std::unique_ptr<Policy> {
            return std::make_unique<KnowYourCustomerPolicy>(parameters);
          }};
}

}  // namespace fingers
