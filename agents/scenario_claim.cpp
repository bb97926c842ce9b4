// Declarations of a claim: the words that a config tests, and the figure that shows what came out.
// Nothing of it reaches a world; it is declared so that a slip in it is a mistake.
#include <algorithm>
#include <string>

#include "agents/outcomes.hpp"
#include "agents/scenario_mechanisms.hpp"
#include "engine/mistake.hpp"

namespace fingers {

namespace {

void declare_figure(Parameters& p, ClaimFigure& x) {
  p.begin("figure", "the figure that shows it");
  p.words("outcomes", x.outcomes, {}, "outcomes that it shows, one panel each");
  p.text("x", x.x,
         {.standard = {},
          .meaning = "the factor across, by its pointer; without one the regimes stand across",
          .optional = true});
  p.begin("scale", "of the axes");
  std::size_t scale = 0;
  p.choice("x", scale, kScaleNames, {.standard = "linear", .meaning = "of the factor"});
  p.choice("y", scale, kScaleNames, {.standard = "linear", .meaning = "of the outcomes"});
  p.end();
  p.end();
}

/// Mistakes of a figure that the rest of the config shows.
void check_figure(Parameters& p, const ClaimFigure& figure, const Scenario& x) {
  std::vector<std::string> known;
  for (const ColumnDeclaration& column : outcome_columns(x)) {
    known.push_back(column.name);
  }
  if (figure.outcomes.empty()) {
    p.reject("claim/figure/outcomes", "must name at least one outcome");
  }
  for (std::size_t i = 0; i < figure.outcomes.size(); ++i) {
    const std::string& name = figure.outcomes[i];
    if (std::ranges::count(known, name) == 0) {
      const std::string nearest = nearest_name(name, known);
      p.reject("claim/figure/outcomes/" + std::to_string(i),
               "there is no outcome \"" + name + "\"" +
                   (nearest.empty() ? "; `fingers schema --data` lists them"
                                    : "; did you mean \"" + nearest + "\"?"));
    }
  }
  const auto& factors = x.experiment.factors;
  if (!figure.x.empty() &&
      std::ranges::find(factors, figure.x, &FactorSpec::pointer) == factors.end()) {
    p.reject("claim/figure/x", "\"" + figure.x + "\" is no factor of this experiment");
  }
}

}  // namespace

void declare_claim(Parameters& p, Claim& x) {
  if (!p.has("claim") && p.is_reading()) {
    return;
  }
  x.made = p.is_reading();
  p.begin("claim", "the argument that an experiment tests; nothing of it reaches a world");
  p.text("words", x.words, {.standard = {}, .meaning = "the argument, in its author's words"});
  p.text("source", x.source, {.standard = {}, .meaning = "whose words they are"});
  p.text("about", x.about, {.standard = {}, .meaning = "what is varied, and what would show it"});
  declare_figure(p, x.figure);
  p.end();
}

void check_claim(Parameters& p, const Scenario& x) {
  if (x.claim.made) {
    check_figure(p, x.claim.figure, x);
  }
}

}  // namespace fingers
