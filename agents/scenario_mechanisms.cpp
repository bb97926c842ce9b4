// Declarations of the mechanisms' parameters: trends and training, release and access, fingers.
#include "agents/scenario_mechanisms.hpp"

namespace fingers {

namespace {

void declare_trends(Parameters& p, TrendParameters& x) {
  p.begin("trends", "M1.1, M1.2: hardware and algorithms");
  p.number("flop_per_usd_2024", x.flop_per_usd_2024,
           {"FLOP/$",
            5e17,
            kPositive,
            {3e17, 8e17},
            "derived from H100 rental at 2.35 $/h (SemiAnalysis 2026, read second-hand)",
            "training compute that a dollar buys in mid-2024"});
  p.number("hardware_doubling_years", x.hardware_doubling_years,
           {"yr",
            1.94,
            {0.01, 1000},
            {1.5, 2.6},
            "price of fixed performance falls 30 % a year (Epoch AI, read second-hand)",
            "doubling time of compute per dollar"});
  p.number("algorithm_doubling_months", x.algorithm_doubling_months,
           or_infinite({"month",
                        8,
                        {0.1, 1e6},
                        {5, 14},
                        "Ho et al. 2024, arXiv:2403.05812 (read second-hand)",
                        "time in which algorithms double effective compute"}));
  p.flag("spillover_enabled", x.spillover_enabled, kSwitch);
  p.number("openness_spillover", x.openness_spillover,
           {"share",
            0.15,
            kNotNegative,
            {0, 0.5},
            kAssume,
            "how much full openness speeds algorithms of the home bloc up"});
  p.number("spillover_symmetry", x.spillover_symmetry,
           {"share", 0.7, kShare, {0, 1}, kAssume, "what other blocs gain of that"});
  p.end();
}

/// M1.5, M1.6: what a race leaves of safety, what that gives, and how the staff presses.
void declare_race(Parameters& p, TrainingParameters& x) {
  p.number("safety_floor", x.safety_floor,
           {"share", 0.02, kShare, {0, 0.05}, kAssume, "least safety share of a run"});
  p.number("race_pressure", x.race_pressure,
           {"-", 0.5, kShare, {0, 1}, kAssume, "safety share lost to a rival that is level"});
  p.number("race_width_oom", x.race_width_oom,
           {"OOM", 0.4, {1e-6, 100}, {0.1, 1}, kAssume, "lead at which that pressure fades"});
  p.number("alignment_max", x.alignment_max,
           {"share", 0.9, kShare, {0.6, 0.99}, kAssume, "alignment that no safety share exceeds"});
  p.number("safety_reference", x.safety_reference,
           {"share",
            0.1,
            {1e-9, 100},
            {0.03, 0.3},
            kAssume,
            "safety share that gives 63 % of the greatest alignment"});
  p.number("lab_presses", x.lab_presses,
           {"1/run",
            20000,
            kNotNegative,
            {1e3, 3e5},
            kAssume,
            "presses of the button in a run and in internal use"});
  p.number("lab_diligence", x.lab_diligence,
           {"share", 0.8, kShare, {0.4, 0.95}, kAssume, "diligence of a lab's own staff"});
}

void declare_training(Parameters& p, TrainingParameters& x) {
  p.begin("training", "M1.3 to M1.6: training runs, race, alignment, tests by the labs");
  p.number("run_share", x.run_share,
           {"share",
            0.1,
            {1e-9, 1},
            {0.05, 0.3},
            kAssume,
            "share of a year's budget in the largest run at the start"});
  p.number("run_growth", x.run_growth,
           {"x/yr",
            1.34,
            {0.1, 100},
            {1.2, 1.5},
            "so that compute grows 4.6 times a year (Epoch AI 2025) with budgets and hardware",
            "growth of that share: longer and better used runs"});
  p.number("run_share_max", x.run_share_max,
           {"share", 0.4, {1e-9, 1}, {0.2, 0.8}, kAssume, "where that growth ends"});
  p.number("capability_sd_oom", x.capability_sd_oom,
           {"OOM", 0.15, {0, 10}, {0.05, 0.4}, kAssume, "luck of a training run (one sigma)"});
  p.number(
      "bootstrap_oom", x.bootstrap_oom,
      {"OOM", 0.1, {0, 10}, {0, 0.3}, kAssume, "gain from a near model whose weights are out"});
  p.number("jump_probability", x.jump_probability,
           {"1/run", 0.04, kShare, {0, 0.15}, kAssume, "chance of an unforeseen jump"});
  p.number("jump_mean_oom", x.jump_mean_oom,
           {"OOM", 0.4, {0, 10}, {0.2, 1}, kAssume, "mean size of a jump"});
  p.number("evaluation_quality", x.evaluation_quality,
           {"share",
            0.7,
            kShare,
            {0.2, 0.95},
            kAssume,
            "how much evaluations catch: of a jump, and of what a diligent person does"});
  declare_race(p, x);
  p.end();
}

void declare_release(Parameters& p, ReleaseParameters& x) {
  p.begin("release", "M2.3: what evaluations say before a release");
  p.number("evaluation_sd_oom", x.evaluation_sd_oom,
           {"OOM", 0.4, {0, 10}, {0.1, 1}, kAssume, "error of a capability estimate (one sigma)"});
  p.number("able_within_oom", x.able_within_oom,
           {"OOM",
            0.3,
            kOom,
            {0, 1},
            kAssume,
            "how far below a model a lab may be and still be able to release its class, so that "
            "its estimate counts at a gate"});
  p.end();
}

void declare_leaks(Parameters& p, LeakParameters& x) {
  p.begin("leaks", "M3.2: weights leak to the public");
  p.flag("enabled", x.enabled, kSwitch);
  p.number("gated_per_year", x.gated_per_year,
           {"1/yr",
            5,
            kNotNegative,
            {0.1, 6},
            "LLaMA-1 leaked after 7 days; 2 of 5 gated releases within 30 days (derived, weak)",
            "leaks of gated weights"});
  p.number("closed_per_year", x.closed_per_year,
           {"1/yr",
            0.009,
            kNotNegative,
            {0.002, 0.03},
            "one case in 110 model-years (derived, weak)",
            "leaks of weights that are not out, at security level 3"});
  p.number("factor_per_level", x.factor_per_level,
           {"x", 0.5, {1e-6, 1}, {0.2, 0.8}, kAssume, "change of that rate per level of security"});
  p.end();
}

void declare_access(Parameters& p, AccessParameters& x) {
  p.begin("access", "M4: who may use what, and how use spreads over it");
  p.number("adoption_sharpness", x.adoption_sharpness,
           {"1/OOM",
            2.5,
            {0, 100},
            {0.5, 6},
            kAssume,
            "how strongly use goes to the most capable model"});
  p.number("hosted_preference", x.hosted_preference,
           {"x",
            2.5,
            {0, 1e6},
            {0.5, 4},
            kAssume,
            "preference of honest users for a maker's service over weights (open weights .2 to .4 "
            "of use)"});
  p.number("developer_weights_preference", x.developer_weights_preference,
           {"x",
            2,
            {0, 1e6},
            {0.5, 5},
            kAssume,
            "preference of community developers for weights over a service"});
  p.number("gate_accept", x.gate_accept,
           {"share", 0.3, kShare, {0.05, 0.8}, kAssume, "applicants accepted for gated weights"});
  p.number("third_party_host", x.third_party_host,
           {"share",
            0.6,
            kShare,
            {0.2, 0.9},
            kAssume,
            "share of the use of weights that runs at other hosts"});
  p.number("third_party_hosts", x.third_party_hosts,
           or_infinite({"1",
                        10,
                        {1, 1e9},
                        {3, 100},
                        kAssume,
                        "other hosts of weights, taken as equally large"}));
  p.number("inference_usd_per_year", x.inference_usd_per_year,
           {"$/yr",
            300,
            kNotNegative,
            {50, 5000},
            kAssume,
            "cost of running a model of 25.58 OOM at the start"});
  p.number("inference_exponent", x.inference_exponent,
           {"-",
            0.5,
            {0, 2},
            {0.3, 0.7},
            kAssume,
            "growth of that cost with training compute (0.5: parameters as its square root)"});
  p.end();
}

void declare_fingers(Parameters& p, FingersParameters& x) {
  p.begin("fingers", "M5: community developers press the button");
  p.flag("enabled", x.enabled, kSwitch);
  p.number("press_scale", x.press_scale,
           {"1/act",
            1.6e-6,
            kShare,
            {1e-8, 1e-4},
            kAssume,
            "chance scale of one press for a flaw of virulence 1"});
  p.number("critical_oom", x.critical_oom,
           {"OOM",
            31.5,
            kOom,
            {28, 36},
            kAssume,
            "capability at which half of all control flaws can fire"});
  p.number("critical_width_oom", x.critical_width_oom,
           {"OOM", 0.7, {1e-6, 100}, {0.3, 1.5}, kAssume, "width of that threshold"});
  p.number(
      "stop", x.stop,
      {"share", 0.5, kShare, {0.1, 0.95}, kAssume, "chance that a host halts a loss of control"});
  p.begin("elicitation_oom", "M5.2: mean capability that an action elicits");
  p.number("hosted", x.elicitation_hosted_oom,
           {"OOM", 0.05, {0, 10}, {0, 0.2}, kAssume, "by prompting"});
  p.number("finetune", x.elicitation_finetune_oom,
           {"OOM", 0.12, {0, 10}, {0, 0.3}, kAssume, "through a fine-tuning service"});
  p.number("tune", x.elicitation_tune_oom,
           {"OOM", 0.25, {0, 10}, {0.05, 0.6}, kAssume, "by tuning or merging weights"});
  p.number("source", x.elicitation_source_oom,
           {"OOM", 0.35, {0, 10}, {0.1, 0.8}, kAssume, "by continued pre-training"});
  p.end();
  p.number("elicitation_cap_oom", x.elicitation_cap_oom,
           {"OOM", 1.5, {0, 10}, {0.5, 3}, kAssume, "most that any action elicits"});
  p.number("pretrain_fraction", x.pretrain_fraction,
           {"share",
            1e-5,
            {0, 1},
            {1e-6, 1e-2},
            kAssume,
            "share of a model's training cost that continued pre-training takes"});
  p.number("tune_usd", x.tune_usd,
           {"$",
            500,
            kNotNegative,
            {50, 5000},
            "under 200 $ to undo safety tuning (Gade et al. 2023), low end",
            "cost of tuning weights"});
  p.number(
      "alpha", x.alpha,
      {"-", 0.3, {0.01, 10}, {0.2, 0.8}, kAssume, "exponent of a loss of control's exceedance"});
  p.number("x_min_musd", x.x_min_musd,
           {"M$", 1000, kPositive, {100, 1e4}, kAssume, "smallest loss of control"});
  p.number("cap_musd", x.cap_musd,
           {"M$", 1e11, kPositive, {1e8, 1e11}, kAssume, "largest loss of control"});
  p.end();
}

}  // namespace

void declare(Parameters& p, Mechanisms& x) {
  p.begin("mechanisms", "what happens in the world, each mechanism with its beliefs");
  declare_trends(p, x.trends);
  declare_training(p, x.training);
  declare_release(p, x.release);
  declare_leaks(p, x.leaks);
  declare_copying(p, x.copying);
  declare_theft(p, x.theft);
  declare_access(p, x.access);
  declare_fingers(p, x.fingers);
  declare_flaws(p, x.flaws);
  declare_derivatives(p, x.derivatives);
  declare_scrutiny(p, x.scrutiny);
  declare_disclosure(p, x.disclosure);
  declare_patches(p, x.patches);
  declare_misuse(p, x.misuse);
  declare_exploits(p, x.exploits);
  declare_monitoring(p, x.monitoring);
  declare_appeals(p, x.appeals);
  declare_defence(p, x.defence);
  declare_states(p, x.states);
  declare_diffuse(p, x.diffuse);
  declare_catastrophe(p, x.catastrophe);
  declare_concentration(p, x.concentration);
  declare_shocks(p, x.shocks);
  declare_response(p, x.response);
  declare_freedom(p, x.freedom);
  declare_reporting(p, x.reporting);
  p.end();
}

}  // namespace fingers
