// The actors of FINGERS-1, a small model on which programs for agents can be compared. Everything
// about it is said in docs/measurements.md, FINGERS-1.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/lanes.hpp"
#include "engine/random.hpp"
#include "engine/rare_acts.hpp"

namespace fingers::fingers1 {

inline constexpr std::uint32_t kModels = 8;  ///< even ones open, odd ones hosted
constexpr bool is_hosted(std::uint32_t model) { return model % 2 == 1; }

/// One of the two settings.
struct Setting {
  double malicious_rate = 0;  ///< P of malicious actors [1/month]
  double honest_rate = 0;
  double learning = 0;  ///< eta: rise of the defence for each seen event and actor
};
inline constexpr Setting kDense = {.malicious_rate = 0.2, .honest_rate = 0.005, .learning = 100};
inline constexpr Setting kSparse = {
    .malicious_rate = 0.002, .honest_rate = 0.00005, .learning = 10000};

/// What an act needs to know of its actor, side by side.
struct Actor {
  float odds = 0;                        ///< exp(skill + 0.25 k): odds of success at defence 0
  std::uint32_t identity_and_model = 0;  ///< identity * 8 + model
};

/// Actors with access, by falling rate (to 1/16 of a factor of two); the others never act, and are
/// left out. 12 bytes each.
struct Population {
  std::uint64_t n_actors = 0;  ///< with those left out
  std::vector<float> rate;     ///< monthly propensity
  std::vector<Actor> actor;
  std::vector<RateBlock> blocks;
};

/// What a population is made from. Expects n_actors below 2^29.
struct PopulationPlan {
  StreamKey key;
  std::uint64_t n_actors = 0;
  Setting setting;
};

/// Actors in the order of their identity, while they are drawn: 12 bytes each.
struct Drawn {
  std::vector<float> rate;
  std::vector<float> odds;
  std::vector<std::uint32_t> key_and_model;  ///< key of the sort * 8 + model
};

/// Fills `made`. It and `drawn` may hold an earlier population, whose memory is used again.
void make_population(const LaneKernels& kernels, const PopulationPlan& plan, Drawn& drawn,
                     Population& made);

}  // namespace fingers::fingers1
