// A sequential test on reports (M11): a cumulative sum that raises an alarm once reports of harm
// have come in more often than they would without it.
#pragma once

#include <vector>

#include "engine/random.hpp"

namespace fingers {

/// What one observed user tells: the log likelihood ratio of p1 = p0(1 + effect) against p0, when
/// p1 is true.
struct ReportLaw {
  double divergence = 0;  ///< its mean: the exact Bernoulli KL(p1 || p0)
  double variance = 0;    ///< its variance
};

/// Expects 0 < base_rate < 1 and effect >= 0; no effect takes p1 further than half way from p0
/// to 1.
ReportLaw report_law(double base_rate, double effect);

/// The same for many effects.
std::vector<ReportLaw> report_laws(double base_rate, const std::vector<double>& effects);

/// The state of one observer's test.
struct SequentialTest {
  double statistic = 0;  ///< W
  double mean = 0;       ///< of reports that came in and are not drawn yet
  double variance = 0;
};

/// Below this much expected information reports wait for those of the next step: one draw then
/// stands for all of them. The sum keeps its distribution; only where W is held at 0 does it see
/// fewer times, which moves the alarm's threshold by less than 0.6·sqrt(2·kLeastInformation) =
/// 0.03.
inline constexpr double kLeastInformation = 1e-3;

/// Adds what n observed users report. Answers whether that is enough to be drawn.
inline bool gather(SequentialTest& test, double n, const ReportLaw& law) {
  test.mean += n * law.divergence;
  test.variance += n * law.variance;
  return test.mean >= kLeastInformation;
}

/// Where a test's draw of the step stands.
struct DrawPlace {
  const StreamKey& key;
  const Address& address;
};

/// W ← max(0, W + N(n·KL, n·v)) for the n users whose reports were gathered. Answers the share of
/// the step after which W has crossed `alarm`, by interpolation; infinity: it has not.
double settle(SequentialTest& test, double alarm, const DrawPlace& place);

/// Both, where enough was gathered; infinity where it was not.
double observe(SequentialTest& test, double n, const ReportLaw& law, double alarm,
               const DrawPlace& place);

}  // namespace fingers
