// Adversary states (M3.1, M10): what they steal, how capable they are, and their attacks.
#pragma once

#include <cstdint>
#include <vector>

#include "agents/models.hpp"
#include "engine/records.hpp"

namespace fingers {

struct World;

/// A stolen model is at hand from the first month that begins after the theft.
struct Theft {
  std::uint32_t state = 0;
  ModelId model = 0;
  double year = 0;
};

/// What a state can use at best, and where that came from.
struct StateMeans {
  double capability_oom = 0;
  ModelId model = kNone;  ///< kNone: its own programme
  bool stolen = false;
};

/// One row a state; thefts race in one row for each pair of a state and a lab.
struct States {
  std::vector<std::uint32_t> bloc;           ///< number in Trends::blocs
  double start_oom = 0;                      ///< the frontier at the start, c₀
  std::vector<double> start_algorithms_oom;  ///< a_b of its bloc at the start
  std::vector<ModelId> target;               ///< of a pair: the lab's best model, kNone: none yet
  std::vector<double> theft_hazard;          ///< of a pair: integral, against theft_threshold
  std::vector<double> theft_threshold;       ///< of a pair: Exp(1); infinity once it is stolen
  std::vector<StateMeans> means;             ///< of this month
  std::vector<Theft> thefts;                 ///< in order of month

  [[nodiscard]] std::uint32_t count() const { return static_cast<std::uint32_t>(bloc.size()); }
};

/// States of the scenario; without AI or without the mechanism there are none.
void make_states(World& world);

/// M3.1: thefts of the month.
void steal(World& world);

/// c_k = max(own programme, stolen, weights that are in public hands) (M10), all counted as base
/// models: what tuning elicits is left out, as it is for the labs that hold the state off.
StateMeans means_of_state(const World& world, std::uint32_t state);

/// Capability of the best state this month; NaN without states.
double best_state_oom(const World& world);

/// The home bloc's lead over its best adversary in months at the home bloc's pace of the last
/// twelve; NaN without states, without models or when the home bloc gained less than 0.1 OOM in
/// them.
double home_lead_months(const World& world);

/// M10: attacks of the month.
void attack_as_states(World& world);

}  // namespace fingers
