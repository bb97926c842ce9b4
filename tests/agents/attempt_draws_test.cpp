// Draws that worlds share for attempts: the bound below which an attempt fails is never above what
// its uniform says, and hardly below it.
#include "agents/attempt_draws.hpp"

#include <cmath>
#include <vector>

#include "agents/addresses.hpp"
#include "engine/arithmetic.hpp"
#include "tests/support/catch.hpp"

using namespace fingers;

namespace {

constexpr double kTiny = 0x1p-53;

/// Uniforms of all sizes, the least and the largest that there are among them.
std::vector<double> some_uniforms() {
  std::vector<double> u = {0, kTiny, 1e-9, 0.5, 0.98, 0.99, 0.995, 1 - 1e-9, 1 - kTiny};
  Stream stream(make_key(5, StreamKind::design, 0), {});
  for (int i = 0; i < 500; ++i) {
    u.push_back(uniform(stream));
    u.push_back(u.back() * u.back() * u.back());
  }
  return u;
}

}  // namespace

TEST_CASE("an attempt that lies below its failing logit fails") {
  for (const double u : some_uniforms()) {
    const FailingLogit fails = failing_logit(u);
    for (const double below : {1e-15, 1e-12, 1e-9, 1e-3, 1.0, 100.0}) {
      const double logit = std::nextafter(fails, -1e300) - below;
      CHECK((fails == kUnknownLogit || u >= logistic(logit)));
    }
  }
}

TEST_CASE("an attempt that lies a little above it succeeds") {
  for (const double u : some_uniforms()) {
    if (u > 0 && u <= 0.99) {
      CHECK(u < logistic(failing_logit(u) + 2e-9));
    } else {
      CHECK(failing_logit(u) == kUnknownLogit);
    }
  }
}

TEST_CASE("draws of attempts are those that a world would make") {
  const StreamKey key = make_key(9, StreamKind::dynamics, 3);
  const std::vector<std::uint32_t> actor = {4, 17};
  const std::vector<std::uint64_t> attempts = {2, 3};
  const std::vector<AttemptDraws> draws = attempt_draws(key, 11, actor, attempts);
  REQUIRE(draws.size() == 5);
  std::size_t row = 0;
  for (std::size_t i = 0; i < actor.size(); ++i) {
    for (std::uint64_t act = 0; act < attempts[i]; ++act) {
      const auto drawn = [&](Process process) {
        Stream stream(key, address(actor_identity(Actor::bad_actor, actor[i], act), process, 11));
        return uniform(stream);
      };
      CHECK(draws[row].exploit_uniform == drawn(Process::exploit));
      CHECK(draws[row].misuse_fails == failing_logit(drawn(Process::attempt_success)));
      CHECK(draws[row].exploit_fails == failing_logit(drawn(Process::exploit_details)));
      ++row;
    }
  }
}
