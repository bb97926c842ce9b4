// Declarations of misuse, monitoring, defence, response and reporting (M7 to M15).
#include "agents/scenario_mechanisms.hpp"

namespace fingers {

void declare_misuse(Parameters& p, MisuseParameters& x) {
  p.begin("misuse", "M7: small bad actors");
  p.flag("enabled", x.enabled, kSwitch);
  p.number("no_ai_oom", x.no_ai_oom,
           {"OOM", 24.5, {0, 100}, {23, 26}, kAssume, "capability that equals working without AI"});
  p.number("skill_slope", x.skill_slope,
           {"logit", 0.8, {0, 100}, {0.2, 1.5}, kAssume, "gain in success per sigma of skill"});
  p.number("risk_aversion_oom", x.risk_aversion_oom,
           {"OOM", 2, {0, 1000}, {0, 5}, kAssume, "capability given up to avoid sure detection"});
  p.whole("tries", x.tries,
          {"1/attempt", 10, {1, 1000}, {1, 100}, kAssume, "tries that an attempt at a host plans"});
  p.number("pass_per_try_guarded", x.pass_per_try_guarded,
           {"1/try",
            0.044,
            kShare,
            {0.01, 0.1},
            "Sharma et al. 2025, arXiv:2501.18837 (read)",
            "chance that a try passes a guarded host"});
  p.number("pass_per_try_plain", x.pass_per_try_plain,
           {"1/try",
            0.3,
            kShare,
            {0.08, 0.86},
            "NIST CAISI 2025 (read second-hand); Sharma et al. 2025 (read)",
            "chance that a try passes a plain host"});
  p.number("pass_known_flaw", x.pass_known_flaw,
           {"1/try",
            0.8,
            kShare,
            {0.5, 1},
            kAssume,
            "chance when a known safeguard flaw is open, or fine-tuning is offered"});
  p.number("strip_success", x.strip_success,
           {"share",
            0.94,
            kShare,
            {0.5, 1},
            "NIST CAISI 2025: 94 % compliance (read second-hand)",
            "chance that the safeguards of weights can be stripped, once per root"});
  p.end();
}

void declare_monitoring(Parameters& p, MonitoringParameters& x) {
  p.begin("monitoring", "M8: hosts' monitors; regimes decide where they work");
  p.flag("enabled", x.enabled, kSwitch);
  p.number("true_positive_rate", x.true_positive_rate,
           {"share", 0.4, kShare, {0.05, 0.95}, kAssume, "chance that a misuse try is flagged"});
  p.number("false_positive_rate", x.false_positive_rate,
           {"1/use", 5e-6, kShare, {1e-6, 1e-3}, kAssume, "chance that an honest use is flagged"});
  p.number("uses_per_user_month", x.uses_per_user_month,
           {"1/month", 1, kNotNegative, {0.3, 30}, kAssume, "uses that a monitor looks at"});
  p.number("analysts", x.analysts,
           {"people/host", 300, kNotNegative, {10, 1000}, kAssume, "people who review flags"});
  p.number("reviews_per_analyst_month", x.reviews_per_analyst_month,
           {"1/month", 600, kNotNegative, {100, 3000}, kAssume, "flags that one of them reviews"});
  p.number("nuisance_per_user_year", x.nuisance_per_user_year,
           {"1/yr",
            5e-3,
            kNotNegative,
            {1e-4, 1e-2},
            "1.45 M accounts banned in half a year at one host (transparency hub, read "
            "second-hand); users assumed",
            "accounts of spam and resale per user: bans without harm events"});
  p.number("reentry_months", x.reentry_months,
           {"month", 3, {0, 1e4}, {0.5, 12}, kAssume, "mean time until a banned actor is back"});
  p.number("arrest", x.arrest,
           {"share", 0.02, kShare, {0, 0.1}, kAssume, "banned actors who are arrested"});
  p.number("detection_memory", x.detection_memory,
           {"-",
            0.1,
            kShare,
            {0.02, 0.5},
            kAssume,
            "weight w of this month in the perceived chance of detection"});
  p.number("third_party_factor", x.third_party_factor,
           {"share",
            0.3,
            kShare,
            {0, 1},
            kAssume,
            "how well hosts of others' weights watch, against a monitored maker"});
  p.end();
}

void declare_defence(Parameters& p, DefenceParameters& x) {
  p.begin("defence", "M9: society's defence");
  p.flag("enabled", x.enabled, kSwitch);
  p.number(
      "weights_uplift_oom", x.weights_uplift_oom,
      {"OOM", 0.2, {0, 10}, {0, 0.6}, kAssume, "what defenders gain by tuning weights in hand"});
  p.number("defence_gain", x.defence_gain,
           {"-", 1, {0, 100}, {0, 3}, kAssume, "speed-up of defence per share of effort"});
  p.number("learning_oom", x.learning_oom,
           {"OOM",
            0.03,
            {0, 10},
            {0, 0.15},
            kAssume,
            "defence gained per logarithm of incidents seen in a year"});
  p.end();
}

void declare_catastrophe(Parameters& p, CatastropheParameters& x) {
  p.begin("catastrophe", "what counts as one, and what it does");
  p.number("musd", x.musd,
           {"M$",
            1e5,
            {1e-6, 1e18},
            {500, 1e6},
            "100 G$ or 50 deaths (FRI LEAP wave 9, 2026, read)",
            "harm from which an event counts as a catastrophe"});
  p.flag("absorbing", x.absorbing,
         {{}, 1, {}, {}, "choice", "a catastrophic loss of control ends the replicate (M5.3)"});
  p.number("pause_months", x.pause_months,
           {"month",
            0,
            {0, 1200},
            {0, 24},
            kAssume,
            "pause of community acts after a loss of control that ends nothing"});
  p.end();
}

void declare_response(Parameters& p, ResponseParameters& x) {
  p.begin("response", "M12.2: rules that change a regime in mid-run");
  p.flag("enabled", x.enabled, kSwitch);
  p.end();
}

void declare_reporting(Parameters& p, ReportingParameters& x) {
  p.begin("reporting", "M15: incident counts are reports, not harm");
  p.number("misuse", x.report_misuse,
           {"share", 0.45, kShare, {0.01, 0.5}, kAssume, "misuse that becomes known at the start"});
  p.number("loss_of_control", x.report_control,
           {"share",
            0.9,
            kShare,
            {0.3, 1},
            kAssume,
            "losses of control that become known at the start"});
  p.number("state_attack", x.report_state,
           {"share",
            0.7,
            kShare,
            {0.2, 1},
            kAssume,
            "attacks of states that become known at the start"});
  p.number("growth", x.report_growth,
           {"x/yr", 1.2, {0.1, 10}, {1, 1.5}, kAssume, "growth of reporting effort"});
  p.end();
}

}  // namespace fingers
