// Law: monotone, paired (M17; Conventions: a larger hazard never acts later). With the same draws,
// more fingers never press less, more defence never means more harm, and better evaluations never
// more losses of control: not on average but in every replicate, act by act. Setting: one mechanism
// on, absorbing false, no rules, no learning, no publishing; nothing is mended, so that an act
// cannot spare a later one. Bound: none, the law is exact. Wrong variant: the same comparison
// between replicates with different draws, which must break the law.
#include <algorithm>

#include "tests/support/catch.hpp"
#include "tests/support/law_world.hpp"

namespace fingers {

namespace {

constexpr int kReplicates = 60;

/// What a replicate holds, by the level of the one factor: [level][replicate].
using Levels = std::vector<std::vector<double>>;

Levels by_level(const LawConfig& config, std::string_view outcome) {
  const LawRuns runs(config);
  Levels levels;
  for (std::uint32_t point = 0; point < runs.n_points(); ++point) {
    levels.push_back(runs.measure(point, [&](const RunView& run) { return run.outcome(outcome); }));
  }
  return levels;
}

/// Pairs of replicates, `shift` apart in their draws, in which a higher level has more.
int rises(const Levels& levels, std::size_t shift) {
  int n = 0;
  for (std::size_t level = 1; level < levels.size(); ++level) {
    const auto& below = levels[level - 1];
    for (std::size_t i = 0; i < below.size(); ++i) {
      n += levels[level][(i + shift) % below.size()] > below[i] ? 1 : 0;
    }
  }
  return n;
}

/// The law for a quantity that must not rise with the factor: never a rise with the same draws,
/// some with others; and the factor does something.
void check_never_rises(Levels levels) {
  CHECK(rises(levels, 0) == 0);
  CHECK(rises(levels, 1) > 0);
  std::ranges::reverse(levels);
  CHECK(rises(levels, 0) > kReplicates / 2);
}

void check_never_falls(Levels levels) {
  std::ranges::reverse(levels);
  check_never_rises(std::move(levels));
}

LawConfig world_of_fingers() {
  return LawConfig::quiet()
      .set("/mechanisms/fingers/enabled", "true")
      .set("/mechanisms/fingers/press_scale", 0.05)
      .set("/mechanisms/fingers/elicitation_cap_oom", 1)
      .set("/mechanisms/fingers/critical_oom", 31)
      .set("/mechanisms/patches/enabled", "false")
      .set("/mechanisms/catastrophe/absorbing", "false")
      .set("/mechanisms/flaws/mean/control", 10)
      .set("/mechanisms/flaws/virulence_low", 1e-3)
      .set("/population/developers/count", 100)
      .set("/population/developers/activity_mean", 5)
      .set("/population/developers/activity_shape", 0.5)
      .set("/population/developers/recklessness_sd_ln", 1)
      .set("/experiment/replicates", kReplicates);
}

LawConfig world_of_misuse() {
  return LawConfig::quiet()
      .set("/mechanisms/misuse/enabled", "true")
      .set("/mechanisms/defence/enabled", "true")
      .set("/mechanisms/catastrophe/absorbing", "false")
      .set("/domains", R"({"bio": {"base_logit": -1}, "cyber": {"base_logit": -1}})")
      .set("/population/bad_actors/count", 100)
      .set("/experiment/replicates", kReplicates);
}

LawConfig with_factor(LawConfig config, const std::string& pointer, const std::string& values) {
  return config.set("/experiment/factors", "{\"" + pointer + R"(": {"values": )" + values + "}}");
}

}  // namespace

TEST_CASE("more fingers never press less") {
  for (const auto& [pointer, values] :
       {std::pair{"/population/developers/count", "[50, 100, 200]"},
        std::pair{"/population/developers/weight", "[1, 1.5, 4]"},
        std::pair{"/population/developers/activity_mean", "[2, 3, 6]"}}) {
    INFO(pointer);
    check_never_falls(
        by_level(with_factor(world_of_fingers(), pointer, values), "events_loss_of_control"));
  }
}

TEST_CASE("better evaluations never lose control more often") {
  check_never_rises(by_level(
      with_factor(world_of_fingers(), "/mechanisms/training/evaluation_quality", "[0, 0.3, 0.9]"),
      "events_loss_of_control"));
}

TEST_CASE("more defence never means more harm") {
  for (const auto& [pointer, values] :
       {std::pair{"/domains/bio/defence_start_oom", "[24, 26, 28]"},
        std::pair{"/domains/cyber/defence_drift_oom_per_year", "[0, 1, 3]"}}) {
    INFO(pointer);
    check_never_rises(by_level(with_factor(world_of_misuse(), pointer, values), "harm_musd"));
  }
}

}  // namespace fingers
