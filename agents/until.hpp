// Precision as the request (`experiment.until`): replicates are added until intervals of an outcome
// are narrow enough. What is asked for is declared here; the rule is engine/precision.hpp.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/parameters.hpp"
#include "engine/precision.hpp"

namespace fingers {

struct Scenario;

/// What a config asks for.
struct Until {
  bool asked = false;  // false: a fixed number of replicates
  std::string outcome;
  std::vector<std::string> contrast;  // two regimes; empty: each point on its own
  double half_width = 0;
  double confidence = 0;
  std::uint64_t minimum = 0;
  std::uint64_t maximum = 0;
};

void declare_until(Parameters& p, Until& x);

/// Mistakes of it that only the whole input shows.
void check_until(Parameters& p, const Scenario& x);

/// The same as the rule takes it: settings by their number in the design, the outcome by its place
/// among those of a run. Expects a scenario without mistakes that asks for it.
PrecisionTarget precision_target(const Scenario& x);

}  // namespace fingers
