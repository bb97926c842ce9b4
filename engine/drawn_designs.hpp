// Designs whose values are drawn from the ranges of their factors. Each is made in the unit cube
// first, and every number there has an address in the design stream (engine/sampling.hpp); settings
// are crossed with the draws, so that all are compared on equal terms. Points are named by their
// draw, so that a larger design of the same seed holds the smaller one's points under the same
// names.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/design.hpp"

namespace fingers {

/// Every setting with every draw of a Latin hypercube over the ranges of all factors
/// (engine/sampling.hpp). A point is named "strict draw 17", counted from 0. Expects at least one
/// factor and one draw.
Design latin_hypercube(const std::vector<std::string>& settings, const std::vector<Factor>& factors,
                       std::uint32_t draws, std::uint64_t design_seed, std::uint32_t replicates);

struct SobolDraws {
  std::uint32_t draws = 1;  ///< a power of two
  bool scramble = true;     ///< false: the sequence as it is, from the origin on
  std::uint64_t design_seed = 0;
};

/// The first draws of a Sobol sequence (engine/random_sobol.hpp), a factor's dimension by its place
/// among the factors. Scrambled by a digital shift: every word of a dimension is combined by
/// exclusive or with one random word, whose address is the factor's name; so the points stay a
/// digital net, each is uniform over the cube, and shifts of different seeds give an honest error.
/// A point is named "strict draw 17". Expects a power of two of draws, and 1 to
/// kMostSobolDimensions factors.
Design sobol(const std::vector<std::string>& settings, const std::vector<Factor>& factors,
             const SobolDraws& draws, std::uint32_t replicates);

struct SaltelliDraws {
  std::uint32_t base_rows = 1;  ///< a power of two
  bool second_order = false;    ///< with blocks BA too
  std::uint64_t design_seed = 0;
};

/// Saltelli's blocks for Sobol indices (A. Saltelli, "Making best use of model evaluations to
/// compute sensitivity indices", Comput. Phys. Commun. 145, 2002): two samples A and B, the halves
/// of one scrambled Sobol sequence in twice as many dimensions as there are factors, and for each
/// factor k the sample AB:k, which is A but takes factor k from B (BA:k: the reverse). Points of a
/// row stand together, A, AB:1, …, BA:1, …, B, and are named "strict A 17", "strict AB:2 17".
/// Expects a power of two of base rows, and 1 to kMostSobolDimensions / 2 factors.
Design saltelli(const std::vector<std::string>& settings, const std::vector<Factor>& factors,
                const SaltelliDraws& draws, std::uint32_t replicates);

struct MorrisDraws {
  std::uint32_t trajectories = 1;
  std::uint32_t levels = 4;  ///< even
  std::uint64_t design_seed = 0;
};

/// Trajectories for elementary effects (M. D. Morris, "Factorial sampling plans for preliminary
/// computational experiments", Technometrics 33, 1991): each starts at a random point of a grid of
/// p = levels equal steps in the unit cube, ends included, and moves every factor once, in random
/// order, by p / (2 (p - 1)) of its range, up or down. A point is named "strict trajectory 3 step
/// 2". Expects at least one factor and trajectory, and an even number of levels.
Design morris(const std::vector<std::string>& settings, const std::vector<Factor>& factors,
              const MorrisDraws& draws, std::uint32_t replicates);

/// The value of a drawn factor at u, 0 <= u <= 1, of its range; a whole number within it where the
/// factor takes only those. Expects a finite range that holds one, above 0 on a log scale.
double value_at(const Factor& factor, double u);

}  // namespace fingers
