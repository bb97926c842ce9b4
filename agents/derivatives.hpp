// Public derivatives (M5.5) and what reaches them of the fixes of their bases (M6.5). A derivative
// is a model whose parent is not itself; a *family* is a base model with all its derivatives, which
// live as long as weights do: for good (M2.4).
#pragma once

#include <cstdint>

#include "agents/models.hpp"

namespace fingers {

struct World;

/// A published fix of a flaw.
struct PublishedFix {
  std::uint32_t flaw = 0;
  std::uint32_t ordinal = 0;  ///< counts the fixes of the flaw from 0
  double year = 0;            ///< of its publication
};

/// M5.5: the month's publications, after the community has acted.
void publish_derivatives(World& world);

/// Splits the use of every base among its family, ∝ 1 + number of published children (M4).
void split_use_in_families(Models& models);

/// What a base's whole family has of a use, over what the base itself has; 1 for a derivative.
double family_factor(const Models& models, ModelId model);

/// When a fix is in the newest state of a model (M6.5): at its publication in `origin`, where the
/// flaw came in; then each maintainer down the line merges it with chance `merge`, after a delay of
/// its own. What was merged before a derivative was made comes with it. Infinity: never.
double merged_year(const World& world, const PublishedFix& fix, ModelId model, ModelId origin);

}  // namespace fingers
