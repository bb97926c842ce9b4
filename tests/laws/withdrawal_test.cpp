// Law: withdrawal (M13). One service, U users, shocks at rate r, moving in m years on average: the
// first withdrawal comes after Exp(r) and displaces all; user-months lost until T are
// E = 12·U·m·[1 − e^(−rT) − r·(e^(−rT) − e^(−T/m))/(1/m − r)]. There is no other model to move to,
// so nobody can be displaced twice. Bound: 1.5 % of E. Wrong variant: nobody ever moves, 12·U·[T −
// (1 − e^(−rT))/r].
#include <cmath>

#include "tests/support/catch.hpp"
#include "tests/support/law_world.hpp"

namespace fingers {

TEST_CASE("a withdrawal costs as many months as moving takes") {
  constexpr double kRate = 2.0;
  constexpr double kMove = 0.25;
  constexpr double kUsers = 1e6;
  const LawRuns runs(LawConfig::quiet()
                         .set("/labs/lab/initial_models/0/form", "\"hosted\"")
                         .set("/population/users/most", kUsers)
                         .set("/population/users/middle_years", -90)
                         .set("/mechanisms/shocks/enabled", "true")
                         .set("/mechanisms/shocks/migration_months", 12 * kMove)
                         .set("/mechanisms/shocks/shock_per_year/terms", 0)
                         .set("/mechanisms/shocks/shock_per_year/withdraw", kRate)
                         .set("/mechanisms/shocks/shock_per_year/stop_release", 0)
                         .set("/experiment/replicates", 3000));
  const double none = std::exp(-kRate);
  const double lost = 12 * kUsers * kMove *
                      (1 - none - kRate * (none - std::exp(-1 / kMove)) / (1 / kMove - kRate));
  const double never_moved = 12 * kUsers * (1 - (1 - none) / kRate);
  check_law(
      "user-months lost",
      mean_of(runs.measure(0, [](const RunView& r) { return r.outcome("lost_user_months"); })),
      {.expected = lost, .bound = 0.015 * lost, .wrong = never_moved});
}

}  // namespace fingers
