// Tested by tests/agents/attempt_draws_test.cpp.
#include "agents/attempt_draws.hpp"

#include "agents/addresses.hpp"
#include "engine/arithmetic.hpp"

namespace fingers {

namespace {

double first_uniform(const StreamKey& dynamics, std::uint64_t identity, Process process,
                     std::uint32_t step) {
  return uniform_of_word(random_block(dynamics, address(identity, process, step))[0]);
}

}  // namespace

FailingLogit failing_logit(double u) {
  // Nearer to 1 a logistic function has too few digits left to be told by its argument.
  constexpr double kHighest = 0.99;
  constexpr double kMargin = 1e-9;  // errors of logit and logistic move it by less than 1e-12
  return u > 0 && u <= kHighest ? portable_log(u) - portable_log1p(-u) - kMargin : kUnknownLogit;
}

std::vector<AttemptDraws> attempt_draws(const StreamKey& dynamics, std::uint32_t step,
                                        std::span<const std::uint32_t> actor,
                                        std::span<const std::uint64_t> attempts) {
  std::vector<AttemptDraws> draws;
  for (std::size_t i = 0; i < actor.size(); ++i) {
    for (std::uint64_t act = 0; act < attempts[i]; ++act) {
      const std::uint64_t identity = actor_identity(Actor::bad_actor, actor[i], act);
      const auto uniform_for = [&](Process process) {
        return first_uniform(dynamics, identity, process, step);
      };
      draws.push_back({.exploit_uniform = uniform_for(Process::exploit),
                       .misuse_fails = failing_logit(uniform_for(Process::attempt_success)),
                       .exploit_fails = failing_logit(uniform_for(Process::exploit_details))});
    }
  }
  return draws;
}

}  // namespace fingers
