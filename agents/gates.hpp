// The capability gate (M2.3): whose estimates decide how far out a model may come.
#pragma once

#include <cstdint>

#include "agents/models.hpp"
#include "policies/rules.hpp"

namespace fingers {

struct World;

/// A model before its gate.
struct GateCase {
  std::uint64_t identity = 0;  ///< of its birth
  LabId maker = 0;
  double visible_oom = 0;  ///< capability that evaluations see; -infinity: no gate applies
};

/// The form a regime gives a model on its decision day, the gate included.
Form decided_form(const World& world, const Rules& rules, const GateCase& model);

/// By how many errors of an estimate [sigma] a lab stays below the gate when it votes as in the
/// symmetric equilibrium of n labs, any of which may release: Φ⁻¹(τ*) with τ/(1 − τ) = ((2 −
/// τ)/τ)^(n − 1). 0 for n = 1. Expects 1 <= n <= 250.
double equilibrium_caution(std::uint32_t n);

}  // namespace fingers
