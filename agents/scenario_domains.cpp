// Declarations of the domains of misuse (M7.2, M9): three have numbers of their own, any other must
// give all.
#include <array>
#include <string_view>

#include "agents/scenario_mechanisms.hpp"

namespace fingers {

namespace {

/// Values that a domain of a known name has by default, with the ranges of belief.
struct DomainStandard {
  std::string_view name;
  Declaration share, base, balance, scale, alpha, x_min, cap, start, drift, uplift;
};

/// The numbers of a known domain, in the order of DomainStandard.
struct Row {
  std::string_view name;
  std::array<double, 10> value;
  std::array<Range, 10> belief;
  std::string_view alpha_source;
  std::string_view x_min_source;
};

constexpr std::array<Row, 3> kRows = {{
    {"bio",
     {0.02, -7.7, 0.9, 0.2, 0.5, 10, 1e10, 25.8, 0.25, 0.5},
     {{{0.001, 0.1},
       {-9, -4},
       {0.2, 1.5},
       {0, 0.6},
       {0.4, 1.4},
       {1, 100},
       {1e8, 1e10},
       {24.5, 28},
       {0, 0.6},
       {0, 1}}},
     kAssume,
     kAssume},
    {"cyber",
     {0.13, -4.0, 0.9, 0.2, 0.7, 0.1, 1e7, 25.4, 0.25, 0.6},
     {{{0.04, 0.3},
       {-6, -2},
       {0.2, 1.5},
       {0, 0.6},
       {0.6, 0.8},
       {0.01, 1},
       {1e6, 1e8},
       {24.5, 27},
       {0, 0.6},
       {0.1, 1.1}}},
     "Maillart & Sornette 2010, arXiv:0803.2256 (read)",
     kAssume},
    {"fraud",
     {0.85, -4.2, 1.0, 0.05, 0.35, 0.012, 1e4, 25.6, 0.2, 0.55},
     {{{0.6, 0.95},
       {-5, -1},
       {0.2, 1.5},
       {0, 0.3},
       {0.35, 1.2},
       {0.01, 0.2},
       {1e4, 1e6},
       {24.5, 27},
       {0, 0.6},
       {0.1, 1}}},
     "Hill index of losses in the AI Incident Database (derived, newsworthy only)",
     "log-normal median of 0.1 M$ in the AI Incident Database (derived)"},
}};

DomainStandard domain_standard(std::string_view name) {
  Row row{"", {}, {}, kAssume, kAssume};
  row.value.fill(kRequired);
  for (const Row& known : kRows) {
    if (known.name == name) {
      row = known;
    }
  }
  const auto& v = row.value;
  const auto& b = row.belief;
  return {
      name,
      Declaration{"share", v[0], kShare, b[0], kAssume,
                  "share of bad actors in this domain (normalised)"},
      Declaration{
          "logit", v[1], {-50, 50}, b[1], kAssume, "success of an attempt at c = D, skill 0"},
      Declaration{"1/OOM",
                  v[2],
                  {-20, 20},
                  b[2],
                  kAssume,
                  "offence-defence balance: gain in success per OOM"},
      Declaration{"1/OOM",
                  v[3],
                  {0, 10},
                  b[3],
                  kAssume,
                  "growth of the least harm per OOM over the defence"},
      Declaration{
          "-", v[4], {0.01, 10}, b[4], row.alpha_source, "exponent of the exceedance of harm"},
      Declaration{"M$", v[5], kPositive, b[5], row.x_min_source, "least harm of a success"},
      Declaration{"M$", v[6], kPositive, b[6], kAssume, "largest harm of a success"},
      Declaration{"OOM", v[7], {-100, 100}, b[7], kAssume, "defence D at the start"},
      Declaration{"OOM/yr", v[8], {-10, 10}, b[8], kAssume, "growth of defence without AI"},
      Declaration{"-", v[9], {0, 10}, b[9], kAssume, "defence gained per OOM that defenders gain"}};
}

void declare_domain(Parameters& p, Domain& x) {
  const DomainStandard s = domain_standard(x.name);
  p.begin(x.name, "M7.2, M9: one domain of misuse");
  p.number("share", x.share, s.share);
  p.number("base_logit", x.base_logit, s.base);
  p.number("balance_per_oom", x.balance_per_oom, s.balance);
  p.number("scale_per_oom", x.scale_per_oom, s.scale);
  p.number("alpha", x.alpha, s.alpha);
  p.number("x_min_musd", x.x_min_musd, s.x_min);
  p.number("cap_musd", x.cap_musd, s.cap);
  p.number("defence_start_oom", x.defence_start_oom, s.start);
  p.number("defence_drift_oom_per_year", x.defence_drift_oom_per_year, s.drift);
  p.number("defence_uplift", x.defence_uplift, s.uplift);
  const bool given =
      x.cap_musd > 0 && x.x_min_musd > 0;  // else they are missing, which is said already
  if (p.is_reading() && given && x.cap_musd <= x.x_min_musd) {
    p.reject("cap_musd", "must be larger than x_min_musd");
  }
  p.end();
}

}  // namespace

void declare_domains(Parameters& p, std::vector<Domain>& domains) {
  const auto names = p.entries("domains", {"bio", "cyber", "fraud"});
  p.begin("domains", "M7.2: domains of misuse, by name");
  for (const std::string& name : names) {
    Domain domain;
    domain.name = name;
    declare_domain(p, domain);
    domains.push_back(std::move(domain));
  }
  p.end();
}

}  // namespace fingers
