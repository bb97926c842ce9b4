// The levers: everything a policy can move and an agent obeys. A policy writes Rules, agents read
// them; nothing else passes between the two. Plain numbers only (model.md M2.2, M12.2).
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <string_view>

namespace fingers {

/// How far out a model is (M2.1), from least to most open.
enum class Form : std::uint8_t {
  internal,         ///< used by its maker only
  hosted,           ///< used through its maker's service
  hosted_finetune,  ///< the service also fine-tunes it for its customers
  gated_weights,    ///< weights for those who are accepted
  open_weights,     ///< weights for anybody
  full_source       ///< weights, training code, data and recipe
};

inline constexpr std::array<std::string_view, 6> kFormNames = {
    "internal", "hosted", "hosted_finetune", "gated_weights", "open_weights", "full_source"};

constexpr bool weights_are_out(Form form) { return form >= Form::gated_weights; }
constexpr bool is_hosted(Form form) {
  return form == Form::hosted || form == Form::hosted_finetune;
}

/// Contribution of a lab's newest model to the openness O of M1.2.
constexpr double openness_weight(Form form) {
  constexpr std::array<double, 6> kWeight = {0.0, 0.0, 0.1, 0.4, 0.5, 1.0};
  return kWeight[static_cast<std::size_t>(form)];
}

/// What a licence grants (M2.2). Every field is 0 to 1 unless said otherwise.
struct Licence {
  double forbidden_share = 0;       ///< share of honest purposes that the terms forbid
  bool revocable = false;           ///< the licensor can end it
  bool terms_by_reference = false;  ///< refers to a policy that its author may change
  bool redistribution = true;       ///< copies may be passed on
  bool derivatives = true;          ///< modified versions may be made and passed on
  bool naming_duty = false;         ///< derivatives must carry the maker's name
  double user_cap = std::numeric_limits<double>::infinity();  ///< monthly users of one licensee
};

/// Whose estimate decides at a gate (M2.3).
enum class GateRule : std::uint8_t {
  own,       ///< the maker's
  naive,     ///< that of any lab able to release the class: the unilateralist's curse
  majority,  ///< more than half of them; a tie keeps the model back
  rational   ///< that of any, each as cautious as in equilibrium
};
inline constexpr std::array<std::string_view, 4> kGateRuleNames = {"own", "naive", "majority",
                                                                   "rational"};

struct ReleaseRules {
  Form form = Form::internal;
  /// Capability as evaluations see it [OOM] above which the lesser gate_form is used; infinity: no
  /// gate.
  double gate_oom = std::numeric_limits<double>::infinity();
  Form gate_form = Form::internal;
  GateRule gate_rule = GateRule::own;
};

struct AccessRules {
  bool structured = false;       ///< auditors get structured access (weights under supervision)
  bool defenders_first = false;  ///< defender organisations use a model before the public does
};

/// NaN: the value of the config's own `mechanisms/monitoring` holds.
struct MonitoringRules {
  bool on = false;                                                       ///< hosts filter and watch
  double true_positive_rate = std::numeric_limits<double>::quiet_NaN();  ///< per try
  double false_positive_rate = std::numeric_limits<double>::quiet_NaN();  ///< per honest use
  double analysts = std::numeric_limits<double>::quiet_NaN();             ///< people a host
};

struct SecurityRules {
  double extra_levels = 0;  ///< added to a lab's security level (M3)
};

struct SocietyRules {
  double defence_share = 0;        ///< share of effort that goes to defence, 0 to 1 (M9)
  double pace = 1;                 ///< brake on budgets and algorithms, 0 to 1 (M1.2, M1.3)
  double safety_factor = 1;        ///< multiplies the safety share of labs (M1.5)
  double compute_commons = 1;      ///< multiplies what a community budget can train (M5.4, M14)
  double recklessness_factor = 1;  ///< multiplies developers' recklessness, 0 to 1 (M5.3)
};

inline constexpr std::uint32_t kNoRegime = 0xFFFFFFFFU;

/// Switch to another regime after incidents (M12.2); after_incidents 0: never.
struct ResponseRules {
  std::uint32_t after_incidents = 0;
  double at_least_musd = 0;
  double within_months = 12;
  double lag_months = 0;
  std::uint32_t to_regime = kNoRegime;  ///< number in the scenario's list of regimes
  bool freeze = false;                  ///< staged clocks stand still after the switch
};

struct Rules {
  ReleaseRules release;
  AccessRules access;
  MonitoringRules monitoring;
  Licence licence;
  SecurityRules security;
  SocietyRules society;
  ResponseRules response;
};

}  // namespace fingers
