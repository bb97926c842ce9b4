// Each able lab's estimate has an address of its own, made of the model's identity and the lab's,
// so that neither the rule nor who else can judge shifts another's draw.
#include "agents/gates.hpp"

#include <algorithm>
#include <vector>

#include "agents/addresses.hpp"
#include "agents/world.hpp"
#include "engine/arithmetic.hpp"
#include "engine/contract.hpp"

namespace fingers {

namespace {

constexpr std::uint32_t kMostLabs = 250;  ///< check_values refuses more

/// Where a function that rises from below 0 to above it on [low, high] crosses it. Bisection, so
/// that every machine finds the same bits.
template <typename Function>
double crossing(double low, double high, const Function& rising) {
  constexpr int kHalvings = 60;  // beyond the precision of a double
  for (int i = 0; i < kHalvings; ++i) {
    const double middle = 0.5 * (low + high);
    (rising(middle) < 0 ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

/// Φ(z) for 0 <= z <= 4, by the series 1/2 + φ(z)·(z + z³/3 + z⁵/(3·5) + …).
double normal_probability(double z) {
  constexpr double kInverseRootTwoPi = 0.3989422804014327;
  constexpr int kTerms = 80;  // the rest is below 1e-17 for z <= 4
  double term = z;
  double sum = z;
  for (int k = 1; k < kTerms; ++k) {
    term *= z * z / (2.0 * k + 1.0);
    sum += term;
  }
  return 0.5 + kInverseRootTwoPi * portable_exp(-0.5 * z * z) * sum;
}

double solved_caution(std::uint32_t n) {
  if (n == 1) {
    return 0;  // exactly: a lab alone judges as under the rule `own`
  }
  constexpr double kEdge = 1e-12;
  constexpr double kMostSigma = 4;
  const double others = n - 1.0;
  const double threshold = crossing(kEdge, 1.0 - kEdge, [others](double tau) {
    return portable_log(tau / (1.0 - tau)) - others * portable_log((2.0 - tau) / tau);
  });
  return crossing(0.0, kMostSigma,
                  [threshold](double z) { return normal_probability(z) - threshold; });
}

/// What a lab's evaluation says of the model, drawn once for each form that it may get.
double estimate_oom(const World& world, const GateCase& model, Form form, LabId lab) {
  const std::uint64_t identity = lab == model.maker
                                     ? model.identity
                                     : birth_identity(static_cast<std::uint64_t>(Birth::estimate),
                                                      model.identity, 0, world.labs.identity[lab]);
  Stream stream(world.lasting,
                address(identity, Process::gate_estimate, 0, 4 * static_cast<std::uint32_t>(form)));
  return model.visible_oom + world.scenario->mechanisms.release.evaluation_sd_oom * normal(stream);
}

/// Estimates of all labs that could release a model of this class; the maker's is the first.
std::vector<double> estimates_oom(const World& world, const GateCase& model, Form form) {
  const double enough = model.visible_oom - world.scenario->mechanisms.release.able_within_oom;
  std::vector<double> estimates = {estimate_oom(world, model, form, model.maker)};
  for (LabId lab = 0; lab < world.labs.count(); ++lab) {
    const double reached = std::max(world.labs.best_oom[lab], world.labs.learnt_oom[lab]);
    if (lab != model.maker && reached >= enough) {
      estimates.push_back(estimate_oom(world, model, form, lab));
    }
  }
  return estimates;
}

/// Whether those who judge let the model pass the gate.
bool passes(const World& world, const ReleaseRules& rules, const GateCase& model, Form form) {
  if (rules.gate_rule == GateRule::own) {
    return estimate_oom(world, model, form, model.maker) <= rules.gate_oom;
  }
  const std::vector<double> estimates = estimates_oom(world, model, form);
  double gate = rules.gate_oom;
  if (rules.gate_rule == GateRule::rational) {
    gate -= world.scenario->mechanisms.release.evaluation_sd_oom *
            equilibrium_caution(static_cast<std::uint32_t>(estimates.size()));
  }
  const auto below = static_cast<std::size_t>(
      std::ranges::count_if(estimates, [gate](double estimate) { return estimate <= gate; }));
  // a tie keeps it back
  return rules.gate_rule == GateRule::majority ? 2 * below > estimates.size() : below > 0;
}

}  // namespace

double equilibrium_caution(std::uint32_t n) {
  static const std::vector<double> solved = [] {
    std::vector<double> table;
    for (std::uint32_t labs = 1; labs <= kMostLabs; ++labs) {
      table.push_back(solved_caution(labs));
    }
    return table;
  }();
  EXPECT_CONTRACT(n >= 1 && n <= kMostLabs);
  return solved[n - 1];
}

Form decided_form(const World& world, const Rules& rules, const GateCase& model) {
  const ReleaseRules& release = rules.release;
  if (model.visible_oom == -kInfinity || release.gate_oom == kInfinity ||
      release.gate_form >= release.form || passes(world, release, model, release.form)) {
    return release.form;
  }
  return release.gate_form;
}

}  // namespace fingers
