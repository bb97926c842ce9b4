// The terms under which models are released (model.md M2.2): a named licence, with fields of one's
// own where they differ.
#include "policies/licence.hpp"

#include "policies/policy.hpp"

namespace fingers {

namespace {

class LicencePolicy final : public Policy {
 public:
  explicit LicencePolicy(Parameters& parameters) {
    std::size_t named = 0;
    parameters.choice("named", named, kLicenceNames,
                      {.standard = "permissive", .meaning = "the licence to start from"});
    licence_ = named_licence(named);
    parameters.number("forbidden_share", licence_.forbidden_share,
                      {.unit = "share",
                       .standard = kRequired,
                       .allowed = {0, 1},
                       .belief = {},
                       .source = "policy",
                       .meaning = "share of honest purposes that the terms forbid",
                       .optional = true});
    own_flag(parameters, "revocable", licence_.revocable, "the licensor can end it");
    own_flag(parameters, "terms_by_reference", licence_.terms_by_reference,
             "refers to a policy that its author may change");
    own_flag(parameters, "redistribution", licence_.redistribution, "copies may be passed on");
    own_flag(parameters, "derivatives", licence_.derivatives,
             "modified versions may be made and passed on");
    own_flag(parameters, "naming_duty", licence_.naming_duty,
             "derivatives must carry the maker's name");
    parameters.number("user_cap", licence_.user_cap,
                      {.unit = "people",
                       .standard = kRequired,
                       .allowed = {0, 1e15},
                       .belief = {},
                       .source = "policy",
                       .meaning = "users whom one licensee may serve",
                       .may_be_infinite = true,
                       .optional = true});
  }
  void apply(const Situation& /*situation*/, Rules& rules) const override {
    rules.licence = licence_;
  }

 private:
  static void own_flag(Parameters& parameters, std::string_view key, bool& value,
                       std::string_view meaning) {
    parameters.flag(key, value,
                    {.unit = {},
                     .standard = kRequired,
                     .allowed = {},
                     .belief = {},
                     .source = "policy",
                     .meaning = meaning,
                     .optional = true});
  }

  Licence licence_;
};

}  // namespace

PolicyKind licence() {
  return {.name = "licence",
          .summary = "the terms under which models are released",
          .example = R"({"kind": "licence", "named": "community", "forbidden_share": 0.2})",
          .make = [](Parameters& parameters, const PolicyContext& /*context*/)
              -> std::unique_ptr<Policy> { return std::make_unique<LicencePolicy>(parameters); }};
}

}  // namespace fingers
