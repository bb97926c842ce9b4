// Declarations of power and dependence: appeals (M8.2), concentration (M12.1), shocks (M13),
// freedom (M14).
#include <array>
#include <string_view>

#include "agents/scenario_mechanisms.hpp"

namespace fingers {

namespace {

struct KnownClass {
  std::string_view name;
  double usd_per_year;
};
constexpr std::array<KnownClass, 4> kKnownClasses = {
    {{"firm", 1e7}, {"individual", 1e3}, {"lab", 1e6}, {"state", 1e9}}};

void declare_budget_classes(Parameters& p, std::vector<BudgetClass>& classes) {
  const auto names = p.entries("budget_classes", {"firm", "individual", "lab", "state"});
  p.begin("budget_classes", "M14: whose freedom is measured apart, by name");
  for (const std::string& name : names) {
    BudgetClass budget{.name = name};
    double standard = kRequired;
    for (const KnownClass& known : kKnownClasses) {
      standard = known.name == name ? known.usd_per_year : standard;
    }
    p.begin(name, "M14: one class of budgets");
    p.number("usd_per_year", budget.usd_per_year,
             {"$/yr", standard, kNotNegative, {}, "choice", "what such a one can spend"});
    p.end();
    classes.push_back(std::move(budget));
  }
  p.end();
}

}  // namespace

void declare_appeals(Parameters& p, AppealParameters& x) {
  p.begin("appeals", "M8.2: honest users who were banned by mistake may appeal");
  p.flag("enabled", x.enabled, kSwitch);
  p.number("share", x.share,
           {"share", 0.3, kShare, {0.036, 0.9}, kAssume, "wrongly banned users who appeal"});
  p.number("success", x.success,
           {"share",
            0.033,
            kShare,
            {0.03, 0.8},
            "1,700 of 52,000 appeals overturned in half a year at one host, guilty ones included "
            "(transparency hub, read second-hand)",
            "appeals of wrongly banned users that are granted"});
  p.number(
      "months", x.months,
      {"month", 1, {0, 1200}, {0.1, 6}, kAssume, "time until a granted appeal opens the account"});
  p.end();
}

void declare_concentration(Parameters& p, ConcentrationParameters& x) {
  p.begin("concentration", "M12.1: who controls much of all use can abuse it");
  p.flag("enabled", x.enabled, kSwitch);
  p.number(
      "capture_per_year", x.capture_per_year,
      {"1/yr",
       0.1,
       kNotNegative,
       {0, 1},
       kAssume,
       "hazard of abuse per unit of concentration beyond the reference, far over capture_oom"});
  p.number("index_reference", x.index_reference,
           {"-",
            0.18,
            kShare,
            {0.1, 0.4},
            kAssume,
            "Herfindahl index over controllers of use below which nobody can abuse it"});
  p.number("capture_oom", x.capture_oom,
           {"OOM",
            31,
            kOom,
            {28, 36},
            kAssume,
            "capability at which control of use gives half of the power it can give"});
  p.number("width_oom", x.width_oom,
           {"OOM", 1, {1e-6, 100}, {0.3, 2}, kAssume, "width of that threshold"});
  p.number("alpha", x.alpha,
           {"-", 0.4, {0.01, 10}, {0.2, 1}, kAssume, "exponent of the exceedance of its harm"});
  p.number("x_min_musd", x.x_min_musd,
           {"M$", 1e4, kPositive, {1e3, 1e5}, kAssume, "least harm of an abuse of power"});
  p.number("cap_musd", x.cap_musd,
           {"M$", 1e9, kPositive, {1e7, 1e11}, kAssume, "largest harm of an abuse of power"});
  const bool given = x.cap_musd > 0 && x.x_min_musd > 0;
  if (p.is_reading() && given && x.cap_musd <= x.x_min_musd) {
    p.reject("cap_musd", "must be larger than x_min_musd");
  }
  p.end();
}

void declare_shocks(Parameters& p, ShockParameters& x) {
  p.begin("shocks", "M13: what a maker can do to those who depend on it");
  p.flag("enabled", x.enabled, kSwitch);
  p.begin("shock_per_year", "shocks a year of each maker");
  p.number("terms", x.terms_per_year,
           {"1/yr", 0.1, kNotNegative, {0.01, 1}, kAssume, "terms change against dependants"});
  p.number("withdraw", x.withdraw_per_year,
           {"1/yr",
            0.05,
            kNotNegative,
            {0.01, 1},
            kAssume,
            "the services and revocable licences of the day end"});
  p.number("stop_release", x.stop_release_per_year,
           {"1/yr", 0.03, kNotNegative, {0, 0.3}, kAssume, "weights are never released again"});
  p.end();
  p.number("migration_months", x.migration_months,
           {"month", 2, {1e-6, 1200}, {0.5, 12}, kAssume, "mean time until a dependant has moved"});
  constexpr std::array<std::string_view, 2> kForms = {kFormNames[0], kFormNames[1]};
  std::size_t form = 1;
  p.choice("after_stop", form, kForms,
           {.standard = "hosted", .meaning = "what later models of a maker are that has stopped"});
  x.after_stop = static_cast<Form>(form);
  p.end();
}

void declare_freedom(Parameters& p, FreedomParameters& x) {
  p.begin("freedom", "M14: freedoms, surveillance, benefit");
  p.number("reach_oom", x.reach_oom,
           {"OOM",
            0.5,
            {0, 100},
            {0.2, 1.5},
            kAssume,
            "how near to the frontier a model must be to count"});
  p.number(
      "hosted_run_possible", x.hosted_run_possible,
      {"share", 0.3, kShare, {0, 1}, kAssume, "freedom 0 that a maker's service makes possible"});
  p.number("finetune_possible", x.finetune_possible,
           {"share",
            0.3,
            kShare,
            {0, 1},
            kAssume,
            "freedom 1a that a fine-tuning service makes possible"});
  p.flag("weights_are_source", x.weights_are_source,
         {{}, 0, {}, {}, "choice", "weights count as source for freedom 1b (the essay's note 3)"});
  p.number("naming_duty_cost", x.naming_duty_cost,
           {"share",
            0.1,
            kShare,
            {0, 0.5},
            kAssume,
            "freedom 3 that the duty to carry the maker's name costs"});
  p.number("large_licensee_share", x.large_licensee_share,
           {"share",
            0.05,
            kShare,
            {0, 0.3},
            kAssume,
            "freedom 0 that lies with licensees who would serve everybody: a cap on users costs "
            "it, by the users beyond the cap"});
  declare_budget_classes(p, x.budget_classes);
  p.number(
      "benefit_slope", x.benefit_slope,
      {"1/OOM", 0.3, {0, 10}, {0.1, 0.6}, kAssume, "growth of an act's benefit with capability"});
  p.number("benefit_tuning", x.benefit_tuning,
           {"x", 1.5, {0, 100}, {1, 3}, kAssume, "benefit of an act where one can tune"});
  p.end();
}

}  // namespace fingers
