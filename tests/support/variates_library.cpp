// The engine's addressed variates and portable functions behind a small C interface, for tests in
// other languages (tests/twin): a thin door. What a draw is for, and what follows from it, is the
// caller's business.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <type_traits>

#include "agents/addresses.hpp"
#include "engine/arithmetic.hpp"
#include "engine/random.hpp"

namespace {

using fingers::Stream;

/// Bytes that a caller sets aside for a stream.
constexpr std::size_t kRoomBytes = 96;
static_assert(sizeof(Stream) <= kRoomBytes && alignof(Stream) <= alignof(std::uint64_t));
static_assert(std::is_trivially_destructible_v<Stream>);

Stream& stream_in(void* room) { return *static_cast<Stream*>(room); }

}  // namespace

extern "C" {

std::uint64_t variates_room_bytes() { return kRoomBytes; }

/// Puts a stream into the room. `at` holds seed, StreamKind, replicate, identity, step, process and
/// draw.
void variates_begin(void* room, const std::uint64_t* at) {
  const std::span<const std::uint64_t, 7> words(at, 7);
  const auto low = [&words](std::size_t i) { return static_cast<std::uint32_t>(words[i]); };
  const auto kind = static_cast<fingers::StreamKind>(words[1]);
  std::construct_at(
      static_cast<Stream*>(room), fingers::make_key(words[0], kind, low(2)),
      fingers::Address{.identity = words[3], .step = low(4), .process = low(5), .draw = low(6)});
}

std::uint64_t variates_word(void* room) { return stream_in(room)(); }
double variates_uniform(void* room) { return fingers::uniform(stream_in(room)); }
double variates_normal(void* room) { return fingers::normal(stream_in(room)); }
double variates_exponential(void* room) { return fingers::exponential(stream_in(room)); }
std::uint64_t variates_uniform_index(void* room, std::uint64_t n) {
  return fingers::uniform_index(n, stream_in(room));
}
std::uint64_t variates_discrete(void* room, const double* weights, std::uint64_t n) {
  return fingers::discrete(std::span(weights, n), stream_in(room));
}
std::uint64_t variates_poisson(void* room, double mean) {
  return fingers::poisson(mean, stream_in(room));
}
std::uint64_t variates_large_count(void* room, double mean) {
  return fingers::large_count(mean, stream_in(room));
}
double variates_gamma_with_mean(void* room, double shape, double mean) {
  return fingers::gamma_with_mean(shape, mean, stream_in(room));
}
double variates_beta(void* room, double a, double b) {
  return fingers::beta(a, b, stream_in(room));
}
double variates_lognormal(void* room, double mu, double sigma) {
  return fingers::lognormal(mu, sigma, stream_in(room));
}
double variates_weibull(void* room, double shape, double scale) {
  return fingers::weibull(shape, scale, stream_in(room));
}
double variates_truncated_pareto(void* room, double alpha, double x_min, double cap) {
  return fingers::truncated_pareto(alpha, x_min, cap, stream_in(room));
}
double variates_truncated_power(void* room, double index, double low, double high) {
  return fingers::truncated_power(index, low, high, stream_in(room));
}

std::uint64_t variates_poisson_of_uniform(double mean, double u) {
  return fingers::poisson_of_uniform(mean, u);
}

std::uint64_t variates_birth_identity(std::uint64_t kind, std::uint64_t maker, std::uint64_t step,
                                      std::uint64_t ordinal) {
  return fingers::birth_identity(kind, maker, step, ordinal);
}
std::uint64_t variates_name_identity(const char* name, std::uint64_t length) {
  return fingers::name_identity(name, length);
}
std::uint64_t variates_actor_identity(std::uint64_t kind, std::uint64_t index, std::uint64_t act) {
  return fingers::actor_identity(static_cast<fingers::Actor>(kind), index, act);
}

double variates_exp(double x) { return fingers::portable_exp(x); }
double variates_expm1(double x) { return fingers::portable_expm1(x); }
double variates_log(double x) { return fingers::portable_log(x); }
double variates_log1p(double x) { return fingers::portable_log1p(x); }
double variates_log10(double x) { return fingers::portable_log10(x); }
double variates_pow(double base, double exponent) { return fingers::portable_pow(base, exponent); }
double variates_power_of_ten(double x) { return fingers::power_of_ten(x); }
double variates_logistic(double x) { return fingers::logistic(x); }
double variates_chance_of_hazard(double x) { return fingers::chance_of_hazard(x); }

}  // extern "C"
