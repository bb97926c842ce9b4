// What a community developer does in one act (M5.2): on which model, how, and what it elicits.
#pragma once

#include <cstdint>

#include "agents/access.hpp"
#include "agents/events.hpp"

namespace fingers {

struct World;

/// What a developer may use in one month, the same for all its acts.
struct Reach {
  const AccessTable* table = nullptr;
  std::uint32_t models = 0;  ///< number of base models of the table that it can run
};

/// How an act is done: what it elicits on average, through what, and who could halt it.
struct Action {
  double elicitation_oom = 0;
  double stop = 0;
  Route route = Route::none;
  bool modifies = false;  ///< changes weights in hand: tuning, or continued pre-training
};

Reach reach_of(const World& world, std::uint32_t developer);

/// The model of an act: a base by attraction (u in [0, 1)), then one of its family by preferential
/// attachment (M4), drawn for the act's own identity. Expects that some model is in reach.
ModelId pick_model(const World& world, const Reach& reach, double u, std::uint64_t act);

Action action_of(const World& world, std::uint32_t developer, ModelId model);

/// Capability that an act elicits [OOM], u in [0, 1): exponential, and never more in all than the
/// cap over the root of the model (M5.2).
double elicited_oom(const World& world, const Action& action, ModelId model, double u);

}  // namespace fingers
