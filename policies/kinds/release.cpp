// How far out a lab's new models are from their first day (model.md M2.1).
#include "policies/policy.hpp"

namespace fingers {

namespace {

class ReleasePolicy final : public Policy {
 public:
  explicit ReleasePolicy(Parameters& parameters) {
    std::size_t form = 0;
    parameters.choice("form", form, kFormNames,
                      {.standard = {}, .meaning = "form of a model on the day of its release"});
    form_ = static_cast<Form>(form);
  }
  void apply(const Situation& /*situation*/, Rules& rules) const override {
    rules.release.form = form_;
  }

 private:
  Form form_ = Form::internal;
};

}  // namespace

PolicyKind release() {
  return {.name = "release",
          .summary = "new models come out in this form",
          .example = R"({"kind": "release", "form": "open_weights"})",
          .make = [](Parameters& parameters, const PolicyContext& /*context*/)
              -> std::unique_ptr<Policy> { return std::make_unique<ReleasePolicy>(parameters); }};
}

}  // namespace fingers
