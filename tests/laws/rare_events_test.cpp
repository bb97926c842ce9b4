// Law: rare events (docs/rare-events.md). Splitting finds the probability of what gathers slowly,
// and refuses what comes by single jumps; both have closed forms here.
// Setting: misuse alone, without AI, bad actors of equal rate and nothing that stops them, for five
// years: their attempts are a Poisson process with 100 expected, so that P(at least k attempts) is
// the tail of a Poisson count of mean 100. Half of them succeed and do harm of a truncated Pareto
// size, so that P(some month of at least x) is about that of one event of at least x,
// 1 - exp(-50·(1 - F(x))). Exact at any step, since attempts only add up. Bound: a relative
// standard error of 0.1 at 10⁻³, 0.25 at 10⁻⁵. Wrong variant: a mean of 105.
#include <algorithm>
#include <cmath>

#include "agents/rare_event.hpp"
#include "engine/splitting_report.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/law_world.hpp"

namespace fingers {

namespace {

constexpr double kAttempts = 100;

LawConfig world_of_attempts() {
  LawConfig config = LawConfig::quiet();
  config.set("/time/years", 5)
      .set("/ai", "false")
      .set("/domains/misuse", "{}")
      .set("/domains/misuse/share", 1)
      .set("/domains/misuse/base_logit", 0)
      .set("/domains/misuse/balance_per_oom", 0)
      .set("/domains/misuse/scale_per_oom", 0)
      .set("/domains/misuse/alpha", 0.7)
      .set("/domains/misuse/x_min_musd", 1)
      .set("/domains/misuse/cap_musd", 1e9)
      .set("/domains/misuse/defence_start_oom", 24.5)
      .set("/domains/misuse/defence_drift_oom_per_year", 0)
      .set("/domains/misuse/defence_uplift", 0)
      .set("/mechanisms/misuse/enabled", "true")
      .set("/mechanisms/misuse/skill_slope", 0)
      .set("/population/bad_actors/count", 10)
      .set("/population/bad_actors/attempts_mean", kAttempts / 50);
  return config;
}

SplittingReport split(const std::string& splitting) {
  LawConfig config = world_of_attempts();
  config.set("/experiment/splitting", splitting);
  const Batch batch = read_batch(config.document());
  REQUIRE(batch.mistakes.empty());
  const SplittingSpec& spec = batch.scenario.experiment.splitting;
  const Simulation simulation(batch.points);
  const ScoredSimulation model(simulation, batch.scenario);
  const std::atomic<bool> stop{false};
  const SplittingTask task{.point = 0,
                           .seeds = batch.scenario.seeds,
                           .threshold = model.as_score(spec.threshold),
                           .foretold = spec.guide == Guide::foretold,
                           .levels = {},
                           .trajectories = static_cast<std::uint32_t>(spec.trajectories),
                           .repetitions = static_cast<std::uint32_t>(spec.repetitions),
                           .plain_runs = static_cast<std::uint32_t>(spec.plain_runs)};
  return splitting_report(Splitting(model, task).run(2, stop), spec.confidence);
}

/// P(N >= k) for a Poisson N.
double poisson_tail(double mean, std::uint32_t k) {
  double sum = 0;
  for (std::uint32_t i = k; i < k + 400; ++i) {
    sum += std::exp(i * std::log(mean) - mean - std::lgamma(i + 1.0));
  }
  return sum;
}

void check_tail(std::uint32_t threshold, double bound) {
  const SplittingReport report =
      split(R"({"score": "attempts", "trajectories": 400, "threshold": )" +
            std::to_string(threshold) + "}");
  CHECK(report.usable());
  const double exact = poisson_tail(kAttempts, threshold);
  check_law("P(attempts >= " + std::to_string(threshold) + ")", mean_of(report.estimates),
            {.expected = exact, .bound = bound * exact, .wrong = poisson_tail(105, threshold)});
}

}  // namespace

TEST_CASE("splitting finds a rare sum of attempts that plain runs see too") {
  check_tail(132, 0.1);
}

TEST_CASE("splitting finds a rare sum of attempts at one in a hundred thousand", "[slow]") {
  check_tail(146, 0.25);
}

TEST_CASE("splitting refuses the harm of one great event", "[slow]") {
  for (const char* threshold : {"3e5", "1e7"}) {
    const SplittingReport report =
        split(R"({"score": "harm_musd", "over_time": "highest", "threshold": )" +
              std::string(threshold) + "}");
    INFO("threshold " << threshold << ": " << report.event().probability);
    CHECK_FALSE(report.usable());
  }
}

}  // namespace fingers
