// Declarations of what labs and states take from others: copying, theft, states (M3, M10).
#include <string_view>

#include "agents/scenario_mechanisms.hpp"

namespace fingers {

namespace {

constexpr Range kRate{0, 1e6};

/// One rate of theft, by what separates a state's operational capacity from the security level.
void declare_theft_rate(Parameters& p, std::string_view key, double& rate, double standard,
                        const Range& belief) {
  p.number(key, rate,
           Declaration{"1/yr", standard, kRate, belief, kAssume,
                       "thefts of a lab's best model by a state whose operational capacity is that "
                       "far from the lab's security level"});
}

void declare_state_defence(Parameters& p, StateParameters& x) {
  p.number("defence_start_oom", x.defence_start_oom,
           {"OOM",
            25.6,
            {-100, 100},
            {24.5, 28},
            kAssume,
            "defence against states' attacks at the start"});
  p.number("defence_drift_oom_per_year", x.defence_drift_oom_per_year,
           {"OOM/yr", 0.25, {-10, 10}, {0, 0.6}, kAssume, "growth of that defence without AI"});
  p.number("defence_uplift", x.defence_uplift,
           {"-", 0.55, {0, 10}, {0, 1}, kAssume, "of it gained per OOM that defenders gain"});
}

}  // namespace

void declare_copying(Parameters& p, CopyingParameters& x) {
  p.begin("copying", "M3.3: what labs learn from models of others");
  p.flag("enabled", x.enabled, kSwitch);
  p.number("copy_gap_oom", x.copy_gap_oom,
           {"OOM",
            0.3,
            {0, 100},
            {0, 1},
            kAssume,
            "how far below weights that are out a lab can follow at once, below hosted models with "
            "time"});
  p.number("distillation_per_year", x.distillation_per_year,
           {"1/yr",
            0.5,
            kRate,
            {0, 2},
            kAssume,
            "rate at which the rest of the gap to the best hosted model of another lab closes"});
  p.end();
}

void declare_theft(Parameters& p, TheftParameters& x) {
  p.begin("theft", "M3.1: states steal the best models of labs");
  p.flag("enabled", x.enabled, kSwitch);
  p.begin("per_year", "by operational capacity (OC) minus security level (SL); ends hold beyond");
  declare_theft_rate(p, "one_below", x.per_year[0], 0.005, {0.001, 0.01});
  declare_theft_rate(p, "level", x.per_year[1], 0.08, {0.02, 0.2});
  declare_theft_rate(p, "one_above", x.per_year[2], 0.4, {0.2, 0.8});
  declare_theft_rate(p, "two_above", x.per_year[3], 0.9, {0.8, 3});
  p.end();
  p.end();
}

void declare_states(Parameters& p, StateParameters& x) {
  p.begin("states", "M10: attacks of adversary states");
  p.flag("enabled", x.enabled, kSwitch);
  p.number("oom", x.oom,
           {"OOM",
            31,
            {0, 100},
            {28, 35},
            kAssume,
            "capability at which half of a state's wish to "
            "attack is there"});
  p.number("width_oom", x.width_oom,
           {"OOM", 0.8, {1e-6, 100}, {0.3, 2}, kAssume, "width of that rise"});
  p.number("gap_slope_per_oom", x.gap_slope_per_oom,
           {"1/OOM",
            2,
            {0, 100},
            {0.5, 5},
            kAssume,
            "how fast attacks rise with a state's lead over "
            "defence and the home bloc"});
  p.number("gap_offset_oom", x.gap_offset_oom,
           {"OOM", 0, {-100, 100}, {-1, 1}, kAssume, "lead at which half of them come"});
  p.number("alpha", x.alpha,
           {"-", 0.5, {0.01, 10}, {0.4, 1}, kAssume, "exponent of the exceedance of their harm"});
  p.number("x_min_musd", x.x_min_musd,
           {"M$", 1000, kPositive, {100, 1e4}, kAssume, "least harm of an attack"});
  p.number("cap_musd", x.cap_musd,
           {"M$", 1e9, kPositive, {1e8, 1e10}, kAssume, "largest harm of an attack"});
  declare_state_defence(p, x);
  if (p.is_reading() && x.cap_musd <= x.x_min_musd) {
    p.reject("cap_musd", "must be larger than x_min_musd");
  }
  p.end();
}

void declare_adversaries(Parameters& p, std::vector<State>& states) {
  const auto names = p.entries("states", {"adversary"});
  p.begin("states", "M10: adversary states, by name");
  for (const std::string& name : names) {
    State x;
    x.name = name;
    p.begin(name, "one state");
    p.text("bloc", x.bloc,
           {.standard = "rival", .meaning = "bloc whose algorithms its own programme has"});
    p.number("operational_capacity", x.operational_capacity,
             Declaration{"OC",
                         4,
                         {0, 5},
                         {3, 5},
                         kAssume,
                         "capacity for operations against labs (levels of RAND RRA2849-1)"});
    p.number("lag_oom", x.lag_oom,
             Declaration{"OOM",
                         0.8,
                         {-100, 100},
                         {0.2, 2},
                         kAssume,
                         "how far its own programme is behind the frontier at the start"});
    p.number("attacks_per_year", x.attacks_per_year,
             Declaration{"1/yr",
                         0.35,
                         kRate,
                         {0.02, 1},
                         kAssume,
                         "attacks of a state that is far above every threshold"});
    p.end();
    states.push_back(std::move(x));
  }
  p.end();
  if (p.is_reading() && states.size() > 32) {
    p.reject("states", "at most 32 states are possible");
  }
}

}  // namespace fingers
