// Staged release: a model moves to another form some months after its first day (model.md M2.2).
// What the precedent of GPT-2 (2019) did in four steps over nine months.
#include "policies/policy.hpp"

namespace fingers {

namespace {

class LaterStepPolicy final : public Policy {
 public:
  explicit LaterStepPolicy(Parameters& parameters) {
    std::size_t form = 0;
    parameters.choice("form", form, kFormNames, {.standard = {}, .meaning = "form from then on"});
    form_ = static_cast<Form>(form);
    parameters.number("after_months", after_months_,
                      {.unit = "month",
                       .standard = kRequired,
                       .allowed = {0, 1200},
                       .belief = {},
                       .source = "policy",
                       .meaning = "months after the model's release"});
  }
  void apply(const Situation& situation, Rules& rules) const override {
    if (situation.months_since_release >= after_months_) {
      rules.release.form = form_;
    }
  }

 private:
  Form form_ = Form::internal;
  double after_months_ = 0;
};

}  // namespace

PolicyKind later_step() {
  return {.name = "later_step",
          .summary = "a model moves to another form some months after its release",
          .example = R"({"kind": "later_step", "form": "open_weights", "after_months": 12})",
          .make = [](Parameters& parameters, const PolicyContext& /*context*/)
              -> std::unique_ptr<Policy> { return std::make_unique<LaterStepPolicy>(parameters); }};
}

}  // namespace fingers
