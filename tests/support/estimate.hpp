// A mean with its standard error, for tests that hold a sample against a bound.
#pragma once

#include <cmath>
#include <numeric>
#include <span>

namespace fingers {

struct MeanEstimate {
  double value = 0;
  double standard_error = 0;
};

/// Mean of independent values; expects at least two.
inline MeanEstimate mean_of(std::span<const double> values) {
  const auto n = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  double squares = 0;
  for (const double x : values) {
    squares += (x - mean) * (x - mean);
  }
  return {.value = mean, .standard_error = std::sqrt(squares / (n - 1) / n)};
}

}  // namespace fingers
