// What tests of balance share: a setting counts only inside the declared ranges of belief, and a
// sign only where the mean over paired replicates lies more than four standard errors from zero
// (chance of a false pass: 3e-5).
#pragma once

#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "agents/simulation.hpp"
#include "tests/support/estimate.hpp"

namespace fingers {

/// Parameters under a pointer that lie outside their declared range of belief.
inline std::vector<std::string> unbelieved(const Batch& batch, std::string_view below = "/") {
  std::vector<std::string> pointers;
  for (const ParameterReader::Resolved& parameter : batch.parameters) {
    const Range& belief = parameter.declaration.belief;
    const double value = std::strtod(parameter.value_text.c_str(), nullptr);
    if (parameter.pointer.starts_with(below) && (value < belief.low || value > belief.high)) {
      pointers.push_back(parameter.pointer + " = " + parameter.value_text);
    }
  }
  return pointers;
}

inline bool is_below_zero(const MeanEstimate& e) { return e.value + 4 * e.standard_error < 0; }
inline bool is_above_zero(const MeanEstimate& e) { return e.value - 4 * e.standard_error > 0; }

}  // namespace fingers
