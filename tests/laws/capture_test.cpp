// Law: capture (M12.1). With one host and a frontier that stands still the hazard of abuse is
// constant: P(T) = 1 − exp(−rate·(H − H_ref)·σ((c − capture_oom)/width)·T), H = 1 for a maker's
// service, H = s²/n for weights of which n other hosts run the share s; its harm is a truncated
// Pareto. Bound: a standard error of 0.012. Wrong variants: no threshold; H of a service.
#include <cmath>

#include "tests/support/catch.hpp"
#include "tests/support/law_world.hpp"

namespace fingers {

namespace {

constexpr double kRate = 3.0;
constexpr double kReference = 0.2;

LawConfig world_of_power(const char* form) {
  return LawConfig::quiet()
      .set("/labs/lab/initial_models/0/form", form)
      .set("/mechanisms/access/third_party_host", 0.8)
      .set("/mechanisms/access/third_party_hosts", 2)
      .set("/mechanisms/concentration/enabled", "true")
      .set("/mechanisms/concentration/capture_per_year", kRate)
      .set("/mechanisms/concentration/index_reference", kReference)
      .set("/mechanisms/concentration/capture_oom", 30)
      .set("/experiment/replicates", 1500);
}

double captured(const RunView& run) { return std::isnan(run.outcome("captured_year")) ? 0.0 : 1.0; }

double chance(double index, double reference) {
  return -std::expm1(-kRate * std::max(0.0, index - reference) * 0.5);
}

}  // namespace

TEST_CASE("concentrated power is abused at a constant hazard") {
  const LawRuns hosted(world_of_power("\"hosted\""));
  check_law("one service", mean_of(hosted.measure(0, captured)),
            {.expected = chance(1.0, kReference), .bound = 0.015, .wrong = chance(1.0, 0.0)});
  const LawRuns weights(world_of_power("\"open_weights\""));
  check_law(
      "weights at two hosts", mean_of(weights.measure(0, captured)),
      {.expected = chance(0.32, kReference), .bound = 0.015, .wrong = chance(1.0, kReference)});
}

}  // namespace fingers
