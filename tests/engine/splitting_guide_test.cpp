// What a guide foretells, where the answer is known.
#include "engine/splitting_guide.hpp"

#include <cmath>
#include <limits>

#include "engine/random.hpp"
#include "tests/support/catch.hpp"

using namespace fingers;

namespace {

constexpr std::uint32_t kGuidedSteps = 20;

/// Runs that gain `slope` in every step, each its own.
std::vector<ScoreHistory> straight_runs(std::size_t n) {
  std::vector<ScoreHistory> runs;
  for (std::size_t i = 0; i < n; ++i) {
    ScoreHistory run;
    for (std::uint32_t step = 0; step < kGuidedSteps; ++step) {
      run.push_back((1 + static_cast<double>(i)) * (step + 1));
    }
    runs.push_back(run);
  }
  return runs;
}

}  // namespace

TEST_CASE("a steady run is foretold to go on") {
  const SplittingGuide guide(straight_runs(50), kGuidedSteps);
  ScoreHistory history;
  for (std::uint32_t step = 0; step < kGuidedSteps; ++step) {
    history.push_back(7.5 * (step + 1));
    CHECK(guide.foretell(history) == Approx(7.5 * kGuidedSteps).epsilon(1e-3));
  }
}

TEST_CASE("what is only luck is foretold to stay") {
  // independent steps: what is still to come has its mean, whatever has come
  std::vector<ScoreHistory> runs(4000);
  for (std::uint32_t i = 0; i < runs.size(); ++i) {
    double sum = 0;
    for (std::uint32_t step = 0; step < kGuidedSteps; ++step) {
      Stream stream(make_key(3, StreamKind::dynamics, i),
                    {.identity = 1, .step = step, .process = 1, .draw = 0});
      sum += static_cast<double>(poisson(1.0, stream));
      runs[i].push_back(sum);
    }
  }
  const SplittingGuide guide(runs, kGuidedSteps);
  const ScoreHistory ahead = {1, 2, 3, 4, 5, 6, 7, 8, 9, 20};
  // slope 1 to ± 0.07 at a distance of 10 from the mean, which the runs' error gives
  CHECK(guide.foretell(ahead) == Approx(20 + 10).margin(2));
}

TEST_CASE("few runs, equal runs and runs without a score are no trouble") {
  const SplittingGuide few(straight_runs(10), kGuidedSteps);
  CHECK(few.foretell({4.0}) == 4.0);
  const std::vector<ScoreHistory> equal(40, ScoreHistory(kGuidedSteps, 3.0));
  CHECK(SplittingGuide(equal, kGuidedSteps).foretell({5.0}) == 3.0);
  const double none = std::numeric_limits<double>::quiet_NaN();
  std::vector<ScoreHistory> late = straight_runs(50);
  for (ScoreHistory& run : late) {
    run[0] = none;
  }
  const SplittingGuide guide(late, kGuidedSteps);
  CHECK(std::isinf(guide.foretell({none})));
  CHECK(guide.foretell({none, 15.0}) == Approx(7.5 * kGuidedSteps).epsilon(1e-3));
}
