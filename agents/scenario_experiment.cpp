// Declarations of the experiment around a world: regimes, replicates, and how factors vary.
#include <algorithm>
#include <array>
#include <cmath>

#include "agents/scenario_mechanisms.hpp"

namespace fingers {

namespace {

/// More levels than a design may have points.
constexpr double kMostLevels = 100000;

/// The ways to say what a factor takes; each is the key that says it.
constexpr std::array<std::string_view, 4> kLevelForms = {"values", "linspace", "range", "log"};

/// What is wrong with the numbers of a form that computes its levels; empty: nothing.
std::string form_problem(std::string_view form, const std::vector<double>& numbers) {
  if (form == "range") {
    if (numbers.size() != 3) {
      return "must hold first, last and step";
    }
    if (!(numbers[2] > 0) || !(numbers[0] <= numbers[1])) {
      return "needs a step above 0, and a last value that is not below the first";
    }
    return (numbers[1] - numbers[0]) / numbers[2] < kMostLevels ? "" : "has over 100,000 steps";
  }
  if (numbers.size() != 2) {
    return "must hold two numbers, the first and the last value";
  }
  const bool positive = numbers[0] > 0 && numbers[1] > 0;
  return form == "log" && !positive ? "needs numbers above 0" : "";
}

void read_points(Parameters& p, std::uint64_t& points) {
  p.whole("points", points,
          {"1", kRequired, {2, kMostLevels}, {}, "choice", "how many values, both ends included"});
}

/// Levels that are computed from a few numbers.
void read_spaced(Parameters& p, std::string_view form, FactorSpec& factor) {
  std::vector<double> numbers;
  p.numbers(form, numbers,
            form == "range" ? "instead: first, last and step of its values"
            : form == "log" ? "instead: first and last of values at equal ratios"
                            : "instead: first and last of values at equal distances");
  std::uint64_t points = 0;
  if (form != "range") {
    read_points(p, points);
  }
  if (!p.is_reading()) {
    return;
  }
  if (const std::string problem = form_problem(form, numbers); !problem.empty()) {
    p.reject(form, problem);
    return;
  }
  if (form != "range" && (points < 2 || points > static_cast<std::uint64_t>(kMostLevels))) {
    return;  // said already
  }
  factor.spaced = true;
  factor.values = form == "range" ? stepped_levels(numbers[0], numbers[1], numbers[2])
                  : form == "log" ? log_levels(numbers[0], numbers[1], points)
                                  : linear_levels(numbers[0], numbers[1], points);
}

/// The range that a factor is drawn from; without one it is that of the parameter's belief.
void read_range(Parameters& p, FactorSpec& factor) {
  constexpr std::array<std::string_view, 3> kChoices = {"automatic", kScaleNames[0],
                                                        kScaleNames[1]};
  p.number("low", factor.range.low,
           {.unit = "of the parameter",
            .standard = 0,
            .allowed = {},
            .belief = {},
            .source = "choice",
            .meaning = "least value that is drawn; without it that of the parameter's belief",
            .optional = true});
  p.number("high", factor.range.high,
           {.unit = "of the parameter",
            .standard = 0,
            .allowed = {},
            .belief = {},
            .source = "choice",
            .meaning = "greatest value that is drawn; without it that of the parameter's belief",
            .optional = true});
  std::size_t scale = 0;
  p.choice("scale", scale, kChoices,
           {.standard = "automatic",
            .meaning = "whether values or their logarithms spread evenly; automatic: logarithms "
                       "where the range is positive and spans over two orders of magnitude"});
  if (scale > 0 && scale < kChoices.size()) {
    factor.scale = static_cast<Scale>(scale - 1);
  }
}

void read_factor(Parameters& p, FactorSpec& factor) {
  bool has_levels = false;
  for (const std::string_view form : kLevelForms) {
    if (!p.has(form) || (has_levels && p.is_reading())) {
      continue;
    }
    has_levels = true;
    if (form == "values") {
      p.numbers(form, factor.values, "the values it takes");
      if (p.is_reading() && factor.values.empty()) {
        p.reject("values", "must hold at least one number");
      }
    } else {
      read_spaced(p, form, factor);
    }
  }
  for (const std::string_view key : {"points", "low", "high", "scale"}) {
    static_cast<void>(p.has(key));  // known, but without effect beside another form
  }
  factor.drawn = !has_levels;
  if (!has_levels || !p.is_reading()) {
    read_range(p, factor);
  }
}

void declare_factors(Parameters& p, std::vector<FactorSpec>& factors) {
  const auto pointers = p.entries("factors", {"*"});
  p.begin("factors", "parameters that vary, by JSON pointer");
  for (const std::string& pointer : pointers) {
    FactorSpec factor;
    factor.pointer = pointer;
    p.begin(pointer, "one factor: values, linspace, range or log; where a design draws, a range");
    read_factor(p, factor);
    p.end();
    factors.push_back(std::move(factor));
  }
  p.end();
}

/// A number of replicates, or the precision that asks for them.
void declare_replicates(Parameters& p, Experiment& x) {
  const bool until = p.has("until");
  const bool both = until && p.has("replicates");
  if (!until || both) {
    p.whole("replicates", x.replicates,
            {"1/point", 100, {1, 1e9}, {}, "choice", "replicates of each point: what chance does"});
  }
  if (until) {
    declare_until(p, x.until);
  }
  if (p.is_reading() && both) {
    p.reject("replicates",
             "the number follows from \"until\": give one of the two (null takes away what a base "
             "says)");
  } else if (p.is_reading() && until) {
    x.replicates = x.until.maximum;
  }
}

/// Regimes under study; points that name theirs have no other.
void declare_regimes(Parameters& p, Experiment& x) {
  if (p.is_reading() && x.regime_column()) {
    static_cast<void>(p.has("regimes"));
    return;
  }
  p.words("regimes", x.regimes, {"closed", "open-weights-permissive"},
          "regimes under study, by name");
}

void declare_design(Parameters& p, Experiment& x) {
  std::size_t design = 0;
  p.choice("design", design, kDesignKindNames,
           {.standard = "factorial",
            .meaning = "factorial: every combination of the factors' values; zipped: the first of "
                       "all, the second of all, …; csv: points that are listed; drawn from ranges: "
                       "latin_hypercube, sobol, saltelli (for Sobol indices), morris (for "
                       "elementary effects)"});
  x.design = static_cast<DesignKind>(std::min(design, kDesignKindNames.size() - 1));
  for (const std::string_view key :
       {"columns", "points", "points_file", "draws", "scramble", "second_order", "trajectories",
        "levels", "dummy", "beliefs", "except", "factors"}) {
    static_cast<void>(p.has(key));  // known, but without effect in another design
  }
  if (x.design == DesignKind::csv || !p.is_reading()) {
    declare_points(p, x);
  }
}

void declare_random_numbers(Parameters& p, Experiment& x) {
  std::size_t random_numbers = 0;
  p.choice("random_numbers", random_numbers, kRandomNumbersNames,
           {.standard = "common",
            .meaning = "common: replicates of the same number share their random numbers over all "
                       "points, so that points are compared in pairs; independent: every point has "
                       "its own"});
  x.random_numbers =
      static_cast<RandomNumbers>(std::min(random_numbers, kRandomNumbersNames.size() - 1));
}

}  // namespace

void declare_experiment(Parameters& p, Experiment& x) {
  p.begin("experiment", "what is run");
  declare_design(p, x);
  declare_regimes(p, x);
  declare_replicates(p, x);
  declare_random_numbers(p, x);
  if (p.has("splitting")) {
    declare_splitting(p, x.splitting);
  }
  if (is_drawn(x.design) || !p.is_reading()) {
    declare_draws(p, x);
  }
  if (x.design != DesignKind::csv || !p.is_reading()) {
    declare_factors(p, x.factors);
  }
  p.end();
}

}  // namespace fingers
