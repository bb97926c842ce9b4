// Philox4x32-10 from Random123 at an address, and the variates that stand on it. Bernoulli, whole
// numbers, normal and exponential are Boost.Random's; the others are by inversion of one uniform,
// which pairs two settings most closely, or (gamma, beta) by G. Marsaglia and W. W. Tsang, "A
// simple method for generating gamma variables", ACM TOMS 26, 2000. Tested by
// tests/engine/random_test.cpp and variates_test.cpp.
#include "engine/random.hpp"

#ifdef __wasm__
// Random123 refuses platforms it was not tried on. Philox is integer arithmetic, and the digests of
// the WebAssembly module are compared with the native ones.
#define __riscv 1
#include <Random123/philox.h>
#undef __riscv
#else
#include <Random123/philox.h>
#endif

#include <algorithm>
#include <boost/random/bernoulli_distribution.hpp>
#include <boost/random/exponential_distribution.hpp>
#include <boost/random/normal_distribution.hpp>
#include <boost/random/uniform_int_distribution.hpp>
#include <cmath>

#include "engine/arithmetic.hpp"
#include "engine/contract.hpp"
#include "engine/draw_tap.hpp"
#include "engine/lanes.hpp"

namespace fingers {
namespace {

using Counter = r123::Philox4x32::ctr_type;
using Key = r123::Philox4x32::key_type;

// The last word of a counter that derives seeds and keys: neither meets the other.
constexpr std::uint32_t kDeriveSeed = 0x53454544;  // "SEED"
constexpr std::uint32_t kDeriveKey = 0x4B455953;   // "KEYS"

std::uint64_t joined(std::uint32_t low, std::uint32_t high) {
  return low | (std::uint64_t{high} << 32);
}

std::uint32_t low_word(std::uint64_t x) { return static_cast<std::uint32_t>(x); }
std::uint32_t high_word(std::uint64_t x) { return static_cast<std::uint32_t>(x >> 32); }

/// 128 bits that depend on a seed and a counter in no simple way.
Counter mixed(std::uint64_t seed, const Counter& counter) {
  const Key key = {{low_word(seed), high_word(seed)}};
  return philox4x32_R(10, counter, key);
}

/// SplitMix64 (G. L. Steele, D. Lea and C. H. Flood, "Fast splittable pseudorandom number
/// generators", OOPSLA 2014): a bijection of 64 bits.
std::uint64_t split_mix(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15ULL;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
  return x ^ (x >> 31);
}

}  // namespace

StreamSeeds derive_seeds(std::uint64_t seed) {
  const auto seed_of = [seed](StreamKind kind) {
    const Counter words = mixed(seed, {{static_cast<std::uint32_t>(kind), 0, 0, kDeriveSeed}});
    return joined(words[0], words[1]);
  };
  return {.design = seed_of(StreamKind::design),
          .population = seed_of(StreamKind::population),
          .dynamics = seed_of(StreamKind::dynamics)};
}

StreamKey make_key(std::uint64_t seed, StreamKind kind, std::uint32_t replicate,
                   std::uint32_t branch) {
  const Counter words = mixed(seed, {{static_cast<std::uint32_t>(kind), branch, 0, kDeriveKey}});
  return {.words = {words[0], words[1]}, .replicate = replicate};
}

std::uint64_t birth_identity(std::uint64_t kind, std::uint64_t maker, std::uint64_t step,
                             std::uint64_t ordinal) {
  constexpr std::uint64_t kTopBit = std::uint64_t{1} << 63;
  std::uint64_t mix = 0;
  for (const std::uint64_t part : {kind, maker, step, ordinal}) {
    mix = split_mix(mix ^ part);
  }
  return mix | kTopBit;
}

std::uint64_t name_identity(const char* name, std::uint64_t length) {
  std::uint64_t hash = 0xCBF29CE484222325ULL;
  for (std::uint64_t i = 0; i < length; ++i) {
    hash = (hash ^ static_cast<unsigned char>(name[i])) * 0x100000001B3ULL;
  }
  return hash;
}

std::array<std::uint64_t, 2> random_block(const StreamKey& key, const Address& address) {
  // One test for the three fields; which of them it was, the place of the draw tells.
  EXPECT_CONTRACT(((address.step >> 16) | (address.process >> 6) | (address.draw >> 10)) == 0);
  const Counter counter = {{low_word(address.identity), high_word(address.identity),
                            address.draw | (address.process << 10) | (address.step << 16),
                            key.replicate}};
  const Counter words = philox4x32_R(10, counter, Key{{key.words[0], key.words[1]}});
  std::array<std::uint64_t, 2> block = {joined(words[0], words[1]), joined(words[2], words[3])};
  if (draw_tap() != nullptr) [[unlikely]] {
    draw_tap()->drawn(key, address, block);
  }
  return block;
}

Stream::result_type Stream::operator()() {
  if (used_ == 2) {
    block_ = random_block(key_, address_);
    ++address_.draw;
    used_ = 0;
  }
  return block_[static_cast<unsigned>(used_++)];
}

double uniform(Stream& stream) { return uniform_of_word(stream()); }

bool bernoulli(double p, Stream& stream) {
  EXPECT_CONTRACT(p >= 0 && p <= 1);
  return boost::random::bernoulli_distribution<double>(p)(stream);
}

std::uint64_t uniform_index(std::uint64_t n, Stream& stream) {
  EXPECT_CONTRACT(n >= 1);
  return boost::random::uniform_int_distribution<std::uint64_t>(0, n - 1)(stream);
}

std::size_t discrete(std::span<const double> weights, Stream& stream) {
  double total = 0;
  for (const double weight : weights) {
    EXPECT_CONTRACT(weight >= 0);
    total += weight;
  }
  EXPECT_CONTRACT(total > 0 && total < kInfinity);
  double left = uniform(stream) * total;
  std::size_t chosen = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (weights[i] > 0) {  // the last of these takes what rounding leaves
      chosen = i;
      if (left < weights[i]) {
        break;
      }
      left -= weights[i];
    }
  }
  return chosen;
}

// Boost's normal and exponential are ziggurats: the system's exp and log only decide rejections on
// the rim of a layer, where a last bit matters once in some 10^15 draws.
double normal(Stream& stream) { return boost::random::normal_distribution<double>()(stream); }

double exponential(Stream& stream) {
  return boost::random::exponential_distribution<double>()(stream);
}

// ---- Poisson
// -------------------------------------------------------------------------------------

namespace {

constexpr double kPoissonPiece = 500;

/// The smallest count whose upper tail P(X > count) is below `above` = 1 - u, when that is small:
/// the tail is summed from its far end, where nothing cancels.
std::uint64_t poisson_in_tail(double mean, double above) {
  constexpr double kNegligible = 0x1p-110;
  double count = 0;
  double p = portable_exp(-mean);
  while (count < mean || p > kNegligible) {
    count += 1;
    p *= mean / count;
  }
  double tail = p;  // P(X >= count), what lies beyond being negligible
  while (tail < above && count > 0) {
    p *= count / mean;
    count -= 1;
    tail += p;
  }
  return static_cast<std::uint64_t>(count);
}

}  // namespace

std::uint64_t poisson_beyond_zero(double mean, double u) {
  return poisson_beyond_zero(mean, portable_exp(-mean), u);
}

std::uint64_t poisson_beyond_zero(double mean, double chance_of_none, double u) {
  EXPECT_CONTRACT(mean >= 0 && mean <= kPoissonPiece && u >= 0 && u < 1);
  if (u > 1 - 0x1p-10) {
    return poisson_in_tail(mean, 1 - u);
  }
  double count = 0;
  double p = chance_of_none;
  double cumulative = p;
  while (u >= cumulative) {
    count += 1;
    p *= mean / count;
    cumulative += p;
  }
  return static_cast<std::uint64_t>(count);
}

std::uint64_t poisson(double mean, Stream& stream) {
  EXPECT_CONTRACT(mean >= 0 && mean < kInfinity);
  std::uint64_t count = 0;
  // Full pieces first, so that a larger mean only adds to them.
  for (; mean > kPoissonPiece; mean -= kPoissonPiece) {
    count += poisson_of_uniform(kPoissonPiece, uniform(stream));
  }
  return count + poisson_of_uniform(mean, uniform(stream));
}

// ---- Gamma and beta
// ------------------------------------------------------------------------------

namespace {

constexpr double kLeastShape = 1e-300;  // below, the decay would not be finite

/// A gamma variate with its small-shape factor kept apart: size * e^-decay.
struct GammaParts {
  double size;
  double decay;
};

/// Gamma with scale 1; a shape below 1 is that of shape + 1 times U^(1/shape), with -ln U
/// exponential.
GammaParts gamma_parts(double shape, Stream& stream) {
  const bool is_small = shape < 1;
  const double d = (is_small ? shape + 1 : shape) - 1.0 / 3;
  const double c = 1 / std::sqrt(9 * d);
  for (;;) {
    const double x = normal(stream);
    const double root = 1 + c * x;
    if (root <= 0) {
      continue;
    }
    const double v = root * root * root;
    const double u = uniform(stream);
    const double x2 = x * x;
    if (u < 1 - 0.0331 * x2 * x2 || portable_log(u) < 0.5 * x2 + d * (1 - v + portable_log(v))) {
      return {.size = d * v, .decay = is_small ? exponential(stream) / shape : 0};
    }
  }
}

}  // namespace

double gamma_with_mean(double shape, double mean, Stream& stream) {
  EXPECT_CONTRACT(shape >= kLeastShape && mean >= 0);
  if (shape == kInfinity) {
    return mean;
  }
  const GammaParts g = gamma_parts(shape, stream);
  if (shape >= 1) {
    return mean * (g.size / shape);
  }
  // In logarithms: for a tiny shape one factor is huge and the other nothing.
  return mean * portable_exp(portable_log(g.size) - portable_log(shape) - g.decay);
}

double beta(double a, double b, Stream& stream) {
  EXPECT_CONTRACT(a >= kLeastShape && b >= kLeastShape && a < kInfinity && b < kInfinity);
  const GammaParts x = gamma_parts(a, stream);
  const GammaParts y = gamma_parts(b, stream);
  // x / (x + y) from ln(x / y): small shapes would give 0 / 0.
  return logistic((portable_log(x.size) - portable_log(y.size)) + (y.decay - x.decay));
}

// ---- By inversion
// --------------------------------------------------------------------------------

namespace {

/// The quantile at u of what has cumulative (x^s - low^s) / (high^s - low^s); s = 0: log-uniform.
double power_quantile(double s, double low, double high, double u) {
  const double span = portable_log(high / low);
  double x = 0;
  if (s == 0) {
    x = low * portable_exp(u * span);
  } else if (s < 0) {
    x = low * portable_exp(portable_log1p(u * portable_expm1(s * span)) / s);
  } else {
    x = high * portable_exp(portable_log1p((1 - u) * portable_expm1(-s * span)) / s);
  }
  return std::clamp(x, low, high);
}

}  // namespace

double lognormal(double mu, double sigma, Stream& stream) {
  return portable_exp(mu + sigma * normal(stream));
}

double weibull(double shape, double scale, Stream& stream) {
  EXPECT_CONTRACT(shape > 0 && scale > 0);
  return scale * portable_pow(-portable_log1p(-uniform(stream)), 1 / shape);
}

void weibull_row(double shape, double scale, std::span<double> uniforms) {
  EXPECT_CONTRACT(shape > 0 && scale > 0);
  const auto n = static_cast<std::uint32_t>(uniforms.size());
  for (double& x : uniforms) {
    x = -x;
  }
  lane_kernels().log1p_row(uniforms.data(), n);
  for (double& x : uniforms) {
    x = -x;
  }
  lane_kernels().pow_row(uniforms.data(), n, 1 / shape);
  for (double& x : uniforms) {
    x *= scale;
  }
}

double truncated_pareto(double alpha, double x_min, double cap, Stream& stream) {
  EXPECT_CONTRACT(alpha > 0 && x_min > 0 && x_min < cap);
  return power_quantile(-alpha, x_min, cap, uniform(stream));
}

double truncated_power(double index, double low, double high, Stream& stream) {
  EXPECT_CONTRACT(low > 0 && low <= high && high < kInfinity);
  return power_quantile(1 - index, low, high, uniform(stream));
}

}  // namespace fingers
