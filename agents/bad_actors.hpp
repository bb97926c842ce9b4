// Small bad actors (M7) and the hosts whose monitors meet them (M8).
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "agents/attempt_draws.hpp"
#include "agents/models.hpp"

namespace fingers {

struct Scenario;
struct StreamKey;
struct World;

struct BadActors {
  std::vector<double> mean_attempts;   ///< λ·dt
  std::vector<double> no_attempt;      ///< e^-mean
  std::vector<double> skill;           ///< z ~ N(0, 1)
  std::vector<std::uint8_t> domain;    ///< number in Scenario::domains
  std::vector<std::uint8_t> arrested;  ///< 1: gone for good
  std::vector<float> banned_until;     ///< [actor × labs + lab]: calendar year, 0: never banned
  std::vector<float> last_ban_until;   ///< of each actor, the latest of these

  [[nodiscard]] std::uint32_t count() const {
    return static_cast<std::uint32_t>(mean_attempts.size());
  }
  [[nodiscard]] bool is_banned(std::uint32_t actor, LabId lab, std::size_t labs,
                               double year) const {
    // few are banned anywhere, and their latest ban is at hand
    return is_banned_somewhere(actor, year) &&
           banned_until[actor * labs + lab] > static_cast<float>(year);
  }
  [[nodiscard]] bool is_banned_somewhere(std::uint32_t actor, double year) const {
    return last_ban_until[actor] > static_cast<float>(year);
  }
  void ban(std::uint32_t actor, LabId lab, std::size_t labs, double until_year) {
    const auto until = static_cast<float>(until_year);
    banned_until[actor * labs + lab] = until;
    last_ban_until[actor] = std::max(last_ban_until[actor], until);
  }
};

/// One row a lab: its service this month.
struct Hosts {
  std::vector<ModelId> model;         ///< its best hosted model, kNone when it hosts none
  std::vector<std::uint8_t> guarded;  ///< 1: filters and watches
  std::vector<double> pass;           ///< chance that a try passes
  std::vector<double> pass_finder;    ///< the same for the bad actor who alone knows a flaw
  std::vector<std::vector<std::uint32_t>> finders;  ///< bad actors who alone know a safeguard flaw
  std::vector<std::uint8_t>
      finds_alone;                  ///< by bad actor: 1 where it is among the finders of a host
  std::vector<double> honest_uses;  ///< this month
  std::vector<double> planned_tries;
  std::vector<double> flags;         ///< F
  std::vector<double> seen_per_try;  ///< q

  [[nodiscard]] std::uint32_t count() const { return static_cast<std::uint32_t>(model.size()); }
};

/// An attempt that is planned in this month.
struct Plan {
  std::uint32_t actor = 0;
  std::uint32_t act = 0;
  std::uint32_t lab = 0;      ///< host, or kNone: weights or no AI
  bool through_hole = false;  ///< attacks deployments instead (M7.3)
  FailingLogit fails = kUnknownLogit;
};

struct Misuse {
  std::vector<Plan> plans;
  std::vector<double> perceived;  ///< π per domain
  ModelId best_weights = kNone;  ///< best stripped model with weights out, kNone when there is none
};

/// Bad actors who try in one month if they are at large, ascending, as columns.
struct MonthAttempts {
  std::vector<std::uint32_t> actor;
  std::vector<std::uint64_t> attempts;  ///< of each, at least 1
  std::vector<AttemptDraws> draws;      ///< of each attempt, in this order; or none are made yet
};

/// Who they are in the replicate of a key of the population stream; nobody is banned yet.
BadActors make_bad_actors(const Scenario& scenario, const StreamKey& population);

/// What hosts and authorities know of them when a world begins: nothing.
void make_misuse(World& world);

/// Fills `month` with how often each tries (M7.1), reusing its memory, and answers it.
const MonthAttempts& draw_attempts(const BadActors& actors, const StreamKey& dynamics,
                                   std::uint32_t step, MonthAttempts& month);

/// M7.1: routes and planned tries.
void plan_misuse(World& world);

/// M8: review load, detection; M7.2: success and harm.
void review_and_resolve(World& world);

}  // namespace fingers
