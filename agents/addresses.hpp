// Addresses of draws (model.md M16): what each draw is for, and who draws. No key holds a global
// counter, so no regime shifts another's draws.
#pragma once

#include <cmath>
#include <cstdint>

#include "engine/contract.hpp"
#include "engine/random.hpp"

namespace fingers {

/// What a draw is for; draws.cpp declares each. New ones go to the end, so that existing runs keep
/// their numbers.
enum class Process : std::uint32_t {
  // who lives in the world (population stream)
  developer_activity,
  developer_recklessness,
  developer_diligence,
  developer_budget,
  developer_granted,
  developer_third_party,
  deployment_never,
  deployment_trait,
  auditor_skill,
  bad_actor_activity,
  bad_actor_skill,
  bad_actor_domain,
  lab_phase,
  // what happens (dynamics stream)
  training_luck,
  training_jump,
  training_displacement,
  gate_estimate,
  flaw_count,
  flaw_birth,
  flaw_carryover,
  flaw_found_by_eyes,
  flaw_found_by_bad_actors,
  flaw_shared,
  strip,
  leak,
  patch_delay,
  act_count,
  act_press,
  act_details,
  lab_press,
  attempt_count,
  attempt_tries,
  attempt_success,
  ban,
  host_flags,
  report,
  defender_lag,
  theft,
  state_attack,
  publish_count,
  publish_details,
  lineage_pick,
  merge,
  maintainer_delay,
  weaponise,
  exploit,
  exploit_details,
  diffuse_reports,
  diffuse_disclosure,
  attribution,
  capture,
  shock,
  migration,
};
inline constexpr std::size_t kProcesses = static_cast<std::size_t>(Process::migration) + 1;
static_assert(kProcesses <= kMaxProcess + 1);

/// Who draws, when it is not born in the run: 7 bits of an identity.
enum class Actor : std::uint64_t { developer = 1, auditor, bad_actor, host, defender, state };

inline constexpr std::uint64_t kMaxActOfStep = 0xFFFF;

/// Identity of the act-th act in a step of the index-th of a population: kind (bits 56-62), act
/// (bits 40-55), index (bits 0-39). The top bit is 0; births (engine/random.hpp) have it set.
inline std::uint64_t actor_identity(Actor kind, std::uint64_t index, std::uint64_t act = 0) {
  EXPECT_CONTRACT(act <= kMaxActOfStep && index < (std::uint64_t{1} << 40U));
  return (static_cast<std::uint64_t>(kind) << 56U) | (act << 40U) | index;
}

/// What an identity says of one who was not born in the run.
struct ActorOf {
  std::uint64_t kind = 0;  ///< an Actor, where it is one
  std::uint64_t index = 0;
  std::uint64_t act = 0;
};

/// The parts that actor_identity put together.
inline ActorOf actor_of(std::uint64_t identity) {
  return {.kind = identity >> 56U,
          .index = identity & ((std::uint64_t{1} << 40U) - 1),
          .act = (identity >> 40U) & kMaxActOfStep};
}

inline Address address(std::uint64_t identity, Process process, std::uint32_t step = 0,
                       std::uint32_t draw = 0) {
  return {.identity = identity,
          .step = step,
          .process = static_cast<std::uint32_t>(process),
          .draw = draw};
}

/// Poisson count of a mean that inversion would be too slow for: by its normal limit above 10^5.
inline std::uint64_t large_count(double mean, Stream& stream) {
  constexpr double kNormalLimit = 1e5;
  if (mean <= kNormalLimit) {
    return poisson(mean, stream);
  }
  const double drawn = std::floor(mean + std::sqrt(mean) * normal(stream) + 0.5);
  return drawn > 0 ? static_cast<std::uint64_t>(drawn) : 0;
}

/// Poisson count that belongs to the uniform u, which says that it is not zero: by inversion, or
/// from the stream that `make_stream` gives where the mean is too large for that.
template <class MakeStream>
std::uint64_t count_beyond_zero(double mean, double chance_of_none, double u,
                                MakeStream make_stream) {
  constexpr double kInversionLimit = 500;
  if (mean <= kInversionLimit) {
    return poisson_beyond_zero(mean, chance_of_none, u);
  }
  Stream stream = make_stream();
  return large_count(mean, stream);
}

/// Kinds of birth, for birth_identity.
enum class Birth : std::uint64_t { lab = 1, model = 2, flaw = 3, estimate = 16 };

}  // namespace fingers
