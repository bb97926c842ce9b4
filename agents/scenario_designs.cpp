// Declarations of what designs have besides regimes and factors: points that are listed, and how
// many values are drawn.
#include <algorithm>
#include <array>
#include <bit>

#include "agents/experiment.hpp"
#include "agents/scenario.hpp"

namespace fingers {

namespace {

constexpr std::string_view kChoice = "choice";

/// "512 or 1024": what a number that must be a power of two may have meant.
std::string powers_around(std::uint64_t n) {
  const std::uint64_t below = std::bit_floor(n);
  const std::uint64_t above = below * 2;
  return std::to_string(below) +
         (above <= kMostCombinations ? " or " + std::to_string(above) : std::string());
}

void declare_number_of_draws(Parameters& p, Experiment& x) {
  const bool binary = x.design == DesignKind::sobol || x.design == DesignKind::saltelli;
  p.whole("draws", x.draws,
          {"1",
           kRequired,
           {1, kMostCombinations},
           {},
           kChoice,
           "draws of parameters: what is not known of the world, apart from what chance does "
           "(replicates); each is tried under every regime; of saltelli: rows of the base sample"});
  if (p.is_reading() && binary && x.draws > 0 && !std::has_single_bit(x.draws)) {
    p.reject("draws", "must be a power of two, or the sequence loses its evenness: " +
                          powers_around(x.draws));
  }
}

void declare_trajectories(Parameters& p, Experiment& x) {
  p.whole("trajectories", x.trajectories,
          {"1",
           kRequired,
           {1, kMostCombinations},
           {},
           kChoice,
           "trajectories of morris, each one point more than there are factors"});
  p.whole("levels", x.levels,
          {"1", 4, {2, 100}, {}, kChoice, "levels of each factor in the grid of morris; even"});
  if (p.is_reading() && x.levels % 2 != 0) {
    p.reject("levels", "must be even, so that half of them lie above: " +
                           std::to_string(x.levels - 1) + " or " + std::to_string(x.levels + 1));
  }
}

void declare_beliefs(Parameters& p, Experiment& x) {
  std::size_t beliefs = 0;
  constexpr std::array<std::string_view, 2> kBeliefs = {"listed", "all"};
  p.choice("beliefs", beliefs, kBeliefs,
           {.standard = "listed",
            .meaning = "\"all\": besides the factors listed, every assumed number of the world is "
                       "drawn from its range of belief"});
  x.all_beliefs = beliefs == 1;
  if (p.is_reading() && !x.all_beliefs) {
    return;  // of an "except" that is there the reader says that it has no effect
  }
  p.words("except", x.except, {},
          "pointers of parameters, or of objects that hold them, that \"beliefs\": \"all\" leaves "
          "as they are");
}

/// The columns that are no regime are the factors.
void list_factors(Experiment& x) {
  for (const std::string& column : x.columns) {
    if (column != kRegimeColumn) {
      FactorSpec factor;
      factor.pointer = column;
      x.factors.push_back(std::move(factor));
    }
  }
}

/// The regimes that points name, in order.
void list_regimes(Experiment& x) {
  const auto column = x.regime_column();
  for (const std::vector<Cell>& row : x.points) {
    const auto* const name =
        column && *column < row.size() ? std::get_if<std::string>(&row[*column]) : nullptr;
    if (name != nullptr && std::ranges::find(x.regimes, *name) == x.regimes.end()) {
      x.regimes.push_back(*name);
    }
  }
}

}  // namespace

std::optional<std::size_t> Experiment::regime_column() const {
  const auto found = std::ranges::find(columns, kRegimeColumn);
  return found == columns.end() ? std::nullopt
                                : std::optional(static_cast<std::size_t>(found - columns.begin()));
}

std::string place_of_regime(const Experiment& x, std::size_t i) {
  const auto column = x.regime_column();
  if (!column) {
    return "experiment/regimes/" + std::to_string(i);
  }
  const auto row = std::ranges::find_if(x.points, [&](const std::vector<Cell>& cells) {
    return *column < cells.size() && cells[*column] == Cell(x.regimes[i]);
  });
  return "experiment/points/" + std::to_string(row - x.points.begin()) + "/" +
         std::to_string(*column);
}

void declare_points(Parameters& p, Experiment& x) {
  p.words("columns", x.columns, {},
          "what the numbers of a listed point are: pointers of parameters; \"regime\": the regime "
          "that the point tries, where points are not tried under every one");
  p.rows("points", x.points, "the points of csv, each a list of one value for each column");
  if (p.has("points_file")) {
    std::string file;
    p.text("points_file", file,
           {.standard = {},
            .meaning = "instead of columns and points: a CSV file that holds them, sought from the "
                       "config that names it; its first row names the columns",
            .optional = true});
    if (p.is_reading()) {  // a program that reads files has put the points in its place
      p.reject("points_file", "no file can be read here: give \"columns\" and \"points\"");
    }
  }
  if (p.is_reading()) {
    list_factors(x);
    list_regimes(x);
  }
}

void declare_draws(Parameters& p, Experiment& x) {
  if (x.design != DesignKind::morris || !p.is_reading()) {
    declare_number_of_draws(p, x);
  }
  if (x.design == DesignKind::sobol || !p.is_reading()) {
    p.flag("scramble", x.scramble,
           {{}, 1, {}, {}, kChoice, "false: the Sobol sequence as it is, from the origin on"});
  }
  if (x.design == DesignKind::saltelli || !p.is_reading()) {
    p.flag("second_order", x.second_order,
           {{}, 0, {}, {}, kChoice, "true: blocks BA of saltelli too, for indices of pairs"});
  }
  if (x.design == DesignKind::morris || !p.is_reading()) {
    declare_trajectories(p, x);
  }
  p.flag("dummy", x.dummy,
         {{},
          0,
          {},
          {},
          kChoice,
          "true: one more factor, on which nothing depends, so that its index shows the noise"});
  declare_beliefs(p, x);
}

}  // namespace fingers
