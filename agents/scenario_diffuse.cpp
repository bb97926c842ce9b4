// Declarations of diffuse harm (M11).
#include "agents/scenario_mechanisms.hpp"

namespace fingers {

namespace {

void declare_reports(Parameters& p, DiffuseParameters& x) {
  p.number("observations_per_user_month", x.observations_per_user_month,
           {"1/month",
            1,
            kNotNegative,
            {0.1, 4},
            kAssume,
            "times a month that a host or a deployment learns how a user fares"});
  p.number("base_rate", x.base_rate,
           {"share",
            0.0015,
            {1e-9, 0.5},
            {0.0007, 0.003},
            "0.15 % of weekly users show signs of harm (OpenAI Oct 2025, read second-hand)",
            "observations that look like harm without any flaw (p0)"});
  p.number("effect_per_virulence", x.effect_per_virulence,
           {"-",
            0.03,
            {0, 1e6},
            {0.005, 0.3},
            kAssume,
            "relative rise of that rate by a flaw of virulence 1"});
  p.number("alarm_run_length", x.alarm_run_length,
           {"-",
            1000,
            {1.0001, 1e300},
            {100, 1e5},
            kAssume,
            "ARL: a test's alarm is at ln(ARL), so that false alarms are that rare"});
  p.number("disclosure", x.disclosure,
           {"share",
            0.5,
            kShare,
            {0.05, 1},
            kAssume,
            "chance that a maker discloses what its own host sees of a flaw"});
  p.number("pooling", x.pooling,
           {"share",
            0.1,
            kShare,
            {0, 1},
            kAssume,
            "observations that also reach one common test for a model and all its derivatives"});
}

void declare_attribution(Parameters& p, DiffuseParameters& x) {
  constexpr Range kMonthly{0, 0.999};  // 1 would be an infinite hazard
  p.begin("attribution", "chance in a month that harm which was seen is traced to its layer");
  p.number("hosted", x.attribution_hosted,
           {"1/month", 0.3, kMonthly, {0.05, 0.8}, kAssume, "of a model behind a service"});
  p.number("weights", x.attribution_weights,
           {"1/month", 0.15, kMonthly, {0.02, 0.6}, kAssume, "of weights whose data are closed"});
  p.number("source", x.attribution_source,
           {"1/month", 0.25, kMonthly, {0.05, 0.8}, kAssume, "with the source and the data out"});
  p.end();
  p.number("layer_penalty", x.layer_penalty,
           {"1/layer",
            0.5,
            {0, 100},
            {0, 2},
            kAssume,
            "an attempt finds the right one of so many layers with exp(-penalty x layers)"});
  p.number("wrong_layer_months", x.wrong_layer_months,
           {"month",
            2,
            {0, 1e4},
            {0, 12},
            kAssume,
            "time lost when the wrong layer is blamed and mended"});
  p.number("provenance", x.provenance,
           {"share",
            0.5,
            kShare,
            {0, 1},
            kAssume,
            "part of the layer penalty that a licence's naming duty takes away"});
}

}  // namespace

void declare_diffuse(Parameters& p, DiffuseParameters& x) {
  p.begin("diffuse", "M11: harm that flaws do little by little, and how it is seen");
  p.flag("enabled", x.enabled, kSwitch);
  p.number("musd_per_user_year", x.musd_per_user_year,
           {"M$/yr",
            3e-6,
            kNotNegative,
            {1e-7, 1e-4},
            kAssume,
            "harm to a user in a year by a flaw of virulence 1"});
  p.number("manipulation", x.manipulation,
           {"-",
            0.5,
            kNotNegative,
            {0, 2},
            kAssume,
            "additional harm at hosts, which live on their users' attention"});
  declare_reports(p, x);
  declare_attribution(p, x);
  p.number("least_event_musd", x.least_event_musd,
           {"M$",
            10,
            kNotNegative,
            {},
            "measurement",
            "harm below which a flaw has no event of its own; its harm is counted all the same"});
  p.end();
}

}  // namespace fingers
