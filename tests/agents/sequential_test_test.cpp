// The sequential test on reports (M11), by hand; how long it takes is a law (tests/laws).
#include "agents/sequential_test.hpp"

#include <cmath>

#include "tests/support/catch.hpp"

using namespace fingers;

namespace {

double observe_in(std::uint32_t step, SequentialTest& test, double n, const ReportLaw& law,
                  double alarm) {
  const StreamKey key = make_key(1, StreamKind::dynamics, 0);
  const Address at{.identity = 1, .step = step, .process = 0, .draw = 0};
  return observe(test, n, law, alarm, {.key = key, .address = at});
}

}  // namespace

TEST_CASE("a report tells the exact Bernoulli divergence, and its log ratio's variance") {
  const double p0 = 0.2;
  const double p1 = 0.3;
  const ReportLaw law = report_law(p0, 0.5);
  const double yes = std::log(p1 / p0);
  const double no = std::log((1 - p1) / (1 - p0));
  CHECK(law.divergence == Approx(p1 * yes + (1 - p1) * no).epsilon(1e-12));
  CHECK(law.variance == Approx(p1 * (1 - p1) * (yes - no) * (yes - no)).epsilon(1e-12));
}

TEST_CASE("laws of many effects are those of each") {
  const std::vector<double> effects = {0, 1e-9, 1e-4, 0.5, 3, 700, 1e6};
  const std::vector<ReportLaw> laws = report_laws(0.0015, effects);
  REQUIRE(laws.size() == effects.size());
  for (std::size_t i = 0; i < effects.size(); ++i) {
    const ReportLaw law = report_law(0.0015, effects[i]);
    CHECK(laws[i].divergence == law.divergence);
    CHECK(laws[i].variance == law.variance);
  }
}

TEST_CASE("for a small effect the divergence is half its square over the odds of a report") {
  const double p0 = 0.0015;
  for (const double effect : {1e-2, 1e-4, 1e-6}) {
    const ReportLaw law = report_law(p0, effect);
    const double half_square = 0.5 * p0 / (1 - p0) * effect * effect;
    CHECK(law.divergence == Approx(half_square).epsilon(2 * effect + 1e-6));
    CHECK(law.variance == Approx(2 * half_square).epsilon(2 * effect + 1e-6));
  }
}

TEST_CASE("no effect makes a harmed user certain to report") {
  CHECK(std::isfinite(report_law(0.5, 1e9).divergence));
  CHECK(report_law(0.0015, 0).divergence == 0);
}

TEST_CASE("an alarm is told at the time at which the sum crosses it") {
  SequentialTest test;
  const ReportLaw certain{.divergence = 1, .variance = 0};
  CHECK(std::isinf(observe_in(0, test, 3, certain, 4)));
  CHECK(test.statistic == 3);
  CHECK(observe_in(1, test, 4, certain, 4) == 0.25);
}

TEST_CASE("the sum never falls below nothing") {
  SequentialTest test;
  const ReportLaw noise{.divergence = 1e-9, .variance = 1};
  for (std::uint32_t step = 0; step < 50; ++step) {
    observe_in(step, test, 2e6, noise, 1e9);
    CHECK(test.statistic >= 0);
  }
}

TEST_CASE("reports too few to tell anything wait for more") {
  SequentialTest test;
  const ReportLaw law{.divergence = 1e-6, .variance = 0};
  for (std::uint32_t step = 0; step < 9; ++step) {
    observe_in(step, test, 100, law, 1);
  }
  CHECK(test.statistic == 0);
  observe_in(9, test, 110, law, 1);
  CHECK(test.statistic == Approx(1.01e-3));
}
