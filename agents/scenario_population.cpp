// Declarations of who lives in the world and of the groups of labs.
#include <cmath>
#include <span>

#include "agents/scenario_mechanisms.hpp"
#include "policies/licence.hpp"

namespace fingers {

namespace {

constexpr Range kCount{0, 1e8};

void declare_developers(Parameters& p, DeveloperParameters& x) {
  p.begin("developers", "M5.1: community developers, the fingers");
  p.whole("count", x.count, {"agents", 20000, kCount, {2e3, 1e5}, kAssume, "how many agents"});
  p.number("weight", x.weight,
           {"people/agent", 10, {1e-3, 1e6}, {1, 100}, kAssume, "people that an agent stands for"});
  p.number("activity_mean", x.activity_mean,
           {"1/yr", 1.5, {0, 1e6}, {1, 20}, kAssume, "mean actions of a person a year"});
  p.number("activity_shape", x.activity_shape,
           or_infinite({"-",
                        0.5,
                        {0.01, 1e6},
                        {0.2, 5},
                        kAssume,
                        "Gamma shape of activity; \"infinite\": all alike"}));
  p.number("recklessness_sd_ln", x.recklessness_sd_ln,
           {"ln", 1, {0, 5}, {0, 2}, kAssume, "spread of recklessness (lognormal, mean 1)"});
  p.number("diligence_a", x.diligence_a,
           {"-", 2, {0.01, 1e4}, {1, 6}, kAssume, "first parameter of Beta-distributed diligence"});
  p.number(
      "diligence_b", x.diligence_b,
      {"-", 3, {0.01, 1e4}, {1, 6}, kAssume, "second parameter of Beta-distributed diligence"});
  p.number("budget_mean_log10_usd", x.budget_mean_log10_usd,
           {"log10 $/yr",
            3.5,
            {-10, 20},
            {2.5, 4.5},
            kAssume,
            "mean of the logarithm of yearly budgets"});
  p.number(
      "budget_sd_log10_usd", x.budget_sd_log10_usd,
      {"log10 $/yr", 1, {0, 10}, {0.5, 1.5}, kAssume, "spread of the logarithm of yearly budgets"});
  p.end();
}

void declare_later_forms(Parameters& p, InitialModel& model) {
  const std::size_t count =
      p.begin_list("later", "M1.7: forms it takes later; weights that are out stay out");
  double before = model.year;
  for (std::size_t i = 0; i < count; ++i) {
    LaterForm x;
    p.begin_item(i);
    p.number("year", x.year,
             Declaration{"year", kRequired, {1950, 2200}, {}, "given", "when it takes this form"});
    std::size_t form = 0;
    p.choice("form", form, kFormNames, {.standard = {}, .meaning = "how far out it is then"});
    x.form = static_cast<Form>(form);
    if (p.is_reading() && x.year < before) {
      p.reject("year", "is before the year of the form before it");
    }
    before = x.year;
    p.end();
    model.later.push_back(x);
  }
  p.end();
}

void declare_initial_models(Parameters& p, LabGroup& group) {
  const std::size_t count =
      p.begin_list("initial_models",
                   "M1.7: models that are given, not trained, in every regime: those of the "
                   "start, and those that come out in later years");
  for (std::size_t i = 0; i < count; ++i) {
    InitialModel x;
    p.begin_item(i);
    p.text("name", x.name, {.standard = {}, .meaning = "how it is called"});
    p.whole("rank", x.rank,
            Declaration{"-", kRequired, {1, 1e4}, {}, "given", "rank of its lab in the group"});
    p.number("capability_oom", x.capability_oom,
             Declaration{
                 "OOM", kRequired, {0, 100}, {}, "given", "log10 of its effective training FLOP"});
    p.number("year", x.year,
             Declaration{"year", kRequired, {1950, 2200}, {}, "given", "when it came out"});
    std::size_t form = 0;
    p.choice("form", form, kFormNames, {.standard = {}, .meaning = "how far out it is"});
    x.form = static_cast<Form>(form);
    std::size_t licence = 0;
    p.choice("licence", licence, kLicenceNames,
             {.standard = "service_terms", .meaning = "its licence"});
    x.licence = named_licence(licence);
    p.flag("monitored", x.monitored,
           Declaration{{}, 0, {}, {}, "given", "its host filters and watches"});
    declare_later_forms(p, x);
    p.end();
    if (p.is_reading() && x.rank > group.count) {
      p.reject("initial_models", "the rank of \"" + x.name + "\" is over the count of the group");
    }
    group.initial_models.push_back(std::move(x));
  }
  p.end();
}

/// How the labs of a group work, apart from their money.
void declare_lab_habits(Parameters& p, LabGroup& x, bool rest) {
  p.number("cadence_months", x.cadence_months,
           Declaration{
               "month", 8, {0.5, 1200}, {4, 14}, kAssume, "time between training runs of a lab"});
  p.number(
      "safety_share", x.safety_share,
      Declaration{"share", rest ? 0.07 : 0.1, kShare, rest ? Range{0.02, 0.12} : Range{0.02, 0.3},
                  kAssume, "share of a run for safety, without a race (s0)"});
  p.number("security_level", x.security_level,
           Declaration{"SL",
                       rest ? 2.0 : 3.0,
                       {0, 5},
                       {1, 5},
                       kAssume,
                       "security of weights (levels of RAND RRA2849-1)"});
  p.number(
      "strip_success", x.strip_success,
      Declaration{.unit = "share",
                  .standard = kRequired,
                  .allowed = kShare,
                  .belief = {0.5, 1},
                  .source = kAssume,
                  .meaning = "chance that the safeguards of its weights can be stripped, where "
                             "it is not that of mechanisms/misuse",
                  .optional = true});
  p.number("displacement", x.displacement,
           Declaration{"share", rest ? 0.2 : 0, kShare, rest ? Range{0, 1} : Range{},
                       rest ? kAssume : "by definition",
                       "chance to build on weights that are out instead of its own run"});
  p.number(
      "displacement_oom", x.displacement_oom,
      Declaration{
          "OOM", 0.3, {0, 100}, {0, 1}, kAssume, "how near those weights must be to its own run"});
  p.number("lag_months", x.lag_months,
           Declaration{"month",
                       0,
                       {0, 1200},
                       {},
                       "choice",
                       "when over 0, its best equals the frontier's of that many months ago"});
}

void declare_group(Parameters& p, LabGroup& x) {
  // The rest of the world starts smaller; everything else has one default for all groups.
  const bool rest = x.name == "rest-of-the-world";
  p.begin(x.name, "M1.3: a group of labs");
  p.text("bloc", x.bloc,
         {.standard = "home", .meaning = "bloc of labs that advance algorithms together"});
  p.text("regime", x.regime,
         {.standard = {},
          .meaning = "its own regime; without one it follows the regime under study",
          .optional = true});
  p.whole("count", x.count,
          Declaration{"labs",
                      rest ? 3.0 : 5.0,
                      {0, 1e4},
                      rest ? Range{1, 6} : Range{3, 8},
                      kAssume,
                      "how many labs"});
  p.number(
      "budget_usd_per_year", x.budget_usd_per_year,
      Declaration{"$/yr", rest ? 5e8 : 1e9, kNotNegative, rest ? Range{1e8, 1e9} : Range{5e8, 2e9},
                  kAssume, "compute budget of the largest at the start"});
  p.number("zipf", x.zipf,
           Declaration{"-", 0.4, {0, 10}, {0, 1}, kAssume, "how budgets fall with rank"});
  p.number("growth", x.growth,
           Declaration{"x/yr",
                       2.4,
                       {0.1, 100},
                       {2.0, 2.9},
                       "Cottier et al. 2024, arXiv:2405.21015 (read)",
                       "growth of budgets"});
  p.number("cap_usd_per_year", x.cap_usd_per_year,
           Declaration{"$/yr", rest ? 1e11 : 2e11, kNotNegative,
                       rest ? Range{2e10, 1e12} : Range{5e10, 1e12}, kAssume,
                       "where budgets stop growing"});
  declare_lab_habits(p, x, rest);
  declare_initial_models(p, x);
  p.end();
}

}  // namespace

void declare(Parameters& p, Population& x) {
  p.begin("population", "who lives in the world");
  declare_developers(p, x.developers);
  p.begin("auditors", "M6.2: independent reviewers");
  p.whole("count", x.auditors.count, {"agents", 300, kCount, {30, 3000}, kAssume, "how many"});
  p.number("skill_sd_ln", x.auditors.skill_sd_ln,
           {"ln", 1, {0, 5}, {0, 2}, kAssume, "spread of their skill (lognormal, mean 1)"});
  p.end();
  p.begin("bad_actors", "M7.1: small bad actors");
  p.whole("count", x.bad_actors.count, {"agents", 4000, kCount, {500, 3e4}, kAssume, "how many"});
  p.number("attempts_mean", x.bad_actors.attempts_mean,
           {"1/yr", 2.5, {0, 1e4}, {0.5, 10}, kAssume, "mean attempts of one a year"});
  p.number("attempts_shape", x.bad_actors.attempts_shape,
           or_infinite({"-", 0.5, {0.01, 1e6}, {0.2, 2}, kAssume, "Gamma shape of attempts"}));
  p.end();
  p.begin("users", "M4: honest users");
  p.number("most", x.users.most,
           {"people", 5e9, kNotNegative, {2e9, 8e9}, kAssume, "where their number ends"});
  p.number("middle_years", x.users.middle_years,
           {"yr",
            2.5,
            {-100, 100},
            {1, 5},
            kAssume,
            "years after the start when half of them are there"});
  p.number("width_years", x.users.width_years,
           {"yr", 1.5, {1e-6, 100}, {0.8, 3}, kAssume, "width of that growth"});
  p.end();
  p.begin("defenders", "M9: organisations that defend society");
  p.whole("count", x.defenders.count, {"agents", 60, {0, 1e6}, {20, 1000}, kAssume, "how many"});
  p.number("lag_shape", x.defenders.lag_shape,
           {"-",
            1.2,
            {0.01, 100},
            {0.5, 2},
            kAssume,
            "Weibull shape of their lag in taking up a model"});
  p.number("lag_scale_months", x.defenders.lag_scale_months,
           {"month", 9, {0, 1e4}, {3, 24}, kAssume, "Weibull scale of that lag; 0: none"});
  p.end();
  p.end();
}

void declare_labs(Parameters& p, std::vector<LabGroup>& labs) {
  const auto names = p.entries("labs", {"frontier", "rest-of-the-world"});
  p.begin("labs", "M1.3: groups of labs, by name");
  for (const std::string& name : names) {
    LabGroup group;
    group.name = name;
    declare_group(p, group);
    labs.push_back(std::move(group));
  }
  p.end();
}

}  // namespace fingers
