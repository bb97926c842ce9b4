// Who acts in this step, from a calendar: each agent's next candidate act is drawn once, by a
// geometric wait at its full rate, and kept with the scale of the step in which it falls due. So a
// step touches only those who are due. Same question and same distribution as engine/rare_acts.hpp;
// best where rates are small and known beforehand. An agent's draws are addressed by (key, agent,
// step in which it was last due).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/lanes.hpp"
#include "engine/rare_acts.hpp"

namespace fingers {

/// -1 / ln(1 - rate) of each agent: what all worlds of a population share.
std::vector<double> inverse_hazards(std::span<const float> rate);

class ActCalendar {
 public:
  /// For n_steps steps; `likely_acts` (likely_most_acts) a step are made room for.
  ActCalendar(std::uint32_t n_steps, std::size_t likely_acts);

  /// Forgets all, and draws the first candidate act of every agent.
  void start(const LaneKernels& kernels, const StreamKey& key,
             std::span<const double> inverse_hazard);

  /// Appends those who act in step.step; blocks and rates are not looked at. Expects steps in
  /// increasing order from 0, none left out.
  void list_acts(const LaneKernels& kernels, const ActStep& step,
                 std::span<const double> inverse_hazard, std::vector<std::uint32_t>& acts);

 private:
  void enter(const std::uint32_t* agents, std::uint32_t n, std::uint32_t from, const GapRow& row);

  std::vector<std::vector<std::uint32_t>> due_;  ///< [step]
};

}  // namespace fingers
