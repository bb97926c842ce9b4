// Shocks to dependants (M13): a maker changes its terms, withdraws what it offered, or stops
// releasing. Whoever holds irrevocable weights keeps them, but without a successor.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "agents/models.hpp"

namespace fingers {

struct World;

inline constexpr std::size_t kShockKinds = 3;
enum class ShockKind : std::uint8_t {
  terms,        ///< of services, of revocable licences and of those that refer to a policy
  withdraw,     ///< services end, and revocable licences
  stop_release  ///< no weights come out any more
};

/// Dependants who lost access on one day, as shares of all honest users and of all developers' use.
struct Displaced {
  double year = 0;
  double users = 0;
  double developers = 0;
};

struct Shocks {
  std::vector<std::array<double, kShockKinds>> due_year;  ///< of a lab's next shock of each kind
  std::vector<std::array<std::uint32_t, kShockKinds>> n_done;  ///< shocks a lab has given
  std::vector<double> terms_year;    ///< when a lab last changed its terms; -infinity: never
  std::vector<double> stopped_year;  ///< when a lab stopped releasing; infinity: it has not
  std::vector<Displaced> displaced;  ///< of shocks that still matter
  double users_without_access = 0;   ///< share of all, at the beginning of this month
  double developers_without_access = 0;
};

void make_shocks(World& world);

/// The month's dependants without access, from the shocks so far.
void measure_displaced(World& world);

/// Shocks that fall into this month, and the user-months lost to all shocks.
void shock_dependants(World& world);

/// Share of those who would use a model who are not kept from it by its maker: 0 once it is
/// withdrawn, and growing back after a change of terms.
double share_in_reach(const World& world, ModelId model);

bool has_stopped_releasing(const World& world, LabId maker);

/// What is left of models whose maker has stopped releasing, for those who use their weights.
struct Orphans {
  double users = 0;           ///< share of honest users
  double lag_oom = 0;         ///< behind the frontier, mean over them
  double lag_months = 0;      ///< since the frontier was there, mean over them
  double deep_virulence = 0;  ///< unfixed deep flaws, sum of E, mean over them
};

/// All 0 when nobody depends on such a model.
Orphans measure_orphans(const World& world);

}  // namespace fingers
