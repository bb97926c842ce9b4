// Declarations of single mechanisms, shared by the scenario_*.cpp files only.
#pragma once

#include "agents/scenario.hpp"

namespace fingers {

inline constexpr Declaration kSwitch = {.unit = {},
                                        .standard = 1,
                                        .allowed = {},
                                        .belief = {},
                                        .source = "switch",
                                        .meaning = "whether the mechanism acts at all"};

inline constexpr Range kShare{0, 1};
inline constexpr Range kPositive{1e-12, 1e30};
inline constexpr Range kNotNegative{0, 1e15};
inline constexpr Range kOom{0, 100};

/// The same declaration, with the text "infinite" accepted.
constexpr Declaration or_infinite(Declaration declaration) {
  declaration.may_be_infinite = true;
  return declaration;
}

void declare_flaws(Parameters& p, FlawParameters& x);
void declare_derivatives(Parameters& p, DerivativeParameters& x);
void declare_scrutiny(Parameters& p, ScrutinyParameters& x);
void declare_disclosure(Parameters& p, DisclosureParameters& x);
void declare_patches(Parameters& p, PatchParameters& x);
void declare_misuse(Parameters& p, MisuseParameters& x);
void declare_exploits(Parameters& p, ExploitParameters& x);
void declare_monitoring(Parameters& p, MonitoringParameters& x);
void declare_copying(Parameters& p, CopyingParameters& x);
void declare_theft(Parameters& p, TheftParameters& x);
void declare_states(Parameters& p, StateParameters& x);
void declare_appeals(Parameters& p, AppealParameters& x);
void declare_concentration(Parameters& p, ConcentrationParameters& x);
void declare_shocks(Parameters& p, ShockParameters& x);
void declare_defence(Parameters& p, DefenceParameters& x);
void declare_diffuse(Parameters& p, DiffuseParameters& x);
void declare_catastrophe(Parameters& p, CatastropheParameters& x);
void declare_response(Parameters& p, ResponseParameters& x);
void declare_freedom(Parameters& p, FreedomParameters& x);
void declare_reporting(Parameters& p, ReportingParameters& x);

}  // namespace fingers
