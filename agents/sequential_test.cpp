#include "agents/sequential_test.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/arithmetic.hpp"

namespace fingers {

ReportLaw report_law(double base_rate, double asked_effect) {
  const double effect = std::min(asked_effect, 0.5 * (1.0 - base_rate) / base_rate);
  const double harmed_rate = base_rate * (1.0 + effect);
  // Logarithms of both ratios to first order in the small effect, so that nothing cancels early.
  const double if_reported = portable_log1p(effect);
  const double if_not = portable_log1p(-base_rate * effect / (1.0 - base_rate));
  const double divergence = harmed_rate * if_reported + (1.0 - harmed_rate) * if_not;
  const double width = if_reported - if_not;
  return {.divergence = std::max(0.0, divergence),
          .variance = harmed_rate * (1.0 - harmed_rate) * width * width};
}

double observe(SequentialTest& test, double n, const ReportLaw& law, double alarm,
               const DrawPlace& place) {
  constexpr double kNotYet = std::numeric_limits<double>::infinity();
  test.mean += n * law.divergence;
  test.variance += n * law.variance;
  if (test.mean < kLeastInformation) {
    return kNotYet;
  }
  Stream stream(place.key, place.address);
  const double before = test.statistic;
  const double after = before + test.mean + std::sqrt(test.variance) * normal(stream);
  test = {.statistic = std::max(0.0, after)};
  return after > alarm ? std::max(0.0, alarm - before) / (after - before) : kNotYet;
}

}  // namespace fingers
