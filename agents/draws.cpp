#include "agents/draws.hpp"

#include <algorithm>
#include <array>

namespace fingers {

namespace {

constexpr std::string_view kPopulation = "population";
constexpr std::string_view kDynamics = "dynamics";

constexpr std::array<DrawDeclaration, kProcesses> kDeclarations = {{
    {Process::developer_activity, "developer_activity", "M5.1", kPopulation, "developer",
     "gamma: mean number of acts a year"},
    {Process::developer_recklessness, "developer_recklessness", "M5.1", kPopulation, "developer",
     "log-normal with mean 1: recklessness"},
    {Process::developer_diligence, "developer_diligence", "M5.1", kPopulation, "developer",
     "beta: diligence"},
    {Process::developer_budget, "developer_budget", "M5.1", kPopulation, "developer",
     "log-normal: yearly budget"},
    {Process::developer_granted, "developer_granted", "M4", kPopulation, "developer",
     "Bernoulli: accepted where weights are gated"},
    {Process::developer_third_party, "developer_third_party", "M4", kPopulation, "developer",
     "Bernoulli: runs weights at another host"},
    {Process::deployment_never, "deployment_never", "M6.5", kPopulation, "developer",
     "Bernoulli: never updates a copy"},
    {Process::deployment_trait, "deployment_trait", "M6.5", kPopulation, "developer",
     "Weibull: habitual delay of updates"},
    {Process::auditor_skill, "auditor_skill", "M6.2", kPopulation, "auditor",
     "log-normal with mean 1: skill"},
    {Process::bad_actor_activity, "bad_actor_activity", "M7.1", kPopulation, "bad actor",
     "gamma: mean number of attempts a year"},
    {Process::bad_actor_skill, "bad_actor_skill", "M7.1", kPopulation, "bad actor",
     "normal: skill z"},
    {Process::bad_actor_domain, "bad_actor_domain", "M7.1", kPopulation, "bad actor",
     "discrete by the domains' shares: domain"},
    {Process::lab_phase, "lab_phase", "M1.4", kPopulation, "lab",
     "uniform over the cadence: phase of its training slots"},
    {Process::training_luck, "training_luck", "M1.4", kDynamics, "model (lab, slot)",
     "normal: luck of the run"},
    {Process::training_jump, "training_jump", "M1.4", kDynamics, "model (lab, slot)",
     "Bernoulli, Bernoulli, exponential: whether it jumps, whether evaluations see it, how far"},
    {Process::training_displacement, "training_displacement", "M1.3", kDynamics,
     "model (lab, slot)", "Bernoulli: builds on weights that are out"},
    {Process::gate_estimate, "gate_estimate", "M2.3", kDynamics, "model and form, and estimator",
     "normal: error of a capability estimate"},
    {Process::flaw_count, "flaw_count", "M6.1", kDynamics, "model",
     "Poisson: number of own flaws of each kind"},
    {Process::flaw_birth, "flaw_birth", "M6.1", kDynamics, "flaw",
     "truncated power law, Bernoulli, Bernoulli: virulence, deep, without precursor"},
    {Process::flaw_carryover, "flaw_carryover", "M6.1", kDynamics, "flaw and new model",
     "Bernoulli: passes on to the maker's next model"},
    {Process::flaw_found_by_eyes, "flaw_found_by_eyes", "M6.2", kDynamics, "flaw, at each fix",
     "exponential: threshold of the eyes' hazard"},
    {Process::flaw_found_by_bad_actors, "flaw_found_by_bad_actors", "M6.3", kDynamics,
     "flaw, at each fix", "exponential: threshold of the bad actors' hazard"},
    {Process::flaw_shared, "flaw_shared", "M6.3", kDynamics, "flaw, at each find",
     "Bernoulli, uniform: shared with all, else who alone knows it"},
    {Process::strip, "strip", "M7.1", kDynamics, "base model",
     "Bernoulli: its safeguards can be stripped"},
    {Process::leak, "leak", "M3.2", kDynamics, "model",
     "exponential: threshold of the leak's hazard"},
    {Process::patch_delay, "patch_delay", "M6.5", kDynamics, "flaw, fix and developer",
     "Bernoulli, Weibull: by habit or not, delay of this fix"},
    {Process::act_count, "act_count", "M5.1", kDynamics, "developer, each step",
     "Poisson: number of acts"},
    {Process::act_press, "act_press", "M5.3", kDynamics, "developer, each step",
     "order statistics of uniforms: which acts press the button"},
    {Process::act_details, "act_details", "M5.2, M5.3", kDynamics, "act",
     "uniforms, exponential, truncated Pareto: model, elicitation, time, flaw that fires, "
     "severity"},
    {Process::lab_press, "lab_press", "M1.6", kDynamics, "model",
     "Bernoulli, uniform: whether its own lab loses control of it, and when"},
    {Process::attempt_count, "attempt_count", "M7.1", kDynamics, "bad actor, each step",
     "Poisson: number of attempts"},
    {Process::attempt_tries, "attempt_tries", "M8.1", kDynamics, "attempt",
     "two uniforms a try: passes, seen"},
    {Process::attempt_success, "attempt_success", "M7.2", kDynamics, "attempt",
     "Bernoulli, uniform, truncated Pareto: success, time, severity"},
    {Process::ban, "ban", "M8.2", kDynamics, "attempt",
     "exponential, Bernoulli: until it returns, arrested"},
    {Process::host_flags, "host_flags", "M8.1", kDynamics, "lab, each step",
     "Poisson: flags raised at its service"},
    {Process::report, "report", "M15", kDynamics, "event's maker, each step",
     "Bernoulli: whether an event becomes known"},
    {Process::defender_lag, "defender_lag", "M9", kDynamics, "model and defender",
     "Weibull: lag of adoption"},
    {Process::theft, "theft", "M3.1", kDynamics, "state and model",
     "exponential: threshold of the theft's hazard"},
    {Process::state_attack, "state_attack", "M10", kDynamics, "state, each step",
     "Poisson, uniforms, truncated Pareto: attacks, their times and severities"},
    {Process::publish_count, "publish_count", "M5.5", kDynamics, "community, each step",
     "Poisson: candidates for a public derivative"},
    {Process::publish_details, "publish_details", "M5.5", kDynamics, "candidate",
     "uniforms, exponential: developer, model, elicitation"},
    {Process::lineage_pick, "lineage_pick", "M4", kDynamics, "act",
     "discrete by preferential attachment: which member of a family"},
    {Process::merge, "merge", "M6.5", kDynamics, "flaw, fix and derivative",
     "Bernoulli: its maintainer merges the fix"},
    {Process::maintainer_delay, "maintainer_delay", "M6.5", kDynamics, "flaw, fix and derivative",
     "Weibull: delay of the merge"},
    {Process::weaponise, "weaponise", "M6.3", kDynamics, "flaw, at each fix",
     "exponential, Bernoulli: what a fix shows, what is known before it"},
    {Process::exploit, "exploit", "M7.3", kDynamics, "attempt",
     "Bernoulli: attacks deployments instead"},
    {Process::exploit_details, "exploit_details", "M7.3", kDynamics, "attempt",
     "Bernoulli, uniform, truncated Pareto: success, time, severity"},
    {Process::diffuse_reports, "diffuse_reports", "M11", kDynamics, "flaw and observer, each step",
     "normal: what a month of observations adds to the test"},
    {Process::diffuse_disclosure, "diffuse_disclosure", "M11", kDynamics, "flaw and maker",
     "Bernoulli: the maker tells what it saw"},
    {Process::attribution, "attribution", "M11", kDynamics, "flaw and root, at each attempt",
     "exponential, Bernoulli: threshold of the attempts' hazard, whether the layer is right"},
    {Process::capture, "capture", "M12.1", kDynamics, "world",
     "exponential, truncated Pareto: threshold of the abuse's hazard, severity"},
    {Process::shock, "shock", "M13", kDynamics, "lab and kind of shock, at each shock",
     "exponential: threshold of the next one's hazard"},
    {Process::migration, "migration", "M13", kDynamics, "act",
     "Bernoulli: whether it falls to a dependant without access"},
}};

/// The declarations follow the enumeration, none left out.
constexpr bool in_order() {
  for (std::size_t i = 0; i < kDeclarations.size(); ++i) {
    if (static_cast<std::size_t>(kDeclarations[i].process) != i || kDeclarations[i].law.empty()) {
      return false;
    }
  }
  return true;
}
static_assert(in_order());

}  // namespace

std::span<const DrawDeclaration> draw_declarations() { return kDeclarations; }

}  // namespace fingers
