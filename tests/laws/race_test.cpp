// Law: race for one flaw (M17, M6.2, M6.3). Eyeballs find a flaw at the rate λd and
// mend it at once; bad actors find it at λa, before the fix or in copies that lack it, and a fix
// shows them the hole at λw; a private deployment takes the fix at ρ (Weibull of shape 1). They
// learn it while the deployment is unpatched with the chance λa/(λa+λd) +
// λd/(λa+λd)·(λa+λw)/(λa+λw+ρ). Setting: security flaws of virulence 1 in weights that are out,
// eyes that do not change, fixes that take all of a flaw away, a horizon of 40/λd. The deployment's
// part is taken at its mean over delays. Bound: standard error of 0.006. Wrong variants: fixes show
// nothing; patches come at once.
#include "tests/support/catch.hpp"
#include "tests/support/law_world.hpp"

namespace fingers {

namespace {

struct Rates {
  double bad = 0;        ///< λa
  double eyes = 0;       ///< λd
  double weaponise = 0;  ///< λw
  double patch = 0;      ///< ρ
};

double learnt_open(const Rates& r) {
  const double first = r.bad / (r.bad + r.eyes);
  const double after = r.bad + r.weaponise;
  return first + (1 - first) * after / (after + r.patch);
}

LawConfig world_of_race(const Rates& r) {
  return LawConfig::quiet()
      .set("/time/years", 40 / r.eyes)
      .set("/mechanisms/flaws/mean/security", 40)
      .set("/mechanisms/flaws/virulence_low", 1)
      .set("/mechanisms/flaws/virulence_high", 1)
      .set("/mechanisms/scrutiny/enabled", "true")
      .set("/mechanisms/scrutiny/find_per_eye_year", 1)
      .set("/mechanisms/scrutiny/returns_to_eyeballs", 1)
      .set("/mechanisms/scrutiny/share_exploit", 1)
      .set("/mechanisms/scrutiny/eyes_per_bad_actor", r.bad)
      .set("/mechanisms/scrutiny/eyes_per_developer", r.eyes)
      .set("/mechanisms/disclosure/enabled", "true")
      .set("/mechanisms/disclosure/weaponise_per_year", r.weaponise)
      .set("/mechanisms/disclosure/pre_disclosure", 0)
      .set("/mechanisms/patches/shape", 1)
      .set("/mechanisms/patches/scale_days", kDaysPerYear / r.patch)
      .set("/mechanisms/patches/never_update", 0)
      .set("/population/bad_actors/count", 1)
      .set("/population/developers/count", 1)
      .set("/experiment/replicates", 400);
}

}  // namespace

TEST_CASE("bad actors learn of a flaw while a deployment is open as the race for it says") {
  for (const Rates& r :
       {Rates{1, 4, 1, 10}, Rates{1, 4, 4, 10}, Rates{1, 4, 10, 1}, Rates{0.5, 4, 10, 12}}) {
    const LawRuns runs(world_of_race(r));
    const auto race = runs.measure_all(0, [](const RunView& run) {
      return std::vector<double>{run.series_sum("security_fixes"), run.series_sum("learnt_open")};
    });
    Rates silent = r;
    silent.weaponise = 0;
    const MeanEstimate learnt = ratio_of(race[1], race[0]);
    check_law(
        "weaponised at " + std::to_string(r.weaponise) + ", patched at " + std::to_string(r.patch),
        learnt, {.expected = learnt_open(r), .bound = 0.006, .wrong = learnt_open(silent)});
    CHECK_FALSE(agrees(learnt, r.bad / (r.bad + r.eyes)));
  }
}

}  // namespace fingers
