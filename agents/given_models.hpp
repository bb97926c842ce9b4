// Models that are given instead of trained (M1.7): what exists at the start, and what comes out on
// days of its own, with the forms that history gave them, the same under every regime.
#pragma once

#include <cstdint>
#include <vector>

#include "agents/models.hpp"

namespace fingers {

struct World;

/// One row a given model.
struct GivenModels {
  std::vector<std::uint32_t> group;     ///< number in Scenario::labs
  std::vector<std::uint32_t> number;    ///< in the group's initial_models
  std::vector<LabId> lab;               ///< its maker
  std::vector<std::uint64_t> identity;  ///< of birth
  std::vector<ModelId> model;           ///< kNone until it is out
  std::vector<std::uint32_t> n_later;   ///< later forms whose day has come

  [[nodiscard]] std::uint32_t count() const { return static_cast<std::uint32_t>(group.size()); }
};

/// Adds a group's given models to the schedule, oldest first; `first` is the group's first lab.
void schedule_given_models(World& world, std::uint32_t group, LabId first);

/// Given models and later forms whose year lies in this step come at its beginning.
void release_given_models(World& world);

}  // namespace fingers
