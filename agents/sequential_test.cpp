#include "agents/sequential_test.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/arithmetic.hpp"
#include "engine/lanes.hpp"

namespace fingers {

namespace {

double capped(double base_rate, double effect) {
  return std::min(effect, 0.5 * (1.0 - base_rate) / base_rate);
}

/// From ln(p1 / p0), if a user reports, and ln((1 - p1) / (1 - p0)), if not.
ReportLaw law_of(double base_rate, double effect, double if_reported, double if_not) {
  const double harmed_rate = base_rate * (1.0 + effect);
  const double divergence = harmed_rate * if_reported + (1.0 - harmed_rate) * if_not;
  const double width = if_reported - if_not;
  return {.divergence = std::max(0.0, divergence),
          .variance = harmed_rate * (1.0 - harmed_rate) * width * width};
}

/// What the second logarithm is of, less 1: both ratios to first order in the small effect, so that
/// nothing cancels early.
double less_if_not(double base_rate, double effect) {
  return -base_rate * effect / (1.0 - base_rate);
}

}  // namespace

ReportLaw report_law(double base_rate, double asked_effect) {
  const double effect = capped(base_rate, asked_effect);
  return law_of(base_rate, effect, portable_log1p(effect),
                portable_log1p(less_if_not(base_rate, effect)));
}

std::vector<ReportLaw> report_laws(double base_rate, const std::vector<double>& effects) {
  const auto n = static_cast<std::uint32_t>(effects.size());
  std::vector<double> logs;  // of reports, then of none
  logs.reserve(std::size_t{2} * n);
  for (const double effect : effects) {
    logs.push_back(capped(base_rate, effect));
  }
  for (const double effect : effects) {
    logs.push_back(less_if_not(base_rate, capped(base_rate, effect)));
  }
  lane_kernels().log1p_row(logs.data(), 2 * n);
  std::vector<ReportLaw> laws;
  laws.reserve(n);
  for (std::size_t i = 0; i < n; ++i) {
    laws.push_back(law_of(base_rate, capped(base_rate, effects[i]), logs[i], logs[n + i]));
  }
  return laws;
}

double settle(SequentialTest& test, double alarm, const DrawPlace& place) {
  Stream stream(place.key, place.address);
  const double before = test.statistic;
  const double after = before + test.mean + std::sqrt(test.variance) * normal(stream);
  test = {.statistic = std::max(0.0, after)};
  return after > alarm ? std::max(0.0, alarm - before) / (after - before)
                       : std::numeric_limits<double>::infinity();
}

double observe(SequentialTest& test, double n, const ReportLaw& law, double alarm,
               const DrawPlace& place) {
  return gather(test, n, law) ? settle(test, alarm, place)
                              : std::numeric_limits<double>::infinity();
}

}  // namespace fingers
