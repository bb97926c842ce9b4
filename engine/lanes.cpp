// The loops of engine/lanes.hpp. This file is compiled once for each set of instructions, with
// FINGERS_LANES and FINGERS_LANES_NAME naming the copy (CMakeLists.txt); everything but `kernels`
// is internal to a copy. exp, log and pow are those of engine/arithmetic.cpp, piece by piece, so
// that the bits agree.
#include "engine/lanes.hpp"

#include <bit>
#include <cmath>
#include <cstring>

#include "engine/arithmetic.hpp"
#include "engine/arithmetic_parts.hpp"
#include "engine/threefry.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// NOLINTBEGIN(modernize-avoid-c-arrays): what a class template needs a copy of could be linked into
// code for other processors

namespace fingers {
namespace {

/// Words 2 j and 2 j + 1 of block i as one.
[[gnu::always_inline]] inline std::uint64_t joined(std::uint32_t low, std::uint32_t high) {
  return low | (std::uint64_t{high} << 32);
}

/// The upper 52 bits of a word as a number on [1, 2).
[[gnu::always_inline]] inline double one_to_two(std::uint64_t word) {
  return std::bit_cast<double>((word >> 12) | (std::uint64_t{1023} << 52));
}

void random_row(const LaneAddress& first, std::uint32_t n, std::uint32_t* __restrict words) {
  const LaneAddress a = first;
  std::uint32_t* __restrict w0 = words;
  std::uint32_t* __restrict w1 = w0 + n;
  std::uint32_t* __restrict w2 = w1 + n;
  std::uint32_t* __restrict w3 = w2 + n;
  for (std::uint32_t i = 0; i < n; ++i) {
    const ThreefryWords w =
        threefry_block(a.key, {a.counter[0] + i, a.counter[1], a.counter[2], a.counter[3]});
    w0[i] = w[0];
    w1[i] = w[1];
    w2[i] = w[2];
    w3[i] = w[3];
  }
}

void random_at(const LaneAddress& base, const std::uint32_t* __restrict index, std::uint32_t n,
               std::uint32_t* __restrict words) {
  const LaneAddress a = base;
  std::uint32_t* __restrict w0 = words;
  std::uint32_t* __restrict w1 = w0 + n;
  std::uint32_t* __restrict w2 = w1 + n;
  std::uint32_t* __restrict w3 = w2 + n;
  for (std::uint32_t i = 0; i < n; ++i) {
    const ThreefryWords w =
        threefry_block(a.key, {index[i], a.counter[1], a.counter[2], a.counter[3]});
    w0[i] = w[0];
    w1[i] = w[1];
    w2[i] = w[2];
    w3[i] = w[3];
  }
}

/// Whether a condition holds for all of x; without a branch, so that a compiler looks at many at
/// once.
template <class Condition>
[[gnu::always_inline]] inline bool holds_for_all(const double* x, std::uint32_t n,
                                                 Condition condition) {
  int failed = 0;
  for (std::uint32_t i = 0; i < n; ++i) {
    failed |= condition(x[i]) ? 0 : 1;
  }
  return failed == 0;
}

/// Whether all of x lie where e^x is a normal number far from the rims, so that no case differs.
bool all_ordinary(const double* x, std::uint32_t n) {
  constexpr double kRim = 700;
  return holds_for_all(x, n, [](double y) { return y > -kRim && y < kRim; });
}

void exp_row(double* x, std::uint32_t n) {
  if (!all_ordinary(x, n)) {
    for (std::uint32_t i = 0; i < n; ++i) {
      x[i] = portable_exp(x[i]);
    }
    return;
  }
  for (std::uint32_t i = 0; i < n; ++i) {
    const ExpParts e = split_exp({.hi = x[i], .lo = 0});
    x[i] = (e.root.hi + (e.root.lo + e.root.hi * e.rest)) * power_of_two(e.exponent);
  }
}

void log_row(double* x, std::uint32_t n) {
  for (std::uint32_t i = 0; i < n; ++i) {
    x[i] = log_of_bits(std::bit_cast<std::uint64_t>(x[i]), 1023).hi;
  }
}

/// Whether all of 1 + x are normal numbers, and none of x is 0, so that no case differs.
bool all_ordinary_from_one(const double* x, std::uint32_t n) {
  return holds_for_all(x, n, [](double y) { return y > -1 && y < 0x1p60 && y != 0; });
}

void log1p_row(double* x, std::uint32_t n) {
  if (!all_ordinary_from_one(x, n)) {
    for (std::uint32_t i = 0; i < n; ++i) {
      x[i] = portable_log1p(x[i]);
    }
    return;
  }
  for (std::uint32_t i = 0; i < n; ++i) {
    const Pair one_plus = exact_sum(1, x[i]);
    const Pair log = log_of_bits(std::bit_cast<std::uint64_t>(one_plus.hi), 1023);
    x[i] = log.hi + (log.lo + one_plus.lo / one_plus.hi);
  }
}

/// Whether all of base^exponent are normal numbers far from the rims, of normal bases. e^700 is
/// about 2^1010; a logarithm to base 2 is less than one more than the exponent of two.
bool all_ordinary_powers(const double* base, std::uint32_t n, double exponent) {
  constexpr double kRim = 1000;
  const double rim = kRim - (exponent < 0 ? -exponent : exponent);
  return holds_for_all(base, n, [exponent, rim](double y) {
    const auto two_to = static_cast<std::int32_t>(std::bit_cast<std::int64_t>(y) >> 52) - 1023;
    const double power = exponent * two_to;
    return y >= 0x1p-1022 && y < 0x1p1023 && power > -rim && power < rim;
  });
}

void pow_row(double* base, std::uint32_t n, double exponent) {
  if (!all_ordinary_powers(base, n, exponent)) {
    for (std::uint32_t i = 0; i < n; ++i) {
      base[i] = portable_pow(base[i], exponent);
    }
    return;
  }
  for (std::uint32_t i = 0; i < n; ++i) {
    const Pair log = log_of_bits(std::bit_cast<std::uint64_t>(base[i]), 1023);
    const Pair power = wide_product(log.hi, exponent);
    const ExpParts e = split_exp({.hi = power.hi, .lo = power.lo + log.lo * exponent});
    base[i] = (e.root.hi + (e.root.lo + e.root.hi * e.rest)) * power_of_two(e.exponent);
  }
}

// ---- In single precision: polynomials of S. L. Moshier's Cephes library (logf, expf)

constexpr float kLn2High = 0.693359375F;  ///< few bits, so that a product with an exponent is exact
constexpr float kLn2Low = -2.12194440e-4F;

/// The value of a polynomial, from the highest term down.
template <std::size_t N>
[[gnu::always_inline]] inline float polynomial_single(const float (&terms)[N], float x) {
  float sum = terms[0];
  for (std::size_t i = 1; i < N; ++i) {
    sum = sum * x + terms[i];
  }
  return sum;
}

/// e^x. Expects -87.3 < x < 88.3.
[[gnu::always_inline]] inline float exp_single(float x) {
  constexpr float kTerms[] = {1.9875691500e-4F, 1.3981999507e-3F, 8.3334519073e-3F,
                              4.1665795894e-2F, 1.6666665459e-1F, 5.0000001201e-1F};
  constexpr float kPerLn2 = 1.44269504F;
  constexpr float kRound = 0x1.8p23F;  // adding it leaves a whole number in the low bits
  const float shifted = x * kPerLn2 + kRound;
  const float whole = shifted - kRound;
  const float r = (x - whole * kLn2High) - whole * kLn2Low;
  const float y = (polynomial_single(kTerms, r) * (r * r) + r) + 1;
  return std::bit_cast<float>(std::bit_cast<std::uint32_t>(y) +
                              (std::bit_cast<std::uint32_t>(shifted) << 23));
}

/// ln x. Expects a positive normal number.
[[gnu::always_inline]] inline float log_single(float x) {
  constexpr float kTerms[] = {7.0376836292e-2F,  -1.1514610310e-1F, 1.1676998740e-1F,
                              -1.2420140846e-1F, 1.4249322787e-1F,  -1.6668057665e-1F,
                              2.0000714765e-1F,  -2.4999993993e-1F, 3.3333331174e-1F};
  constexpr std::int32_t kRootOfHalf = 0x3F3504F3;  // the bits of sqrt(1/2)
  const auto bits = std::bit_cast<std::int32_t>(x);
  const std::int32_t exponent = (bits - kRootOfHalf) >> 23;
  const float r = std::bit_cast<float>(bits - exponent * (1 << 23)) - 1;
  const auto e = static_cast<float>(exponent);
  const float small = (r * (r * r) * polynomial_single(kTerms, r) + e * kLn2Low) - 0.5F * (r * r);
  return (r + small) + e * kLn2High;
}

void exp_row_single(float* x, std::uint32_t n) {
  constexpr float kLeast = -87;
  constexpr float kMost = 88;
  for (std::uint32_t i = 0; i < n; ++i) {
    const float above = x[i] < kLeast ? kLeast : x[i];
    x[i] = exp_single(above < kMost ? above : kMost);
  }
}

/// PPND7 of the paper that engine/normal_parts.hpp names, up to r = 5, beyond which 31 bits do not
/// reach.
void normal_row_single(const std::uint32_t* __restrict words, std::uint32_t n,
                       float* __restrict z) {
  constexpr float kCentreAbove[] = {5.9109374720e1F, 1.5929113202e2F, 5.0434271938e1F,
                                    3.3871327179e0F};
  constexpr float kCentreBelow[] = {6.7187563600e1F, 7.8757757664e1F, 1.7895169469e1F, 1};
  constexpr float kNearAbove[] = {1.7023821103e-1F, 1.3067284816e0F, 2.7568153900e0F,
                                  1.4234372777e0F};
  constexpr float kNearBelow[] = {0, 1.2021132975e-1F, 7.3700164250e-1F, 1};
  constexpr float kMiddle = 0.425F;
  for (std::uint32_t i = 0; i < n; ++i) {
    const auto size = static_cast<float>(static_cast<std::int32_t>(words[i] >> 1));
    const float u = (size + 0.5F) * 0x1p-32F;  // the smaller tail: above 0, at most 1/2
    const float q = 0.5F - u;
    const float r = kMiddle * kMiddle - q * q;
    const float s = std::sqrt(-log_single(u)) - 1.6F;
    const bool is_central = q <= kMiddle;
    const float above =
        is_central ? q * polynomial_single(kCentreAbove, r) : polynomial_single(kNearAbove, s);
    const float below =
        is_central ? polynomial_single(kCentreBelow, r) : polynomial_single(kNearBelow, s);
    z[i] = std::bit_cast<float>(std::bit_cast<std::uint32_t>(above / below) ^ (words[i] << 31));
  }
}

/// A geometric gap from 52 bits of a word.
[[gnu::always_inline]] inline std::int32_t gap_of(std::uint64_t word, double inverse_hazard) {
  constexpr double kMost = 0x7FFFFFFF;
  const double u = 2 - one_to_two(word);  // above 0, at most 1
  const double gap = -log_of_bits(std::bit_cast<std::uint64_t>(u), 1023).hi * inverse_hazard;
  return static_cast<std::int32_t>(gap < kMost ? gap : kMost);
}

void draw_gaps(const LaneAddress& first, std::uint32_t n, double inverse_hazard, GapRow* out) {
  alignas(64) std::uint32_t words[4 * kGapRow];
  // Whole rows of 16 keep the vector loops free of remainders; what is too much is not looked at.
  const std::uint32_t m = (n + 15U) & ~15U;
  random_row(first, m, words);
  for (std::uint32_t i = 0; i < m; ++i) {
    out->gap[i] = gap_of(joined(words[i], words[m + i]), inverse_hazard);
  }
  for (std::uint32_t i = 0; i < m; ++i) {
    out->uniform[i] = one_to_two(joined(words[2 * m + i], words[3 * m + i])) - 1;
  }
}

void draw_waits(const LaneAddress& base, const std::uint32_t* __restrict index, std::uint32_t n,
                const double* __restrict inverse_hazard, GapRow* __restrict out) {
  alignas(64) std::uint32_t words[4 * kGapRow];
  random_at(base, index, n, words);
  const std::uint32_t* w1 = words + n;
  const std::uint32_t* w2 = w1 + n;
  const std::uint32_t* w3 = w2 + n;
  for (std::uint32_t i = 0; i < n; ++i) {
    out->gap[i] = gap_of(joined(words[i], w1[i]), inverse_hazard[i]);
  }
  for (std::uint32_t i = 0; i < n; ++i) {
    out->uniform[i] = one_to_two(joined(w2[i], w3[i])) - 1;
  }
}

/// Bit i: a[i] <= b[i], of 64 bytes each.
[[gnu::always_inline]] inline std::uint64_t mask_of_le(const std::uint8_t* a,
                                                       const std::uint8_t* b) {
#if defined(__AVX512BW__)
  return _mm512_cmple_epu8_mask(_mm512_loadu_si512(a), _mm512_loadu_si512(b));
#elif defined(__AVX2__)
  const auto half = [a, b](int at) {
    __m256i x;
    __m256i y;
    std::memcpy(&x, a + at, sizeof x);
    std::memcpy(&y, b + at, sizeof y);
    const __m256i le = _mm256_cmpeq_epi8(_mm256_min_epu8(x, y), x);
    return std::uint64_t{static_cast<std::uint32_t>(_mm256_movemask_epi8(le))};
  };
  return half(0) | half(32) << 32;
#else
  std::uint64_t mask = 0;
  for (unsigned i = 0; i < 64; ++i) {
    mask |= std::uint64_t{a[i] <= b[i] ? 1U : 0U} << i;
  }
  return mask;
#endif
}

void compare_lanes(const LaneAddress& first, const float* __restrict rate, std::uint32_t n,
                   float scale, LaneTile* tile) {
  alignas(64) std::uint32_t words[kLaneTile / 4];
  random_row(first, kLaneTile / 16, words);
  static_assert(std::endian::native == std::endian::little);
  std::memcpy(tile->random.data(), words, kLaneTile);
  std::uint8_t* threshold = tile->threshold.data();
  const float scale256 = 256 * scale;
  for (std::uint32_t i = 0; i < n; ++i) {
    const float x = rate[i] * scale256;
    threshold[i] = static_cast<std::uint8_t>(static_cast<std::int32_t>(x < 255.0F ? x : 255.0F));
  }
  if (n < kLaneTile) {
    std::memset(threshold + n, 0, kLaneTile - n);
  }
  for (std::uint32_t g = 0; g < kLaneTile / 64; ++g) {
    tile->mask[g] = mask_of_le(&tile->random[std::size_t{64} * g], threshold + std::size_t{64} * g);
  }
  for (std::uint32_t g = n / 64; n < kLaneTile && g < kLaneTile / 64; ++g) {
    const std::uint64_t there = g == n / 64 ? (std::uint64_t{1} << (n % 64)) - 1 : 0;
    tile->mask[g] &= there;
  }
}

}  // namespace

namespace FINGERS_LANES {
const LaneKernels& kernels();

const LaneKernels& kernels() {
  static constexpr LaneKernels kKernels = {.name = FINGERS_LANES_NAME,
                                           .random_row = random_row,
                                           .random_at = random_at,
                                           .exp_row = exp_row,
                                           .log_row = log_row,
                                           .log1p_row = log1p_row,
                                           .pow_row = pow_row,
                                           .exp_row_single = exp_row_single,
                                           .normal_row_single = normal_row_single,
                                           .draw_gaps = draw_gaps,
                                           .draw_waits = draw_waits,
                                           .compare_lanes = compare_lanes};
  return kKernels;
}

}  // namespace FINGERS_LANES
}  // namespace fingers

// NOLINTEND(modernize-avoid-c-arrays)
