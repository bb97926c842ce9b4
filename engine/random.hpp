// Addressed random numbers. A draw is a pure function of a key (stream seed, replicate, branch) and
// an address (identity, step, process, draw); no generator lives between two calls. So a result
// depends neither on threads, shards and order nor on what others drew, and two settings that make
// the same draw get the same number (common random numbers).
//
// Generator: Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"),
// from Random123. Layout of its 128-bit counter, least significant word first:
//   word 0, 1: identity (64 bits)
//   word 2:    draw (bits 0-9), process (bits 10-15), step (bits 16-31)
//   word 3:    replicate
// Its 64-bit key is a Philox mix of stream seed, stream kind and branch. One block of the counter
// gives two 64-bit words; a Stream that needs more moves on to the next `draw`. Overflow of any
// field is a contract failure, never a wrap.
//
// Bernoulli, whole-number, normal and exponential variates are Boost.Random's (their results agree
// across compilers and WebAssembly); Poisson is by inversion of one uniform, so that a larger mean
// never gives a smaller count (monotone pairing, model.md, Conventions), and so is the choice from
// a list of weights, so that a changed weight moves few choices (an alias table would deal them all
// anew); gamma, beta, lognormal, Weibull and Pareto stand on engine/arithmetic.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

namespace fingers {

/// The three streams a seed gives; each can be set alone in a config.
enum class StreamKind : std::uint8_t { design, population, dynamics };

/// One 64-bit seed for each StreamKind.
struct StreamSeeds {
  std::uint64_t design = 0;
  std::uint64_t population = 0;
  std::uint64_t dynamics = 0;
};

/// Derives the three seeds from the one that a config gives as "seed".
StreamSeeds derive_seeds(std::uint64_t seed);

/// The key half of a draw: which stream of which replicate (and which branch, when splitting).
struct StreamKey {
  std::array<std::uint32_t, 2> words{};
  std::uint32_t replicate = 0;

  bool operator==(const StreamKey&) const = default;
};

StreamKey make_key(std::uint64_t seed, StreamKind kind, std::uint32_t replicate,
                   std::uint32_t branch = 0);

inline constexpr std::uint32_t kMaxStep = 0xFFFF;
inline constexpr std::uint32_t kMaxProcess = 0x3F;
inline constexpr std::uint32_t kMaxDraw = 0x3FF;

/// The counter half of a draw.
struct Address {
  std::uint64_t identity = 0;  ///< of birth: what acts, never a row number
  std::uint32_t step = 0;      ///< 0 to kMaxStep
  std::uint32_t process = 0;   ///< 0 to kMaxProcess: what for; the model's own enumeration
  std::uint32_t draw = 0;      ///< 0 to kMaxDraw: which block
};

/// Mixes parts of a birth (kind, maker's identity, birth step, ordinal) into a 64-bit identity with
/// the top bit set, so that it never meets an identity counted from zero.
std::uint64_t birth_identity(std::uint64_t kind, std::uint64_t maker, std::uint64_t step,
                             std::uint64_t ordinal);

/// A 64-bit FNV-1a hash of a name, for identities of named things.
std::uint64_t name_identity(const char* name, std::uint64_t length);

/// The 128 bits at one address, as two 64-bit words.
std::array<std::uint64_t, 2> random_block(const StreamKey& key, const Address& address);

/// A uniform random bit generator in the sense of the standard, that starts at an address.
/// Short-lived: made where a draw is made, never stored.
class Stream {
 public:
  using result_type = std::uint64_t;

  Stream(const StreamKey& key, const Address& address) : key_(key), address_(address) {}

  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return std::numeric_limits<result_type>::max(); }

  /// The next 64-bit word. Expects: no more than 2 * (kMaxDraw - first draw + 1) calls.
  result_type operator()();

 private:
  StreamKey key_;
  Address address_;
  std::array<std::uint64_t, 2> block_{};
  int used_ = 2;
};

/// Uniform on [0, 1), 53 random bits of one word.
double uniform(Stream& stream);

/// The 53 bits of a word that make a uniform, as a whole number.
inline std::uint64_t uniform_bits_of_word(std::uint64_t word) { return word >> 11; }

/// The uniform of a word that is at hand.
inline double uniform_of_word(std::uint64_t word) {
  return static_cast<double>(uniform_bits_of_word(word)) * 0x1p-53;
}

/// true with probability p (0 to 1).
bool bernoulli(double p, Stream& stream);

/// A whole number from 0 to n - 1, each equally likely. Expects n >= 1.
std::uint64_t uniform_index(std::uint64_t n, Stream& stream);

/// Index drawn with probability proportional to weights. Expects at least one positive weight.
std::size_t discrete(std::span<const double> weights, Stream& stream);

/// Standard normal.
double normal(Stream& stream);

/// Exponential with mean 1.
double exponential(Stream& stream);

/// Poisson count by inversion; consumes one uniform for each 500 of the mean, and never gives less
/// for a larger mean at the same address. Expects a mean below 500 times the words that the stream
/// has left (a million from draw 0).
std::uint64_t poisson(double mean, Stream& stream);

/// The part of poisson_of_uniform for a u that may give more than nothing.
std::uint64_t poisson_beyond_zero(double mean, double u);
/// The same where e^-mean is at hand.
std::uint64_t poisson_beyond_zero(double mean, double chance_of_none, double u);

/// The same without a branch where it gives 1 or 2.
struct FewEvents {
  std::uint32_t count = 0;
  bool more = false;  ///< it gives another count, or u is so near to 1 that sums would not tell
};
inline FewEvents few_events(double mean, double chance_of_none, double u) {
  const double one = chance_of_none * mean;
  const double up_to_one = chance_of_none + one;
  const double up_to_two = up_to_one + one * (mean / 2);
  return {
      .count = u < up_to_one ? 1U : 2U,
      .more = (static_cast<unsigned>(u < chance_of_none) | static_cast<unsigned>(u >= up_to_two) |
               static_cast<unsigned>(u > 1 - 0x1p-10)) != 0};
}

/// Poisson count that belongs to the uniform u: the smallest whose cumulative probability exceeds
/// u. Expects 0 <= mean <= 500, 0 <= u < 1.
inline std::uint64_t poisson_of_uniform(double mean, double u) {
  // Most agents do nothing in most months: since 1 - mean <= e^-mean, one comparison tells.
  return u < 1 - mean && mean >= 0 ? 0 : poisson_beyond_zero(mean, u);
}

/// Gamma with shape and mean (Marsaglia & Tsang 2000); shape = infinity gives the mean itself.
/// Expects shape >= 1e-300, mean >= 0.
double gamma_with_mean(double shape, double mean, Stream& stream);

/// Beta(a, b) as G_a / (G_a + G_b). Expects finite a, b >= 1e-300.
double beta(double a, double b, Stream& stream);

/// exp(mu + sigma Z).
double lognormal(double mu, double sigma, Stream& stream);

/// Weibull with survival exp(-(x/scale)^shape).
double weibull(double shape, double scale, Stream& stream);
/// The same of many uniforms at once, in place.
void weibull_row(double shape, double scale, std::span<double> uniforms);

/// Pareto with exceedance (x/x_min)^-alpha, truncated at cap, by inversion of one uniform:
/// F(x) = (1 - (x/x_min)^-alpha) / (1 - (cap/x_min)^-alpha). Expects 0 < x_min < cap, alpha > 0.
double truncated_pareto(double alpha, double x_min, double cap, Stream& stream);

/// Density proportional to x^-index on [low, high], by inversion (index 1: log-uniform).
double truncated_power(double index, double low, double high, Stream& stream);

}  // namespace fingers
