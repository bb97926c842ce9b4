#include "tests/support/policies.hpp"

using namespace fingers;

namespace {

Form form_after(const std::string& policies, double months) {
  return rules_after(policies, {.year = 2025,
                                .months_since_release = months,
                                .frontier_oom = 26,
                                .incidents_last_year = 0})
      .release.form;
}

}  // namespace

TEST_CASE("a later step moves a model on its day and not before") {
  const std::string policies = R"({"kind": "release", "form": "hosted"},
      {"kind": "later_step", "form": "open_weights", "after_months": 12})";
  CHECK(form_after(policies, 0) == Form::hosted);
  CHECK(form_after(policies, 11.99) == Form::hosted);
  CHECK(form_after(policies, 12) == Form::open_weights);
  CHECK(form_after(policies, 500) == Form::open_weights);
}

TEST_CASE("several later steps make a stair, as for GPT-2") {
  const std::string policies = R"({"kind": "release", "form": "internal"},
      {"kind": "later_step", "form": "hosted", "after_months": 3},
      {"kind": "later_step", "form": "gated_weights", "after_months": 6},
      {"kind": "later_step", "form": "open_weights", "after_months": 9})";
  CHECK(form_after(policies, 2) == Form::internal);
  CHECK(form_after(policies, 3) == Form::hosted);
  CHECK(form_after(policies, 8) == Form::gated_weights);
  CHECK(form_after(policies, 9) == Form::open_weights);
}

TEST_CASE("a later step without its months is refused") {
  CHECK(read_policies_of(R"({"kind": "later_step", "form": "hosted"})").mistakes.size() == 1);
  CHECK(read_policies_of(R"({"kind": "later_step", "form": "hosted", "after_months": -1})")
            .mistakes.size() == 1);
}
