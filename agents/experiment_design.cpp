// How large a design would be, and making it.
#include "agents/experiment.hpp"
#include "agents/experiment_lookup.hpp"
#include "agents/experiment_points.hpp"
#include "engine/contract.hpp"
#include "engine/drawn_designs.hpp"
#include "engine/random_sobol.hpp"

namespace fingers {

namespace {

/// What a design comes to, before it is made. As floating point, which does not wrap.
struct DesignSize {
  double combinations = 1;
  std::string made_of;  ///< "1024 base rows × 5 blocks"
  std::string at;       ///< pointer of what decides it
};

/// So many groups of so many points each.
DesignSize size_of_groups(std::uint64_t groups, const std::string& group, double points,
                          const std::string& point) {
  return {
      .combinations = static_cast<double>(groups) * points,
      .made_of = std::to_string(groups) + " " + group + " × " + number_text(points) + " " + point,
      .at = {}};
}

DesignSize size_of(const Experiment& experiment, const std::vector<Factor>& factors) {
  const auto n_factors = static_cast<double>(factors.size());
  DesignSize size;
  switch (experiment.design) {
    case DesignKind::factorial:
      for (const Factor& factor : factors) {
        size.combinations *= static_cast<double>(factor.values.size());
      }
      size.at = "/experiment/factors";
      break;
    case DesignKind::zipped:
      size.combinations = static_cast<double>(factors.front().values.size());
      size.at = "/experiment/factors";
      break;
    case DesignKind::csv:
      size.combinations = static_cast<double>(experiment.points.size());
      size.at = "/experiment/points";
      break;
    case DesignKind::latin_hypercube:
    case DesignKind::sobol:
      size.combinations = static_cast<double>(experiment.draws);
      size.at = "/experiment/draws";
      break;
    case DesignKind::saltelli:
      size = size_of_groups(experiment.draws, "base rows",
                            (experiment.second_order ? 2 * n_factors : n_factors) + 2, "blocks");
      size.at = "/experiment/draws";
      break;
    case DesignKind::morris:
      size = size_of_groups(experiment.trajectories, "trajectories", n_factors + 1, "points");
      size.at = "/experiment/trajectories";
      break;
  }
  return size;
}

std::string too_many(double n, const std::string& things, const std::string& made_of,
                     std::uint32_t most) {
  return "comes to " + number_text(n) + " " + things +
         (made_of.empty() ? "" : " (" + made_of + ")") + "; at most " + std::to_string(most) +
         " fit into memory";
}

/// What is wrong with the size of a design; empty: nothing.
std::string size_problem(const Experiment& experiment, const std::vector<Factor>& factors,
                         const DesignSize& size) {
  const std::size_t dimensions =
      factors.size() * (experiment.design == DesignKind::saltelli ? 2 : 1);
  const bool is_sequence =
      experiment.design == DesignKind::saltelli || experiment.design == DesignKind::sobol;
  if (is_sequence && dimensions > kMostSobolDimensions) {
    return "this design needs " + std::to_string(dimensions) +
           " dimensions of the Sobol sequence, which has " + std::to_string(kMostSobolDimensions);
  }
  if (size.combinations > kMostCombinations) {
    return too_many(size.combinations, "combinations of values", size.made_of, kMostCombinations);
  }
  const double regimes =
      experiment.regime_column() ? 1 : static_cast<double>(experiment.regimes.size());
  return size.combinations * regimes > kMostPoints
             ? too_many(size.combinations * regimes, "points",
                        number_text(size.combinations) + " combinations × " + number_text(regimes) +
                            " regimes",
                        kMostPoints)
             : "";
}

/// Whether all factors have as many values; says which has not.
bool values_match(const ReadConfig& config, const std::vector<Factor>& factors,
                  Mistakes& mistakes) {
  for (const Factor& factor : factors) {
    if (factor.values.size() != factors.front().values.size()) {
      complain(config, mistakes, "/experiment/factors" + pointer_step(factor.pointer),
               "must have as many values as the other factors, for they are taken together");
      return false;
    }
  }
  return true;
}

Design made(const ReadConfig& config, const std::vector<Factor>& factors) {
  const Experiment& x = config.scenario.experiment;
  const std::uint64_t seed = config.scenario.seeds.design;
  const auto draws = static_cast<std::uint32_t>(x.draws);
  const auto replicates = static_cast<std::uint32_t>(x.replicates);
  switch (x.design) {
    case DesignKind::factorial:
      return full_factorial(x.regimes, factors, replicates);
    case DesignKind::zipped:
      return zipped(x.regimes, factors, replicates);
    case DesignKind::csv:
      return design_of_points(config, factors);
    case DesignKind::latin_hypercube:
      return latin_hypercube(x.regimes, factors, draws, seed, replicates);
    case DesignKind::sobol:
      return sobol(x.regimes, factors,
                   {.draws = draws, .scramble = x.scramble, .design_seed = seed}, replicates);
    case DesignKind::saltelli:
      return saltelli(x.regimes, factors,
                      {.base_rows = draws, .second_order = x.second_order, .design_seed = seed},
                      replicates);
    case DesignKind::morris:
      return morris(x.regimes, factors,
                    {.trajectories = static_cast<std::uint32_t>(x.trajectories),
                     .levels = static_cast<std::uint32_t>(x.levels),
                     .design_seed = seed},
                    replicates);
  }
  EXPECT_CONTRACT(false);  // every kind is above
  return {};
}

}  // namespace

Design design_of(const ReadConfig& config, const std::vector<Factor>& factors, Mistakes& mistakes) {
  const Experiment& experiment = config.scenario.experiment;
  const bool needs_factors = is_drawn(experiment.design) || experiment.design == DesignKind::zipped;
  if (factors.empty() && needs_factors) {
    complain(config, mistakes, "/experiment/factors", "this design needs at least one factor");
    return {};
  }
  if (experiment.design == DesignKind::zipped && !values_match(config, factors, mistakes)) {
    return {};
  }
  const DesignSize size = size_of(experiment, factors);
  if (std::string problem = size_problem(experiment, factors, size); !problem.empty()) {
    complain(config, mistakes, size.at, std::move(problem));
    return {};
  }
  Design design = made(config, factors);
  design.random_numbers = experiment.random_numbers;
  return design;
}

}  // namespace fingers
