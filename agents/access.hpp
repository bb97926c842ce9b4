// Access and adoption (M4): which models each kind of agent may use this month, and how its use
// spreads over them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "agents/models.hpp"

namespace fingers {

/// How developers who can run models up to some cost spread over the base models that they may use,
/// each standing for its family. Class k holds those who can afford the first k of `by_cost`.
struct AccessTable {
  std::vector<ModelId> by_cost;       ///< bases that may be used, by yearly cost of one's own copy
  std::vector<double> cost_usd;       ///< hosted models cost nothing to have
  std::vector<std::uint32_t> poorer;  ///< developers who cannot spend so much
  std::vector<double> weight;         ///< share before normalisation
  std::vector<double> cumulative;     ///< running sum of weight
  std::vector<double> benefit;        ///< running sum of weight × benefit of an act (M14)

  /// Number of the models that a budget reaches.
  [[nodiscard]] std::uint32_t reach(double budget_usd) const;
  /// The model at u in [0, 1) of the first `reach` ones. Expects reach >= 1.
  [[nodiscard]] ModelId pick(std::uint32_t reach, double u) const;
};

struct Access {
  AccessTable accepted;  ///< of developers whom makers accept for gated weights
  AccessTable others;
  double users = 0;  ///< honest users this month (M4)
};

/// M4: the month's access tables and the use shares of models.
void share_access(World& world);

/// true when a form lets people outside the lab use the model at all.
constexpr bool is_accessible(Form form) { return form != Form::internal; }

}  // namespace fingers
