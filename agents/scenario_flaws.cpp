// Declarations of flaws, scrutiny and patches (M6).
#include "agents/scenario_mechanisms.hpp"

namespace fingers {

namespace {

/// Ranges of belief in a visibility.
struct VisibilityBelief {
  Range shallow;
  Range deep;
};

void declare_visibility(Parameters& p, std::string_view key, Visibility& x, Visibility standard,
                        const VisibilityBelief& belief) {
  p.begin(key, "M6.2: visibility v of flaws in this form");
  p.number(
      "shallow", x.shallow,
      {"-", standard.shallow, {0, 100}, belief.shallow, kAssume, "visibility of shallow flaws"});
  p.number("deep", x.deep,
           {"-", standard.deep, {0, 100}, belief.deep, kAssume, "visibility of deep flaws"});
  p.end();
}

}  // namespace

void declare_flaws(Parameters& p, FlawParameters& x) {
  constexpr std::array<double, kFlawKinds> kMean = {6, 6, 6, 5};
  constexpr std::array<std::string_view, kFlawKinds> kMeaning = {
      "ways around a model's safeguards", "ways into its deployments",
      "ways in which it harms its users little by little", "ways in which control of it is lost"};
  p.begin("flaws", "M6.1: flaws that a base model is born with");
  p.flag("enabled", x.enabled, kSwitch);
  p.begin("mean", "mean number of flaws of each kind");
  for (std::size_t kind = 0; kind < kFlawKinds; ++kind) {
    const Range belief = kind == 3 ? Range{1, 20} : Range{2, 20};
    p.number(kFlawKindNames[kind], x.mean[kind],
             {"1/base", kMean[kind], {0, 1e5}, belief, kAssume, kMeaning[kind]});
  }
  p.end();
  p.number("carryover", x.carryover,
           {"share",
            0.5,
            kShare,
            {0.1, 0.9},
            kAssume,
            "chance that an unfound flaw passes to its maker's next model"});
  p.number("virulence_index", x.virulence_index,
           {"-",
            1,
            {0, 10},
            {1, 1.6},
            "1: Anderson 2002 (body recalled); 1.6: Maillart et al. 2017 (read)",
            "exponent of the density of virulence E"});
  p.number("virulence_low", x.virulence_low,
           {"-", 1e-5, {1e-300, 1}, {1e-7, 1e-3}, kAssume, "least virulence (E_lo)"});
  p.number(
      "virulence_high", x.virulence_high,
      {"-", 1, {1e-300, 1e6}, {1, 1}, "by definition of the scale", "greatest virulence (E_hi)"});
  p.number("deep_share", x.deep_share,
           {"share", 0.3, kShare, {0.1, 0.7}, kAssume, "flaws that only pre-training can mend"});
  p.number("unwarned_share", x.unwarned_share,
           {"share",
            0.3,
            kShare,
            {0, 1},
            kAssume,
            "control flaws without a precursor that anybody could see"});
  p.end();
}

void declare_scrutiny(Parameters& p, ScrutinyParameters& x) {
  p.begin("scrutiny", "M6.2, M6.3: eyeballs, of friends and of bad actors");
  p.flag("enabled", x.enabled, kSwitch);
  p.number("find_per_eye_year", x.find_per_eye_year,
           {"1/yr",
            0.1,
            kNotNegative,
            {0.01, 1},
            kAssume,
            "finds a year of one full-time reviewer for virulence 1"});
  p.number(
      "returns_to_eyeballs", x.returns_to_eyeballs,
      {"-", 0.6, {0, 2}, {0.3, 1}, kAssume, "gamma: how finds grow with the number of reviewers"});
  p.number("internal_eyes", x.internal_eyes,
           {"FTE", 200, kNotNegative, {20, 2000}, kAssume, "reviewers inside a lab"});
  p.number(
      "eyes_per_developer", x.eyes_per_developer,
      {"FTE", 0.003, kNotNegative, {0, 1}, kAssume, "reviewing that a community developer does"});
  p.number("eyes_per_user", x.eyes_per_user,
           {"FTE", 1e-7, kNotNegative, {0, 1e-5}, kAssume, "reviewing that a user does"});
  p.number("eyes_per_bad_actor", x.eyes_per_bad_actor,
           {"FTE", 0.05, kNotNegative, {0.005, 0.5}, kAssume, "searching that a bad actor does"});
  p.number("share_exploit", x.share_exploit,
           {"share", 0.3, kShare, {0, 1}, kAssume, "chance that a bad actor shares what it finds"});
  p.begin("visibility", "M6.2: how much of a flaw a form shows");
  declare_visibility(p, "internal", x.internal, {0.7, 0.3}, {{0.2, 1.5}, {0.05, 1}});
  declare_visibility(p, "hosted", x.hosted, {0.15, 0.01}, {{0.05, 0.5}, {0, 0.1}});
  declare_visibility(p, "structured", x.structured, {0.4, 0.1}, {{0.1, 0.8}, {0.02, 0.4}});
  declare_visibility(p, "weights", x.weights, {0.6, 0.1}, {{0.2, 1}, {0.02, 0.4}});
  declare_visibility(p, "source", x.source, {1, 0.5}, {{1, 1}, {0.1, 1}});
  p.end();
  p.end();
}

void declare_patches(Parameters& p, PatchParameters& x) {
  p.begin("patches", "M6.4, M6.5: fixes and how they spread");
  p.flag("enabled", x.enabled, kSwitch);
  p.number("latency_days", x.latency_days,
           {"day",
            7,
            {0, 1e5},
            {1, 45},
            "one event of 19 days and judgement (weak)",
            "from a find to its fix"});
  p.number("strength", x.strength,
           {"share",
            0.5,
            kShare,
            {0.39, 0.8},
            "undesired replies down 39 to 52 % (OpenAI Oct 2025, read second-hand)",
            "share of a flaw's virulence that a fix removes"});
  p.number("shape", x.shape,
           {"-",
            0.43,
            {0.01, 100},
            {0.39, 0.65},
            "two-point fits to Cyentia's remediation curves",
            "Weibull shape of the delay until a deployment takes a fix"});
  p.number("scale_days", x.scale_days,
           {"day",
            84,
            {1e-9, 1e9},
            {77, 159},
            "two-point fits to Cyentia's remediation curves",
            "Weibull scale of that delay"});
  p.number("never_update", x.never_update,
           {"share",
            0.13,
            kShare,
            {0.02, 0.4},
            "Heartbleed, Kenna and Log4j curves (derived)",
            "deployments that never take a fix"});
  p.number("trait_share", x.trait_share,
           {"share",
            0.5,
            kShare,
            {0, 1},
            kAssume,
            "part of a deployment's delay that is its habit rather than the fix's"});
  p.whole("panel", x.panel,
          {"agents",
           50,
           {0, 1e6},
           {},
           "measurement",
           "deployments on which patch coverage is measured"});
  p.end();
}

}  // namespace fingers
