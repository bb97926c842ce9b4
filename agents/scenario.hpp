// The whole input of a world as plain structs. Every number's unit, default, range, source and
// meaning is declared once, in the scenario_*.cpp files; the comments here say only what a reader
// of the code needs. Labels (M1.1 …) are those of docs/model.md.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "agents/scenario_experiment.hpp"
#include "agents/scenario_states.hpp"
#include "engine/clock.hpp"
#include "engine/mistake.hpp"
#include "engine/parameters.hpp"
#include "engine/random.hpp"
#include "policies/regime.hpp"

namespace fingers {

struct TimeParameters {
  double start_year = 0;
  double years = 0;
  std::uint64_t steps_per_year = 0;
};

struct TrendParameters {  // M1.1, M1.2
  double flop_per_usd_2024 = 0;
  double hardware_doubling_years = 0;
  double algorithm_doubling_months = 0;
  bool spillover_enabled = true;
  double openness_spillover = 0;
  double spillover_symmetry = 0;  // what blocs other than the home bloc gain of it
};

struct TrainingParameters {  // M1.3 to M1.6
  double run_share = 0;
  double run_growth = 0;
  double run_share_max = 0;
  double capability_sd_oom = 0;
  double bootstrap_oom = 0;
  double jump_probability = 0;
  double jump_mean_oom = 0;
  double evaluation_quality = 0;
  double safety_floor = 0;
  double race_pressure = 0;
  double race_width_oom = 0;
  double alignment_max = 0;     // A_max
  double safety_reference = 0;  // s_ref
  double lab_presses = 0;
  double lab_diligence = 0;
};

struct CopyingParameters {  // M3.3
  bool enabled = true;
  double copy_gap_oom = 0;
  double distillation_per_year = 0;
};

struct ReleaseParameters {  // M2.3
  double evaluation_sd_oom = 0;
  double able_within_oom = 0;
};

struct LeakParameters {  // M3.2
  bool enabled = true;
  double gated_per_year = 0;
  double closed_per_year = 0;
  double factor_per_level = 0;
};

struct AccessParameters {  // M4
  double adoption_sharpness = 0;
  double hosted_preference = 0;
  double developer_weights_preference = 0;
  double gate_accept = 0;
  double third_party_host = 0;
  double third_party_hosts = 0;
  double inference_usd_per_year = 0;
  double inference_exponent = 0;
};

struct FingersParameters {  // M5
  bool enabled = true;
  double press_scale = 0;
  double critical_oom = 0;
  double critical_width_oom = 0;
  double stop = 0;
  double elicitation_hosted_oom = 0;
  double elicitation_finetune_oom = 0;
  double elicitation_tune_oom = 0;
  double elicitation_source_oom = 0;
  double elicitation_cap_oom = 0;
  double pretrain_fraction = 0;
  double tune_usd = 0;
  double alpha = 0;
  double x_min_musd = 0;
  double cap_musd = 0;
};

inline constexpr std::size_t kFlawKinds = 4;
enum class FlawKind : std::uint8_t { safeguard, security, diffuse, control };
inline constexpr std::array<std::string_view, kFlawKinds> kFlawKindNames = {"safeguard", "security",
                                                                            "diffuse", "control"};

struct FlawParameters {  // M6.1
  bool enabled = true;
  std::array<double, kFlawKinds> mean{};
  double carryover = 0;
  double virulence_index = 0;
  double virulence_low = 0;   // E_lo
  double virulence_high = 0;  // E_hi
  double deep_share = 0;
  double unwarned_share = 0;
};

/// What can be seen of a model in a form: of shallow and of deep flaws.
struct Visibility {
  double shallow = 0;
  double deep = 0;
};

struct ScrutinyParameters {  // M6.2, M6.3
  bool enabled = true;
  double find_per_eye_year = 0;
  double returns_to_eyeballs = 0;
  double internal_eyes = 0;
  double eyes_per_developer = 0;
  double eyes_per_user = 0;
  double eyes_per_bad_actor = 0;
  double share_exploit = 0;
  Visibility internal, hosted, structured, weights, source;
};

struct DerivativeParameters {  // M4, M5.5, M6.5
  bool enabled = true;
  double publish = 0;
  double tune_erosion = 0;
  double layer_flaws = 0;
  double merge = 0;
  double maintainer_shape = 0;
  double maintainer_scale_days = 0;
};

struct DisclosureParameters {  // M6.3
  bool enabled = true;
  double weaponise_per_year = 0;
  double pre_disclosure = 0;
};

struct PatchParameters {  // M6.4, M6.5
  bool enabled = true;
  double latency_days = 0;
  double strength = 0;
  double shape = 0;
  double scale_days = 0;
  double never_update = 0;
  double trait_share = 0;  // patch_trait
  std::uint64_t panel = 0;
};

struct MisuseParameters {  // M7
  bool enabled = true;
  double no_ai_oom = 0;
  double skill_slope = 0;
  double risk_aversion_oom = 0;
  std::uint64_t tries = 0;
  double pass_per_try_guarded = 0;
  double pass_per_try_plain = 0;
  double pass_known_flaw = 0;
  double strip_success = 0;
};

struct ExploitParameters {  // M7.3
  bool enabled = true;
  double exploit_share = 0;
  double exploit_oom = 0;
  double harm_factor = 0;
};

struct MonitoringParameters {  // M8
  bool enabled = true;
  double true_positive_rate = 0;
  double false_positive_rate = 0;
  double uses_per_user_month = 0;
  double analysts = 0;
  double reviews_per_analyst_month = 0;
  double nuisance_per_user_year = 0;
  double reentry_months = 0;
  double arrest = 0;
  double detection_memory = 0;
  double third_party_factor = 0;
};

struct AppealParameters {  // M8.2
  bool enabled = true;
  double share = 0;
  double success = 0;
  double months = 0;
};

struct DefenceParameters {  // M9
  bool enabled = true;
  double weights_uplift_oom = 0;
  double defence_gain = 0;
  double learning_oom = 0;
};

struct DiffuseParameters {  // M11
  bool enabled = true;
  double musd_per_user_year = 0;
  double manipulation = 0;
  double observations_per_user_month = 0;
  double base_rate = 0;  // p0
  double effect_per_virulence = 0;
  double alarm_run_length = 0;  // ARL
  double disclosure = 0;
  double pooling = 0;
  double attribution_hosted = 0;
  double attribution_weights = 0;
  double attribution_source = 0;
  double layer_penalty = 0;
  double wrong_layer_months = 0;
  double provenance = 0;
  double least_event_musd = 0;
};

struct CatastropheParameters {
  double musd = 0;
  bool absorbing = true;
  double pause_months = 0;
};

struct ConcentrationParameters {  // M12.1
  bool enabled = true;
  double capture_per_year = 0;
  double index_reference = 0;  // hhi_ref
  double capture_oom = 0;
  double width_oom = 0;
  double alpha = 0;
  double x_min_musd = 0;
  double cap_musd = 0;
};

struct ShockParameters {  // M13
  bool enabled = true;
  double terms_per_year = 0;
  double withdraw_per_year = 0;
  double stop_release_per_year = 0;
  double migration_months = 0;
  Form after_stop = Form::hosted;
};

struct ResponseParameters {  // M12.2
  bool enabled = true;
};

/// Somebody with so much money a year, for whom freedom is measured too (M14).
struct BudgetClass {
  std::string name;
  double usd_per_year = 0;
};

struct FreedomParameters {  // M14
  double reach_oom = 0;
  double hosted_run_possible = 0;
  double finetune_possible = 0;
  bool weights_are_source = false;
  double naming_duty_cost = 0;
  double large_licensee_share = 0;
  std::vector<BudgetClass> budget_classes;  // sorted by name
  double benefit_slope = 0;
  double benefit_tuning = 0;
};

struct ReportingParameters {  // M15
  double report_misuse = 0;
  double report_control = 0;
  double report_state = 0;
  double report_growth = 0;
};

struct Mechanisms {
  TrendParameters trends;
  TrainingParameters training;
  ReleaseParameters release;
  LeakParameters leaks;
  CopyingParameters copying;
  TheftParameters theft;
  AccessParameters access;
  FingersParameters fingers;
  FlawParameters flaws;
  DerivativeParameters derivatives;
  ScrutinyParameters scrutiny;
  DisclosureParameters disclosure;
  PatchParameters patches;
  MisuseParameters misuse;
  ExploitParameters exploits;
  MonitoringParameters monitoring;
  AppealParameters appeals;
  DefenceParameters defence;
  StateParameters states;
  DiffuseParameters diffuse;
  CatastropheParameters catastrophe;
  ConcentrationParameters concentration;
  ShockParameters shocks;
  ResponseParameters response;
  FreedomParameters freedom;
  ReportingParameters reporting;
};

/// A change of a given model's form on a day of its own.
struct LaterForm {
  double year = 0;
  Form form = Form::internal;
};

/// A model that exists at the start, or comes out in a given year (M1.7).
struct InitialModel {
  std::string name;
  std::uint64_t rank = 1;  // of its lab within the group
  double capability_oom = 0;
  double year = 0;
  Form form = Form::internal;
  Licence licence;
  bool monitored = false;
  std::vector<LaterForm> later;  // in order of year
};

struct LabGroup {  // M1.3
  std::string name;
  std::string bloc;
  std::string regime;  // empty: follows the regime under study
  std::uint64_t count = 0;
  double budget_usd_per_year = 0;
  double zipf = 0;
  double growth = 0;
  double cap_usd_per_year = 0;
  double cadence_months = 0;
  double safety_share = 0;
  double security_level = 0;
  double strip_success = std::numeric_limits<double>::quiet_NaN();  // NaN: that of misuse
  double displacement = 0;
  double displacement_oom = 0;
  double lag_months = 0;  // row_lag_months; 0: trains on its own
  std::vector<InitialModel> initial_models;
};

struct DeveloperParameters {  // M5.1
  std::uint64_t count = 0;
  double weight = 0;
  double activity_mean = 0;
  double activity_shape = 0;
  double recklessness_sd_ln = 0;
  double diligence_a = 0;
  double diligence_b = 0;
  double budget_mean_log10_usd = 0;
  double budget_sd_log10_usd = 0;

  bool operator==(const DeveloperParameters&) const = default;
};

struct AuditorParameters {
  std::uint64_t count = 0;
  double skill_sd_ln = 0;
};

struct BadActorParameters {  // M7.1
  std::uint64_t count = 0;
  double attempts_mean = 0;
  double attempts_shape = 0;

  bool operator==(const BadActorParameters&) const = default;
};

struct UserParameters {  // M4
  double most = 0;
  double middle_years = 0;
  double width_years = 0;
};

struct DefenderParameters {  // M9
  std::uint64_t count = 0;
  double lag_shape = 0;
  double lag_scale_months = 0;
};

struct Population {
  DeveloperParameters developers;
  AuditorParameters auditors;
  BadActorParameters bad_actors;
  UserParameters users;
  DefenderParameters defenders;
};

struct Domain {  // M7.2, M9
  std::string name;
  double share = 0;
  double base_logit = 0;
  double balance_per_oom = 0;
  double scale_per_oom = 0;
  double alpha = 0;
  double x_min_musd = 0;
  double cap_musd = 0;
  double defence_start_oom = 0;
  double defence_drift_oom_per_year = 0;
  double defence_uplift = 0;
};

struct OutputParameters {
  double discount_rate = 0;
  bool averted_events = true;
  bool models = false;
  bool digests = false;
};

struct ClaimFigure {
  std::vector<std::string> outcomes;
  std::string x;  // pointer of a factor; empty: regimes
};

/// An argument that the experiment tests, with the figure that shows it.
struct Claim {
  bool made = false;
  std::string words;
  std::string source;
  std::string about;
  ClaimFigure figure;
};

struct Scenario {
  std::string title;
  Claim claim;
  bool ai = true;
  StreamSeeds seeds;
  TimeParameters time;
  Mechanisms mechanisms;
  std::vector<LabGroup> labs;  // sorted by name
  Population population;
  std::vector<Domain> domains;  // sorted by name
  std::vector<State> states;    // sorted by name
  std::vector<Regime> regimes;  // sorted by name
  Experiment experiment;
  OutputParameters output;
  std::uint32_t study_regime = 0;  // number in `regimes` of the point being run

  [[nodiscard]] Clock clock() const;
  /// Number of a regime in `regimes`. Expects it to exist.
  [[nodiscard]] std::uint32_t regime_number(const std::string& name) const;
};

/// Declares and (with a reader) reads the whole input.
void declare(Parameters& p, Scenario& x);

// The parts of it, each in its own file.
void declare(Parameters& p, Mechanisms& x);
void declare(Parameters& p, Population& x);
void declare_labs(Parameters& p, std::vector<LabGroup>& labs);
void declare_domains(Parameters& p, std::vector<Domain>& domains);
void declare_adversaries(Parameters& p, std::vector<State>& states);
void declare_claim(Parameters& p, Claim& x);

/// Mistakes of a claim that only the whole input shows.
void check_claim(Parameters& p, const Scenario& x);

}  // namespace fingers
