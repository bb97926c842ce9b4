// The top level of a config, in the order of the documentation, and the checks that concern several
// parts.
#include "agents/scenario.hpp"

#include <algorithm>
#include <cmath>

#include "agents/config_upgrades.hpp"
#include "engine/contract.hpp"

namespace fingers {

namespace {

constexpr Range kSeedRange{0, 18446744073709551615.0};

constexpr Declaration seed_declaration(std::string_view meaning, bool optional) {
  return {.unit = {},
          .standard = 20240726,
          .allowed = kSeedRange,
          .belief = {},
          .source = "choice",
          .meaning = meaning,
          .optional = optional};
}

void declare_seeds(Parameters& p, StreamSeeds& seeds) {
  std::uint64_t seed = 0;
  p.whole("seed", seed, seed_declaration("gives the three stream seeds", false));
  seeds = derive_seeds(seed);
  p.begin("seeds", "stream seeds of one's own, instead of those that `seed` gives");
  p.whole("design", seeds.design, seed_declaration("of random designs", true));
  p.whole("population", seeds.population, seed_declaration("of who lives in the world", true));
  p.whole("dynamics", seeds.dynamics, seed_declaration("of what happens", true));
  p.end();
}

void declare_time(Parameters& p, TimeParameters& x) {
  p.begin("time", "simulated time");
  p.number("start_year", x.start_year,
           {"year",
            2024.5,
            {1950, 2200},
            {},
            "the models that exist in mid-2024",
            "calendar year at the start"});
  p.number("years", x.years, {"yr", 10, {1.0 / 365, 200}, {}, "choice", "length of a run"});
  p.whole("steps_per_year", x.steps_per_year,
          {"1/yr", 12, {1, 365}, {}, "choice", "steps in a year"});
  if (p.is_reading() && x.years * static_cast<double>(x.steps_per_year) > kMaxStep) {
    p.reject("steps_per_year", "years × steps_per_year is over 65,535");
  }
  if (p.is_reading() && std::llround(x.years * static_cast<double>(x.steps_per_year)) < 1) {
    p.reject("years", "is shorter than one step");
  }
  p.end();
}

void declare_output(Parameters& p, OutputParameters& x) {
  p.begin("output", "what is recorded");
  p.number("discount_rate", x.discount_rate,
           {"1/yr", 0.03, {0, 10}, {0, 0.07}, kAssume, "rate of discounted harm"});
  p.flag("averted_events", x.averted_events,
         {{}, 1, {}, {}, "choice", "log harm that monitors averted, too"});
  p.flag("models", x.models,
         {.unit = {},
          .standard = 0,
          .allowed = {},
          .belief = {},
          .source = "choice",
          .meaning = "record every model, what it was made from and its forms over time, too; left "
                     "out: not",
          .optional = true});
  p.flag("digests", x.digests,
         {.unit = {},
          .standard = 0,
          .allowed = {},
          .belief = {},
          .source = "choice",
          .meaning = "record hashes of the state and of the draws of every month, too, by which "
                     "`fingers diff` finds the month in which two runs part; left out: not",
          .optional = true});
  p.end();
}

void check_names(Parameters& p, const Scenario& x) {
  const auto known = [&x](const std::string& name) {
    return std::ranges::any_of(x.regimes, [&](const Regime& r) { return r.name == name; });
  };
  std::vector<std::string> names;
  for (const Regime& regime : x.regimes) {
    names.push_back(regime.name);
  }
  for (std::size_t i = 0; i < x.experiment.regimes.size(); ++i) {
    const std::string& name = x.experiment.regimes[i];
    if (!known(name)) {
      p.reject(place_of_regime(x.experiment, i), no_such_regime(name, names));
    }
    if (std::ranges::count(x.experiment.regimes, name) > 1 &&
        std::ranges::find(x.experiment.regimes, name) - x.experiment.regimes.begin() !=
            static_cast<std::ptrdiff_t>(i)) {
      p.reject("experiment/regimes/" + std::to_string(i), "\"" + name + "\" is listed twice");
    }
  }
  if (x.experiment.regimes.empty() && !x.experiment.regime_column()) {
    p.reject("experiment/regimes", "must name at least one regime");
  }
  for (const LabGroup& group : x.labs) {
    if (!group.regime.empty() && !known(group.regime)) {
      p.reject("labs/" + group.name + "/regime", no_such_regime(group.regime, names));
    }
  }
}

void check_values(Parameters& p, const Scenario& x) {
  const FlawParameters& flaws = x.mechanisms.flaws;
  if (flaws.virulence_low > flaws.virulence_high) {
    p.reject("mechanisms/flaws/virulence_low", "is over virulence_high");
  }
  if (x.mechanisms.fingers.x_min_musd >= x.mechanisms.fingers.cap_musd) {
    p.reject("mechanisms/fingers/cap_musd", "must be larger than x_min_musd");
  }
  double shares = 0;
  for (const Domain& domain : x.domains) {
    shares += domain.share;
  }
  if (!x.domains.empty() && shares <= 0) {
    p.reject("domains", "the shares of all domains are 0");
  }
  if (x.domains.empty() && x.mechanisms.misuse.enabled && x.population.bad_actors.count > 0) {
    p.reject("domains", "bad actors need at least one domain");
  }
  if (x.domains.size() > 32) {
    p.reject("domains", "at most 32 domains are possible");
  }
  std::uint64_t labs = 0;
  for (const LabGroup& group : x.labs) {
    labs += group.count;
  }
  if (labs > 250 || x.labs.size() > 250) {
    p.reject("labs", "at most 250 labs are possible in all");
  }
}

}  // namespace

Clock Scenario::clock() const {
  const auto per_year = static_cast<double>(time.steps_per_year);
  return {.start_year = time.start_year,
          .dt_years = 1.0 / per_year,
          .n_steps = static_cast<std::uint32_t>(std::llround(time.years * per_year))};
}

std::uint32_t Scenario::regime_number(const std::string& name) const {
  const auto found =
      std::ranges::find_if(regimes, [&](const Regime& regime) { return regime.name == name; });
  EXPECT_CONTRACT(found != regimes.end());
  return static_cast<std::uint32_t>(found - regimes.begin());
}

void declare(Parameters& p, Scenario& x) {
  std::uint64_t version = 0;
  constexpr auto kNewest = static_cast<double>(kConfigVersion);
  p.whole(kVersionKey, version,
          {{}, kNewest, {kNewest, kNewest}, {}, "format", "version of the config's own format"});
  p.text("title", x.title,
         {.standard = {}, .meaning = "what this config is for", .optional = true});
  declare_claim(p, x.claim);
  declare_seeds(p, x.seeds);
  p.flag("ai", x.ai,
         {{}, 1, {}, {}, "choice", "false: a world without advanced AI, to compare with"});
  declare_time(p, x.time);
  declare(p, x.mechanisms);
  declare_labs(p, x.labs);
  declare(p, x.population);
  declare_domains(p, x.domains);
  declare_adversaries(p, x.states);
  x.regimes = read_regimes(p);
  declare_experiment(p, x.experiment);
  declare_output(p, x.output);
  if (p.is_reading()) {
    check_names(p, x);
    check_values(p, x);
    check_claim(p, x);
    check_until(p, x);
    check_splitting(p, x);
  }
}

}  // namespace fingers
