// Society's defence (M9): organisations take up the best model they may use after a lag of their
// own, and the defence of each domain follows.
#pragma once

#include <cstdint>
#include <vector>

#include "agents/models.hpp"

namespace fingers {

struct World;

struct Defenders {
  std::vector<double> adopted_oom;  ///< per organisation, gain from tuning included
  double start_oom = 0;             ///< mean of adopted_oom at the start
  /// Take-ups to come: when, who, what.
  std::vector<double> pending_year;
  std::vector<std::uint32_t> pending_defender;
  std::vector<double> pending_oom;
  /// Per model: 0 not offered, 1 offered, 2 offered with weights.
  std::vector<std::uint8_t> offered;
};

/// One row a domain, and a last one for what states do (M10).
struct Defences {
  std::vector<double> base_oom;   ///< D without uplift and learning
  std::vector<double> level_oom;  ///< D_k of this month
};

void make_defenders(World& world);

/// D_state of M10 this month.
double state_defence_oom(const World& world);

/// Offers new models, takes up what is due, and moves every domain's defence.
void defend(World& world);

}  // namespace fingers
