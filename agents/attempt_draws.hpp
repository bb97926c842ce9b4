// Draws of attempts that every world of a replicate makes alike, whatever its regime: made once for
// all of them. A world that has none draws for itself, and comes to the same.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "engine/random.hpp"

namespace fingers {

/// An attempt whose logit of success lies below it fails, as its uniform says (M7.2); where it lies
/// above, or this is -infinity, the uniform itself must tell.
using FailingLogit = double;
inline constexpr FailingLogit kUnknownLogit = -std::numeric_limits<double>::infinity();

/// Of one attempt.
struct AttemptDraws {
  double exploit_uniform = 0;                  ///< decides whether it goes through a hole (M7.3)
  FailingLogit misuse_fails = kUnknownLogit;   ///< of Process::attempt_success
  FailingLogit exploit_fails = kUnknownLogit;  ///< of Process::exploit_details
};

/// The failing logit of a uniform: a little below its logit, so that no rounding of either matters.
FailingLogit failing_logit(double u);

/// The draws of attempts in a month: attempts[i] of actor[i], one after the other.
std::vector<AttemptDraws> attempt_draws(const StreamKey& dynamics, std::uint32_t step,
                                        std::span<const std::uint32_t> actor,
                                        std::span<const std::uint64_t> attempts);

}  // namespace fingers
